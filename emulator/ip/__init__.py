"""An IPv4 stack for the packets of one host: TCP and UDP end here, and their contents come out as events.

It stands at the far end of a data call, as if it were every host of the network. It is free of I/O: packets and the
time go in, packets and events come out. `stack.IpStack` is the entrance.
"""

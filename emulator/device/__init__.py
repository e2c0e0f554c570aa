"""The emulated device itself: calendar, memory, network, PDP contexts, the secure socket.

It knows no AT syntax and no byte of the line.
"""

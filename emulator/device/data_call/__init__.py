"""Data calls: PPP with the host on one side, the network on the other."""

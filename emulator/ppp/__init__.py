"""The point-to-point protocol of data calls, free of I/O: bytes of the line on one side, IPv4 packets on the other."""

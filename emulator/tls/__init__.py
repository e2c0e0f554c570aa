"""The module's TLS: versions and cipher suites, two engines behind one interface, and trust in the server's chain.

Nothing in this room knows AT commands, sockets or asyncio.
"""

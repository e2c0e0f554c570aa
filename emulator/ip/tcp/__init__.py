"""TCP, as the end that is called: segments, the two buffers, the states and one connection. RFC 9293."""

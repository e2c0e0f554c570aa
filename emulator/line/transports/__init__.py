"""What a host opens: a pseudo-terminal, a TCP port with or without RFC 2217, memory for tests."""

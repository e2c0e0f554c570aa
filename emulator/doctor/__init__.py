"""Tells whether a firmware can reach a server by TLS, and if not, why."""

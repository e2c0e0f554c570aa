"""The serial line and the AT instance: V.250, its settings and user profiles, the multiplexer."""

"""Asks a module: in batches, at the edges, in a state, and with every change undone."""

"""Runs of the host program: modem, program and far end in a process of its own, and what came of each."""

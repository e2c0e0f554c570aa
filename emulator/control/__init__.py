"""A modem that is read and changed while it runs: its state by name, faults, routes, over a local socket."""

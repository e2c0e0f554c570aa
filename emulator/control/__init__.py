"""Reads and changes a running modem over a local socket: state, faults and routes."""

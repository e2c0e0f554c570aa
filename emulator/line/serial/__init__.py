"""Ports, queues and control lines of a serial line; nothing here knows AT."""

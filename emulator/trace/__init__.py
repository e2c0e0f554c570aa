"""Structured events of a modem, and their readers: transcripts, JSON Lines, key logs and captures."""

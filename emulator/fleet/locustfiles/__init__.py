"""Locustfiles that are ready."""

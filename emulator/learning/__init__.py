"""Finds out the firmware profile of a module over its line."""

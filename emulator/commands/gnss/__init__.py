"""Satellite positioning."""

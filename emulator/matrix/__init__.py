"""Runs a host program with many firmwares and finds where the failing runs differ from the others."""

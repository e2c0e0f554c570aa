"""Compares a module, command by command, with what the emulator says in its place."""

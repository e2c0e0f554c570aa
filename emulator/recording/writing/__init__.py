"""Turns recorded bytes into the steps of a dialogue: who says what, in which mode, and what must not be in the file."""

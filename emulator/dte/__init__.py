"""The host's end of a line: asks a module, real or emulated, at a serial port, and leaves it as it was found."""

"""The recorder's end of the line to the module: a serial port, or a URL of one, within an event loop."""

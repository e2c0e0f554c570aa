"""Plain sockets: connections without TLS, dialled or taken from outside, by TCP or UDP. IP Easy User Guide 3.2."""

"""Plain sockets: TCP and UDP, dialled and listening."""

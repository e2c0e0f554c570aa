"""Short messages: their coding, the memories that hold them, and the service that carries them. 23.038, 23.040."""

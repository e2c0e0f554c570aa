"""Short messages: 27.005."""

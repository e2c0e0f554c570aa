"""What is tried next, and what is tried together."""

"""What the device keeps without power."""

"""What every connection of the device has in common, whatever service holds it."""

"""Who made the device, its model, revision and serial numbers."""

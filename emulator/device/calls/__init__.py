"""Voice calls: those that the module dials, and those that come."""

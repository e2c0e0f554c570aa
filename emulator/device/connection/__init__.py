"""Hold the parts that the connections of all services share."""

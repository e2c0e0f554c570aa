"""Events that the module watches, and the lines that it would run then."""

"""The mobile network as the device meets it: coverage, registration, PDP contexts, names and the firewall."""

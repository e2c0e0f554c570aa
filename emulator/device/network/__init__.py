"""Model the mobile network as the device sees it: coverage, registration, PDP contexts, names, firewall."""

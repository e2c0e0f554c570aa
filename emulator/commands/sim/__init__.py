"""The SIM card: PIN, locks and phonebook."""

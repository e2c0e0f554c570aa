"""The SIM card and its phonebook."""

"""What must hold before the module does what it has refused; the commands tell the next step by it."""

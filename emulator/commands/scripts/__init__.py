"""Scripts in the module, which are stored and never run."""

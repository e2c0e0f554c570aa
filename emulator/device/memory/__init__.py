"""Keep data without power."""

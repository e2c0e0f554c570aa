"""Voice and data calls, and supplementary services."""

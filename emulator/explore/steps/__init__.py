"""Steps aside: what one is, and what its faults are addressed to."""

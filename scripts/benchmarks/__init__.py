"""Figures of the emulator, each measured beside its reference in the same run. `scripts/bench` runs them."""

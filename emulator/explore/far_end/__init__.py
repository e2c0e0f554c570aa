"""Whether the far end has what it should have after a run."""

"""Sound: its paths and its tones. AT Commands Reference Guide."""

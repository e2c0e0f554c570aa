"""Writes what an exploration has found in several formats, a file each: `render` takes a `Report`, returns the text."""

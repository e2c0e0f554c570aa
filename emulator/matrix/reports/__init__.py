"""Writes the runs of a matrix in several formats, a file each: `render` takes a `Report` and returns the text."""

"""The kinds of faults, in a file for each thing that they apply to; the catalogue finds them here."""

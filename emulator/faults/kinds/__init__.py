"""The faults, in a file for each thing that they happen to. The catalogue finds what is declared here."""

"""The faults, one a file. `catalogue.py` lists them."""

"""A host program with every firmware: runs, what was said in them, and what tells the failing ones from the others."""

"""Reports of a comparison: text, JSON and a page of HTML."""

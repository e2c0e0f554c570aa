"""What the pages in docs/ print is tried as printed."""

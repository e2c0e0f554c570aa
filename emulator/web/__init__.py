"""Shows modems that run on a page, and takes what is done there."""

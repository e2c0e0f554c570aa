"""What a firmware profile holds, a file for each subject."""

"""The schema of firmware profiles, a file for each subject."""

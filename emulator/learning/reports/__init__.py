"""What is written of a session: the profile, the report, and the tables of probes and keys."""

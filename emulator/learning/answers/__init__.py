"""Reads answers: what `=?` and read forms say of parameters, and which keys of the profile those are."""

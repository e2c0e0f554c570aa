"""Plays the host's side of a recording on an emulated module, too, and tells where the two modules differ."""

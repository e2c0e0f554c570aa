"""Dialogues: what host, module and peer say to each other, as files that can be played; see `docs/dialogues.md`."""

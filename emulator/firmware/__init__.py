"""Firmware profiles: their schema, versions and loading. Nothing outside this room knows TOML."""

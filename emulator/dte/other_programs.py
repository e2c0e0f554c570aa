"""Finds the other programs that have a port open, where the machine tells (Linux)."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")


def programs_at(port: str) -> list[str]:
    """Return the names of the programs that have the port open."""
    return sorted(_programs(os.path.realpath(port)))


def _programs(device: str) -> Iterator[str]:
    for process in _PROCESSES.glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with suppress(OSError):
            files = {os.readlink(file) for file in (process / "fd").iterdir()}  # noqa: PTH115  it may lead nowhere
            if device in files and "/dev/ptmx" not in files:  # who has made a pseudo-terminal is no other host
                yield f"{(process / 'comm').read_text().strip()} (process {process.name})"

"""Writes a trace as JSON Lines: one object an event, with the module's time in seconds; schema: `docs/trace.md`."""

from collections.abc import Callable

import msgspec

from emulator.trace.events import Event


class JsonLines:
    """Read the trace, and pass each line to `write`."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def __call__(self, now: float, event: Event) -> None:
        line = msgspec.json.encode({**msgspec.to_builtins(event), "time": round(now, 6)})
        self._write(line.decode())

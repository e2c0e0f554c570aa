"""Writes a trace as JSON Lines: one object an event, with the module's time in seconds; schema: `docs/trace.md`."""

from collections.abc import Callable

import msgspec

from emulator.trace.events import Event


class JsonLines:
    """Read the trace, and pass each line to `write`."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def __call__(self, now: float, event: Event) -> None:
        self._write(json_line(now, event).decode())


def json_line(now: float, event: Event) -> bytes:
    """Return an event as one line of JSON, without its end."""
    return msgspec.json.encode({**msgspec.to_builtins(event), "time": round(now, 6)})

"""The messages of the page's stream, as server-sent events (HTML Standard, 9.2)."""

from typing import Any, Literal

import msgspec

from emulator.trace.events import Event
from emulator.trace.transcript import lines_of

Kind = Literal["snapshot", "trace", "state", "traffic", "lost"]


def message(kind: Kind, content: Any) -> bytes:
    """Return a message with its content as JSON, which has no line end inside."""
    return b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(content) + b"\n\n"


def trace_message(module: str, now: float, event: Event) -> bytes:
    """Return an event of the trace, with the module that it is of."""
    return message("trace", {"module": module, **event_as_json(now, event)})


def event_as_json(now: float, event: Event) -> dict[str, Any]:
    """Return the fields of an event, with its time and its lines in a transcript, which are for people."""
    return {**msgspec.to_builtins(event), "time": round(now, 6), "lines": list(lines_of(event))}

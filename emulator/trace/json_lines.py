"""Writes a trace as JSON Lines: one object an event, with the module's time in seconds; schema: `docs/trace.md`."""

from collections.abc import Callable, Sequence

import msgspec

from emulator.trace.events import Event

_encoder = msgspec.json.Encoder()


class JsonLines:
    """Read the trace, and pass each line to `write`."""

    def __init__(self, write: Callable[[str], None], modem: int | None = None) -> None:
        """Write by `write`; `modem` is the number of the modem, where many write into one stream."""
        self._write = write
        self._own = b"" if modem is None else b',"modem":%d' % modem

    def __call__(self, now: float, event: Event) -> None:
        self._write(json_line(now, event, self._own).decode())


def json_line(now: float, event: Event, also: bytes = b"") -> bytes:
    """Return an event as one line of JSON, without its end; `also` are members behind its time."""
    return json_lines([(now, event)])[:-2] + also + b"}"


def json_lines(events: Sequence[tuple[float, Event]]) -> bytes:
    """Return events as lines of JSON, with their times in whole microseconds."""
    if not events:
        return b""
    *objects, _ = _encoder.encode_lines([event for _, event in events]).split(b"}\n")
    times = _encoder.encode([round(now * 1e6) / 1e6 for now, _ in events])[1:-1].split(b",")
    return b"".join([b'%b,"time":%b}\n' % line for line in zip(objects, times, strict=True)])

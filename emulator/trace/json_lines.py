"""Writes a trace as JSON Lines: one object an event, with the module's time in seconds; schema: `docs/trace.md`."""

from collections.abc import Callable, Iterable

import msgspec

from emulator.trace.events import Event

_encode = msgspec.json.Encoder().encode


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
    return b'%b,"time":%b%b}' % (_encode(event)[:-1], _encode(round(now * 1e6) / 1e6), also)


def json_lines(events: Iterable[tuple[float, Event]]) -> bytes:
    """Return events with their times as lines of JSON: many take half as long together as one by one."""
    return b"".join(
        [b'%b,"time":%b}\n' % (_encode(event)[:-1], _encode(round(now * 1e6) / 1e6)) for now, event in events]
    )

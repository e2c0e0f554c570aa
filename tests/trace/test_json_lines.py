"""Lines of JSON: the same, whether events are written one by one or together."""

import json

from emulator.trace.events import HostSent
from emulator.trace.json_lines import json_line, json_lines

TEXTS = ("AT", "a}\n{b", '}\n"', "\\", "\x00é\u2028", "")
TIMES = (0.0, 1.5, 0.0000004, 12345.678901, 3.1, 7.0)


def test_events_written_together_are_the_lines_of_each() -> None:
    """A line end within a text, or a brace before it, ends no line."""
    events = [
        (now, HostSent(terminal="1", mode="command", text=text, size=len(text)))
        for now, text in zip(TIMES, TEXTS, strict=True)
    ]
    together = json_lines(events)
    assert b"".join(json_line(*event) + b"\n" for event in events) == together
    assert [(round(now, 6), event.text) for now, event in events] == [
        (line["time"], line["text"]) for line in map(json.loads, together.splitlines())
    ]


def test_no_event_is_no_line() -> None:
    """An empty batch writes nothing."""
    assert b"" == json_lines([])

"""Lines of JSON: whole and in their order, whatever an event says."""

import json

from emulator.trace.events import HostSent
from emulator.trace.json_lines import json_line, json_lines

TEXTS = ("AT", "a}\n{b", '}\n"', "\\", "\x00é\u2028", "")
TIMES = (0.0, 1.5, 0.0000004, 12345.678901, 3.1, 7.0)


def sent(text: str) -> HostSent:
    return HostSent(terminal="1", mode="command", text=text, size=len(text))


def test_each_event_is_a_line_with_its_own_time() -> None:
    """A line end within a text, or a brace before it, ends no line."""
    events = [(now, sent(text)) for now, text in zip(TIMES, TEXTS, strict=True)]
    lines = [json.loads(line) for line in json_lines(events).splitlines()]
    assert [(round(now, 6), event.text) for now, event in events] == [(line["time"], line["text"]) for line in lines]


def test_the_time_stands_behind_the_event_and_what_is_added_behind_it() -> None:
    """In whole microseconds."""
    line = b'{"event":"host-sent","terminal":"1","mode":"command","text":"AT","size":2,"time":1.234568'
    assert line + b"}" == json_line(1.23456789, sent("AT"))
    assert line + b',"modem":7}' == json_line(1.23456789, sent("AT"), b',"modem":7')


def test_no_event_is_no_line() -> None:
    """An empty batch writes nothing."""
    assert json_lines([]) == b""

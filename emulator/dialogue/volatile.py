"""Tells which values of a module's lines are of one module, SIM card, place or moment: `volatile.toml` declares them.

Dialogues that are written from a recording have shapes in their place (`as_written`). Two lines that differ in nothing
else agree (`agrees`), whoever compares them. The command is the line that the host has sent, with its AT.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from emulator.at.syntax import Call, Form, parse_line
from emulator.decoding import convert
from emulator.dialogue.expectation import Expectation, Expected
from emulator.dialogue.shapes import SHAPES
from emulator.dialogue.steps import Lines, Said
from emulator.firmware.files import read_tables

_FILE = Path(__file__).with_name("volatile.toml")
_LINE = re.compile(r"([+#$*]?[A-Z][A-Z0-9_]*(?: FROM)?): ?(.*)|(\$[A-Z]{5}),(.*)", re.DOTALL)
_FIELD = re.compile(r'"[^"]*"?|[^,"]+|(?<=,)(?=,)|^(?=,)|(?<=,)$')
_WITHIN = {
    "address": re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
    "time": re.compile(r"\d{2,4}/\d\d/\d\d|\d\d:\d\d:\d\d(?:[+-]\d\d)?"),
}
_LABELLED = re.compile(r"(?<=[A-Za-z]:)[-\w.]+")
_BEFORE_LABELS = re.compile(r"^(.+?)(?= [A-Za-z]+:)")
_RESULT = re.compile(r"|OK|ERROR|\+CM[ES] ERROR:.*|RING|NO CARRIER")
"""What is never a bare value."""
_LONG = re.compile(r"[0-9A-F]{4,8}", re.IGNORECASE)
_PDU = re.compile(r"[0-9A-F]{20,}", re.IGNORECASE)
_COMMAND_LINE = re.compile(r"(?:^|[\r\n])\s*AT([^\r\n]*)", re.IGNORECASE)
_SIGNS = {Form.READ: "?", Form.TEST: "=?", Form.EXECUTE: "", Form.SET: ""}


class VolatileKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of volatile value."""

    shape: str
    """The shape that stands for it."""
    personal: bool = False
    """Whether it leads to a person or a SIM card, so that it must not appear anywhere."""


class LineRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which fields of a line are volatile; see `volatile.toml`."""

    quoted: str = ""
    unquoted: str = ""
    within: str = ""
    labels: str = ""
    whole: str = ""
    long: str = ""
    from_: int = msgspec.field(default=0, name="from")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: Mapping[str, VolatileKind]
    lines: Mapping[str, str | LineRule]
    typed: Mapping[str, str]
    bare: Mapping[str, str]
    varying: Mapping[str, tuple[str, ...]]
    unsolicited: Mapping[str, tuple[str, ...]]


class Found(NamedTuple):
    """A volatile value in a line."""

    start: int
    end: int
    kind: str
    is_quoted: bool = False

    @property
    def shape(self) -> str:
        """The shape that stands for it."""
        shape = kinds()[self.kind].shape
        return "string" if shape == "field" and self.is_quoted else shape


@cache
def table() -> _Table:
    """Read the declarations."""
    return convert(read_tables(_FILE, _FILE.name), _Table)


def kinds() -> Mapping[str, VolatileKind]:
    """Return the kinds of values, by their names."""
    return table().kinds


def name_of(line: str) -> str:
    """Return the name that a line begins with; empty where it has none."""
    match = _LINE.fullmatch(line)
    return (match[1] or match[3]) if match else ""


def is_of_the_moment(line: str, command: str) -> bool:
    """Return whether a line is a URC that comes when it likes, and no answer to the command."""
    name = name_of(line)
    return name in table().unsolicited["names"] and name not in {call.name for call in _calls(command)}


def varies_in_number(command: str) -> bool:
    """Return whether the answer to a command has as many lines as there are cells or networks."""
    return any(f"{call.name}{_SIGNS[call.form]}" in table().varying["commands"] for call in _calls(command))


def typed_kind(name: str, index: int) -> str:
    """Return the kind of an argument that the host types; empty where the table has none."""
    kinds_of = table().typed.get(name, "").split(",")
    return kinds_of[index] if index < len(kinds_of) else ""


def volatile_in(line: str, command: str = "") -> Sequence[Found]:
    """Return the volatile values of a line, in order."""
    match = _LINE.fullmatch(line)
    if match is None:
        return _of_bare(line, command)
    if match[3]:
        return [Found(match.start(4), match.end(4), "position")]
    rule = table().lines.get(match[1])
    rest, start = match[2], match.start(2)
    if rule is None or "(" in (field[0][:1] for field in _FIELD.finditer(rest)):
        return []
    found = _by_position(rest, rule) if isinstance(rule, str) else _by_rule(rest, rule)
    return [one._replace(start=start + one.start, end=start + one.end) for one in found]


def as_written(line: str, command: str = "") -> str:
    """Return a line with shapes in the place of its volatile values; the rest is not escaped."""
    written, end = "", 0
    for value in volatile_in(line, command):
        written += f"{line[end : value.start]}{{{value.shape}}}"
        end = value.end
    return written + line[end:]


def agrees(one: str, other: str, command: str = "") -> bool:
    """Return whether two lines differ in volatile values only."""
    if one == other or varies_in_number(command):
        return True
    return _fits(one, other, command) or _fits(other, one, command)


def _fits(expected: str, line: str, command: str) -> bool:
    """Return whether a line is the expected one, but for the volatile values of that."""
    pattern: list[object] = []
    end = 0
    for value in volatile_in(expected, command):
        pattern += [expected[end : value.start].encode("latin-1"), *SHAPES[value.shape]]
        end = value.end
    pattern.append(expected[end:].encode("latin-1"))
    form = tuple(part for part in pattern if part)
    step = Said(forms=(), at=Lines(1, 1))
    match = Expectation().then([Expected(step, (form,))])  # type: ignore[arg-type]  # bytes and runs
    match.feed(line.encode("latin-1"))
    return match.is_met and not match.is_stuck


@cache
def _calls(command: str) -> Sequence[Call]:
    lines = (found[1] for found in _COMMAND_LINE.finditer(command))
    return [call for line in lines for call in parse_line(line) if isinstance(call, Call)]


def _of_bare(line: str, command: str) -> Sequence[Found]:
    kinds_of = [table().bare[call.name] for call in _calls(command) if call.name in table().bare]
    if not kinds_of or _RESULT.fullmatch(line) or _is_left(line, kinds_of[0]):
        return []
    if kinds_of[0] == "pdu" and not _PDU.fullmatch(line):
        return []
    return [Found(0, len(line), kinds_of[0])]


def _by_position(rest: str, rule: str) -> Iterator[Found]:
    wanted = rule.split(",")
    for index, field in enumerate(_FIELD.finditer(rest)):
        kind = wanted[index] if index < len(wanted) else wanted[-1] if wanted[-1].startswith("*") else ""
        if kind:
            yield from _value(field, kind.lstrip("*"))


def _by_rule(rest: str, rule: LineRule) -> Iterator[Found]:
    if rule.whole:
        yield Found(0, len(rest), rule.whole)
    elif rule.within:
        yield from (Found(*match.span(), rule.within) for match in _WITHIN[rule.within].finditer(rest))
    elif rule.labels:
        yield from _labelled(rest, rule.labels)
    for index, field in enumerate(_FIELD.finditer(rest)):
        kind = rule.quoted if field[0].startswith('"') else rule.unquoted
        if rule.long and _LONG.fullmatch(field[0].strip()):
            kind = rule.long
        if kind and index >= rule.from_:
            yield from _value(field, kind)


def _labelled(rest: str, kind: str) -> Iterator[Found]:
    if before := _BEFORE_LABELS.match(rest):
        yield Found(*before.span(1), kind)
        yield from (Found(*match.span(), kind) for match in _LABELLED.finditer(rest, before.end()))


def _value(field: re.Match[str], kind: str) -> Iterator[Found]:
    """Return the value of a field without its quotes and the blanks around it; an empty one only where nothing fits."""
    text = field[0]
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    value = text[1:-1] if is_quoted else text.strip()
    start = field.start() + (1 if is_quoted else text.index(value))
    if _is_left(value, kind):
        return
    yield Found(start, start + len(value), kind, is_quoted)


def _is_left(value: str, kind: str) -> bool:
    """Return whether a value stays as it is: none of its kind, as a dash for an address, or empty."""
    shape = kinds()[kind].shape
    if shape in ("field", "any"):
        return False
    return not _SHAPED[shape].fullmatch(value)


_SHAPED = {
    "number": re.compile(r"-?\d+"),
    "hex": re.compile(r"[0-9A-Fa-f]+"),
    "ip": _WITHIN["address"],
    "text": re.compile(r'[^"\r\n]+'),
}

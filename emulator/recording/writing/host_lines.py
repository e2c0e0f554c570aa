"""Writes what the host types, without its secrets and without what leads to a person."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from emulator.at.hidden import Hidden
from emulator.at.parameters import DialString
from emulator.at.stray_lines import stray_lines
from emulator.at.syntax import Call, Malformed
from emulator.dialogue.card import padded_code
from emulator.dialogue.texts import CARD_VALUES, PADDED
from emulator.dialogue.volatile import typed_kind
from emulator.recording.writing.arguments import Placed, arguments_of, calls_of
from emulator.recording.writing.declarations import Declarations
from emulator.recording.writing.drafts import Draft, joined
from emulator.recording.writing.pdu import number_in_record
from emulator.recording.writing.personal import Personal

_SEGMENTS = re.compile(rb"[^\r\n]+|[\r\n]+")
_ACCOUNT = re.compile(r"user(_?name)?")
_PIN = re.compile(r"[0-9]{4,8}")
_MAYBE_SECRET = re.compile(rb'(?<=")[^"]+(?=")|[0-9]{4,}')
"""In a command that cannot be read."""
_OF_SECOND_PIN = ("+CACM", "+CAMM", "+CPUC")
_REPLACED = ("account", "password", *CARD_VALUES)
"""Kinds whose values are replaced at their place, by what the lab's servers and the emulated SIM card take."""
_HIDDEN = "hidden"
"""Kind of a secret inside an argument of which nothing else is known."""
_PADDED_LENGTH = len(padded_code(b""))
_CARD_HAS_DONE_IT = re.compile(rb'9000"?\r')
"""The end of the card's answer to an instruction (51.011 9.4.1)."""


class _Value(NamedTuple):
    """A value in a line: an argument, or a secret inside of one."""

    start: int
    end: int
    kind: str
    text: str
    is_padded: bool = False


class HostLines:
    """Know which arguments are secret by the commands' declarations."""

    def __init__(self, commands: Declarations, personal: Personal, *, keep_secrets: bool) -> None:
        self._commands = commands
        self._personal = personal
        self._keeps = keep_secrets

    def __repr__(self) -> str:
        return f"<HostLines, {self._personal!r}>"

    def learn(self, data: bytes) -> None:
        """Learn the values that are replaced wherever they appear."""
        for segment in _SEGMENTS.findall(data):
            line = segment.decode("latin-1")
            for value in self._values(line):
                if value.kind == "phone":
                    self._personal.learn("phone", line[value.start : value.end])
                if value.kind not in ("", _HIDDEN) and not (self._keeps and value.kind in _REPLACED):
                    self._personal.learn(value.kind, value.text)
                for number in number_in_record(value.text):
                    self._personal.learn("phone", number)

    def learn_stray(self, data: bytes) -> None:
        """Learn from the command lines in an entry, or in what goes over a connection."""
        for start, end in stray_lines(data):
            self.learn(data[start:end])

    def without_stray_secrets(self, data: bytes) -> bytes:
        """Return data whose command lines hold no secret; as long as before, for the size of an entry is told ahead."""
        scrubbed = bytearray(data)
        for start, end in stray_lines(data):
            line = data[start:end]
            for value in self._values(line.decode("latin-1")):
                if value.kind in _REPLACED or value.kind == _HIDDEN:
                    scrubbed[start + value.start : start + value.end] = b"0" * (value.end - value.start)
            scrubbed[start:end] = self._without_maybe_secret(bytes(scrubbed[start:end]), line.decode("latin-1"))
        return bytes(scrubbed)

    def accept(self, data: bytes, answer: bytes) -> None:
        """Note that the module has taken a command; in an instruction, its card decides."""
        for value in self._values(data.decode("latin-1")):
            if not value.is_padded or _CARD_HAS_DONE_IT.search(answer):
                self._personal.accept(value.kind, value.text)

    def draft(self, data: bytes) -> Draft:
        """Return what the dialogue has in the place of one or more lines."""
        parts = (part for segment in _SEGMENTS.findall(data) for part in self._segment(segment))
        return self._personal.typed(joined(parts))

    def _segment(self, segment: bytes) -> Draft:
        if self._keeps:
            return (segment,)
        line, end, draft = segment.decode("latin-1"), 0, list[bytes | str]()
        for value in self._values(line):
            if value.kind in _REPLACED or value.kind == _HIDDEN:
                draft += [segment[end : value.start], self._instead(value)]
                end = value.end
        return (*draft, self._without_maybe_secret(segment[end:], line))

    def _without_maybe_secret(self, rest: bytes, line: str) -> bytes:
        """Return the end of a line; where it cannot be read, and may hold a secret, without what looks like one."""
        last = next(reversed(calls_of(line)), None)
        if not isinstance(last, Malformed) or last.ends or self._commands.is_open(last.name):
            return rest
        return _MAYBE_SECRET.sub(lambda match: b"0" * len(match[0]), rest)

    def _values(self, line: str) -> Iterator[_Value]:
        for placed in arguments_of(line):
            inside = self._hidden_in(placed)
            if inside and placed.end - placed.start != len(placed.text):
                inside = (Hidden(0, placed.end - placed.start),)
            for one in inside:
                start, end = placed.start + one.start, placed.start + one.end
                yield _Value(start, end, one.code or _HIDDEN, one.text, one.is_padded)
            if not inside:
                yield _Value(placed.start, placed.end, self._kind(placed), placed.text)

    def _hidden_in(self, placed: Placed) -> Sequence[Hidden]:
        bound = self._commands.find(placed.call.name)
        if bound is None or placed.place >= len(bound.parameters):
            return ()
        return bound.parameters[placed.place][0].kind.hidden_in(placed.text)

    def _instead(self, value: _Value) -> bytes | str:
        if value.kind == _HIDDEN:
            is_code = value.is_padded and value.end - value.start == _PADDED_LENGTH
            if value.text:
                return "{wrong_pin}"
            return f"{{wrong_pin{PADDED}}}" if is_code else b"0" * (value.end - value.start)
        instead = self._personal.typed_instead(value.kind, value.text)
        if not value.is_padded:
            return instead
        return f"{instead[:-1]}{PADDED}}}" if isinstance(instead, str) else padded_code(instead)

    def _kind(self, placed: Placed) -> str:
        call, text = placed.call, placed.text
        if placed.place in self._commands.secret_places(call):
            return _code(call, placed.place) if _PIN.fullmatch(text) else "password"
        bound = self._commands.find(call.name)
        if bound is not None and placed.place < len(bound.parameters):
            parameter, _ = bound.parameters[placed.place]
            if isinstance(parameter.kind, DialString):
                return "phone"
            if _ACCOUNT.fullmatch(parameter.name):
                return "account"
        return typed_kind(call.name, placed.place)


def _code(call: Call, place: int) -> str:
    """Return which code of the SIM card an argument is."""
    second = call.name in _OF_SECOND_PIN or any(argument.text.upper() in ("FD", "P2") for argument in call.arguments)
    unblocks = call.name == "+CPIN" and place == 0 and len(call.arguments) > 1
    return f"{'puk' if unblocks else 'pin'}{'2' if second else ''}"

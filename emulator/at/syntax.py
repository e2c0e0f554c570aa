"""A command line becomes commands, each with its form and its raw arguments. Source: V.250 5.2 to 5.4, 27.007 4."""

import re
from dataclasses import dataclass
from enum import Enum


class Form(Enum):
    """How a command is used."""

    EXECUTE = "execute"
    """`AT+CSQ`"""
    SET = "set"
    """`AT+CMEE=1`, and for basic commands a digit: `ATE0`"""
    READ = "read"
    """`AT+CMEE?`"""
    TEST = "test"
    """`AT+CMEE=?`"""


@dataclass(frozen=True, slots=True)
class Argument:
    """One value between commas, without its quotes and without the blanks around it."""

    text: str
    quoted: bool = False

    @property
    def omitted(self) -> bool:
        """True when nothing stands between the commas; an empty quoted string is a value."""
        return not self.text and not self.quoted


@dataclass(frozen=True, slots=True)
class Call:
    """One command of a line, as it was typed except for the case of its name."""

    name: str
    form: Form
    arguments: tuple[Argument, ...] = ()


class Malformed(ValueError):
    """What follows is no command of the language: an unbalanced quote, a stray character."""


_EXTENDED = re.compile(r"[+#$*][A-Z0-9!%./:_-]*")
_REGISTER = re.compile(r"S(\d+)")
_BASIC = re.compile(r"[&\\%]?[A-Z]")
_DIGITS = re.compile(r"\d+")


def parse_line(line: str) -> list[Call | Malformed]:
    """Split what stands after `AT`. What comes before a malformed part is kept: it runs before the line fails."""
    return _Parser(line).commands()


class _Parser:
    """Walks over one line; `position` is the next character to read."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.upper = line.upper()
        self.position = 0

    def commands(self) -> list[Call | Malformed]:
        commands: list[Call | Malformed] = []
        try:
            while self._more():
                commands.append(self._command())
        except Malformed as malformed:
            commands.append(malformed)
        return commands

    def _more(self) -> bool:
        while self.position < len(self.line) and self.line[self.position] in " ;":
            self.position += 1
        return self.position < len(self.line)

    def _command(self) -> Call:
        if self.upper[self.position] in "+#$*":
            return self._extended()
        if match := _REGISTER.match(self.upper, self.position):
            self.position = match.end()
            return self._register(f"S{int(match[1])}")
        if match := _BASIC.match(self.upper, self.position):
            self.position = match.end()
            return self._basic(match[0])
        raise Malformed(self.line[self.position :])

    def _extended(self) -> Call:
        match = _EXTENDED.match(self.upper, self.position)
        assert match is not None
        self.position = match.end()
        return self._form(match[0], self._rest_of_command())

    def _form(self, name: str, rest: str) -> Call:
        rest = rest.strip()
        if not rest:
            return Call(name, Form.EXECUTE)
        if rest == "?":
            return Call(name, Form.READ)
        if not rest.startswith("="):
            raise Malformed(name + rest)
        values = rest[1:].strip()
        if values == "?":
            return Call(name, Form.TEST)
        return Call(name, Form.SET, split_arguments(values))

    def _rest_of_command(self) -> str:
        """Up to the semicolon that ends the command; one within quotes does not."""
        start, quoted = self.position, False
        while self.position < len(self.line):
            character = self.line[self.position]
            if character == '"':
                quoted = not quoted
            elif character == ";" and not quoted:
                break
            self.position += 1
        if quoted:
            raise Malformed(self.line[start:])
        return self.line[start : self.position]

    def _register(self, name: str) -> Call:
        following = self.line[self.position : self.position + 1]
        if following not in ("=", "?"):
            return Call(name, Form.EXECUTE)
        self.position += 1
        if following == "?":
            return Call(name, Form.READ)
        if self.line.startswith("?", self.position):
            self.position += 1
            return Call(name, Form.TEST)
        return Call(name, Form.SET, (Argument(self._digits()),))

    def _basic(self, name: str) -> Call:
        if name == "D":
            dialled, self.position = self.line[self.position :], len(self.line)
            return Call(name, Form.SET, (Argument(dialled.strip()),))
        digits = self._digits()
        if digits:
            return Call(name, Form.SET, (Argument(digits),))
        for suffix, form in (("=?", Form.TEST), ("?", Form.READ)):
            if self.line.startswith(suffix, self.position):
                self.position += len(suffix)
                return Call(name, form)
        return Call(name, Form.EXECUTE)

    def _digits(self) -> str:
        match = _DIGITS.match(self.line, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match[0]


def split_arguments(text: str) -> tuple[Argument, ...]:
    """Split at the commas that stand outside quotes; `text` has balanced quotes.

    Raises:
        Malformed: a quoted value has something before or after its quotes.
    """
    return tuple(_argument(part.strip()) for part in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', text))


def _argument(part: str) -> Argument:
    if '"' not in part:
        return Argument(part)
    if len(part) >= 2 and part[0] == part[-1] == '"' and '"' not in part[1:-1]:
        return Argument(part[1:-1], quoted=True)
    raise Malformed(part)

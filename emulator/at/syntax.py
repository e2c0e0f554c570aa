"""Splitting of a command line into commands with their forms and raw arguments. V.250 5.2 to 5.4, 27.007 4."""

import re
from enum import Enum
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase

import msgspec


class Form(Enum):
    """The form in which a command is used."""

    EXECUTE = "execute"
    """`AT+CSQ`"""
    SET = "set"
    """`AT+CMEE=1`, and for basic commands a digit: `ATE0`"""
    READ = "read"
    """`AT+CMEE?`"""
    TEST = "test"
    """`AT+CMEE=?`"""


class Argument(msgspec.Struct, frozen=True):
    """One value between commas, without its quotes and without the blanks around it."""

    text: str
    quoted: bool = False

    @property
    def omitted(self) -> bool:
        """Whether nothing stands between the commas; an empty quoted string is a value."""
        return not self.text and not self.quoted


class Call(msgspec.Struct, frozen=True):
    """One command of a line, with its name in upper case."""

    name: str
    form: Form
    arguments: tuple[Argument, ...] = ()


class Malformed(ValueError):
    """The rest of a line is no command of the language."""

    def __init__(self, name: str, reason: str, sign: str = "", *, ends: bool = False) -> None:
        """Tell what is wrong.

        Args:
            name: what it begins with, as far as it is a name.
            reason: what is wrong, without a word of the parameters: they may be secret.
            sign: what stands behind the name: `=`, `?`, `=?` or nothing.
            ends: whether nothing more stands behind that.
        """
        super().__init__(reason)
        self.name = name
        self.reason = reason
        self.sign = sign
        self.ends = ends


EXTENDED = "+#$*@"
"""The characters that extended commands begin with: `+` those of standards, the others those of vendors."""

_QUOTED_OR_BLANKS = re.compile(r'("[^"]*"?)| +')
_NAME = re.compile(rf"[{EXTENDED}][A-Z0-9!%./:_-]*", re.IGNORECASE | re.ASCII)
_UP_TO_SEMICOLON = re.compile(r'(?:[^";]++|"[^"]*+")*+')
_UP_TO_COMMA = re.compile(r'(?:[^",]++|"[^"]*+")*+')
_REGISTER = re.compile(r"S0*([0-9]+)", re.IGNORECASE | re.ASCII)
_BASIC = re.compile(r"[&\\%]?[A-Z]", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"[0-9]+")
_FOREIGN = re.compile(r"[^\w\s\",;=?]{0,2}[A-Z][A-Z0-9_.]*", re.IGNORECASE | re.ASCII)
"""The name of a command of another language, as `^CVOICE`."""
_SIGN = re.compile(r"=\?|=|\?|")
_BEGINS_NEXT = re.compile(rf"[A-Z&\\%{EXTENDED};]|\Z", re.IGNORECASE | re.ASCII)
"""What may stand behind a basic command: the next command, or nothing."""


@lru_cache(maxsize=256)  # a host says the same few lines again and again
def parse_line(line: str) -> tuple[Call | Malformed, ...]:
    """Split a line without its `AT`. Commands before a malformed one are kept: they run before the line fails.

    What begins no command belongs to the one before it, malformed as a whole then: of `E0=x` not even `E0` runs.
    Blanks mean nothing outside quotes (V.250 5.2.1).
    """
    return _Parser(_QUOTED_OR_BLANKS.sub(r"\1", line) if " " in line else line).commands()


_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


def capitals(text: str) -> str:
    """Return text with its letters A to Z as capitals; no other character changes. V.250 5.2.1."""
    return text.translate(_CAPITALS)


class _Parser:
    """Walks over one line; `position` is the next character to read."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.position = 0

    def commands(self) -> tuple[Call | Malformed, ...]:
        commands: list[Call | Malformed] = []
        try:
            while self._more():
                commands.append(self._command())
        except Malformed as malformed:
            commands.append(malformed.with_traceback(None))
        return tuple(commands)

    def _more(self) -> bool:
        while self.line.startswith(";", self.position):
            self.position += 1
        return self.position < len(self.line)

    def _command(self) -> Call:
        if name := self._take(_NAME):
            return self._extended(capitals(name))
        if match := _REGISTER.match(self.line, self.position):
            self.position = match.end()
            return self._whole(self._register(f"S{match[1]}"))
        if name := self._take(_BASIC):
            return self._whole(self._basic(capitals(name)))
        raise self._foreign()

    def _foreign(self) -> Malformed:
        """Return the error of what begins no command."""
        name = capitals(self._take(_FOREIGN))
        first = "a letter, &, \\, % or one of " + " ".join(EXTENDED)
        sign = self._take(_SIGN)
        return Malformed(name, f"a command begins with {first}", sign, ends=self.position == len(self.line))

    def _whole(self, call: Call) -> Call:
        """Return the command, if nothing stands behind it that could only be a part of it."""
        if not _BEGINS_NEXT.match(self.line, self.position):
            raise Malformed(call.name, "something stands behind the command that is no part of it")
        return call

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Return the text that matches here and move behind it; empty where nothing matches."""
        match = pattern.match(self.line, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match[0]

    def _extended(self, name: str) -> Call:
        rest = self._take(_UP_TO_SEMICOLON)
        if self.line.startswith('"', self.position):
            raise Malformed(name, "a quote is not closed", _sign(rest))
        if not rest:
            return Call(name, Form.EXECUTE)
        if rest == "?":
            return Call(name, Form.READ)
        if rest == "=?":
            return Call(name, Form.TEST)
        if not rest.startswith("="):
            raise Malformed(name, "behind the name stands neither =, nor ? alone, nor the end or ;", _sign(rest))
        try:
            return Call(name, Form.SET, split_arguments(rest[1:]))
        except UnevenQuotes as error:
            raise Malformed(name, str(error), "=") from None

    def _register(self, name: str) -> Call:
        return self._assignment(name) or Call(name, self._question())

    def _assignment(self, name: str) -> Call | None:
        """Return the command with the number behind `=`, where there is an `=` that asks nothing."""
        if not self.line.startswith("=", self.position) or self.line.startswith("=?", self.position):
            return None
        self.position += 1
        digits = self._take(_DIGITS)
        if not digits:
            raise Malformed(name, "behind = stands no number", "=")
        return Call(name, Form.SET, (Argument(digits),))

    def _basic(self, name: str) -> Call:
        if name == "D":
            dialled, self.position = self.line[self.position :], len(self.line)
            return Call(name, Form.SET, (Argument(dialled),))
        digits = self._take(_DIGITS)
        if digits:
            return Call(name, Form.SET, (Argument(digits),))
        return self._assignment(name) or Call(name, self._question())

    def _question(self) -> Form:
        """Return the form of a basic command that sets nothing."""
        for suffix, form in (("=?", Form.TEST), ("?", Form.READ)):
            if self.line.startswith(suffix, self.position):
                self.position += len(suffix)
                return form
        return Form.EXECUTE


class UnevenQuotes(ValueError):
    """The quotes of a value are not its first and its last character."""


def _sign(rest: str) -> str:
    """Return the sign that stands behind the name."""
    match = _SIGN.match(rest)
    return match[0] if match else ""


def split_arguments(text: str) -> tuple[Argument, ...]:
    """Split at the commas outside quotes.

    Raises:
        UnevenQuotes: a quote is not closed, or a quoted value has something before or after its quotes.
    """
    arguments, position = [], 0
    while match := _UP_TO_COMMA.match(text, position):
        arguments.append(_argument(match[0]))
        position = match.end()
        if position == len(text):
            break
        if text[position] != ",":
            raise UnevenQuotes("a quote is not closed")
        position += 1
    return tuple(arguments)


def _argument(part: str) -> Argument:
    if '"' not in part:
        return Argument(part)
    if len(part) >= 2 and part[0] == part[-1] == '"' and '"' not in part[1:-1]:
        return Argument(part[1:-1], quoted=True)
    raise UnevenQuotes("something stands before or behind a value in quotes")

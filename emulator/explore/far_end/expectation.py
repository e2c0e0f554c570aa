"""Checks that are built in: what the servers must have received, by `--expect-upload`, `-line` and `-file`."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from emulator.errors import UserError
from emulator.explore.far_end.check import Check, Lack
from emulator.lab.record import Kind, Received, Record

_LARGE = 16
"""Bytes of which a part must have at least so many, or half of what was expected, to be told as a part."""


class Expectation(ABC):
    """What the far end must have when the host has said success."""

    @abstractmethod
    def check(self, record: Record) -> Check:
        """Return whether the servers have received it."""


@dataclass(frozen=True)
class ExpectedUpload(Expectation):
    """The bytes of a file, exactly once: in one connection, request, file, mail or message."""

    name: str
    data: bytes = field(repr=False)

    @staticmethod
    def of_file(path: str | Path) -> "ExpectedUpload":
        """Expect the bytes of a file.

        Raises:
            UserError: it cannot be read, or is empty.
        """
        return ExpectedUpload(Path(path).name, _read("--expect-upload", path))

    def check(self, record: Record) -> Check:
        things = [thing for thing in record if thing.kind is not Kind.CONNECTION or thing.counts]
        times = sum(_content(thing).count(self._as_in(thing)) for thing in things if thing.counts)
        if times == 1:
            return Check(0, f"{self.name}: once, {len(self.data)} bytes")
        if times:
            return _failed(self.name, Lack.TWICE, "" if times == 2 else f"{times} times")
        parts = [_largest_part(_content(thing), self._as_in(thing)) for thing in things]
        return _missing(self.name, max(parts, default=0), len(self.data))

    def _as_in(self, thing: Received) -> bytes:
        """Return the bytes as they look in such a thing: a mail has line ends of its own."""
        return _lines_of_text(self.data) if thing.kind is Kind.MAIL else self.data


@dataclass(frozen=True)
class ExpectedLine(Expectation):
    """A line of text, exactly once: in one connection, request, file, mail or message, or as its name."""

    text: str

    @staticmethod
    def of_text(text: str) -> "ExpectedLine":
        """Expect a line.

        Raises:
            UserError: it is empty, or more than one line.
        """
        if not text or len(text.splitlines()) > 1:
            raise UserError(f"--expect-line {text!r}: give one line, without its end")
        return ExpectedLine(text)

    def check(self, record: Record) -> Check:
        name, wanted = f"line {self.text!r}", self.text.encode()
        lines = [line for thing in record if thing.counts for line in (thing.name.encode(), *thing.data.splitlines())]
        times = lines.count(wanted)
        if times == 1:
            return Check(0, f"{name}: once")
        if times:
            return _failed(name, Lack.TWICE, "" if times == 2 else f"{times} times")
        return _missing(name, max((_largest_part(line, wanted) for line in lines), default=0), len(wanted))


@dataclass(frozen=True)
class ExpectedFile(Expectation):
    """A file that lies under a name at a server: of FTP, or a page of HTTP."""

    name: str
    data: bytes = field(repr=False)

    @staticmethod
    def of_text(text: str) -> "ExpectedFile":
        """Read `NAME=FILE`.

        Raises:
            UserError: it has no such form, or FILE cannot be read or is empty.
        """
        name, sign, path = text.partition("=")
        if not (name and sign and path):
            raise UserError(f"--expect-file {text}: give NAME=FILE, the name at the server and the file that it is of")
        return ExpectedFile(name, _read("--expect-file", path))

    def check(self, record: Record) -> Check:
        found = [one.data for one in record if one.kind is Kind.FILE and one.name.strip("/") == self.name.strip("/")]
        told, size = f"file {self.name}", len(self.data)
        if not found:
            return _failed(told, Lack.NONE, f"of {size} bytes")
        if all(data == self.data for data in found):
            return Check(0, f"{told}: {size} bytes")
        (wrong, *_) = [data for data in found if data != self.data]
        if wrong.count(self.data) > 1:
            return _failed(told, Lack.TWICE, "")
        if wrong in self.data:
            return _failed(told, Lack.PART, f"{len(wrong)} of {size} bytes")
        return Check(1, f"{told}: {len(wrong)} bytes of other content, {size} bytes expected")


@dataclass(frozen=True)
class ExpectedByFunction(Expectation):
    """What a function of the record says: an AssertionError, or False, is that something is wrong."""

    function: Callable[[Record], object]

    def check(self, record: Record) -> Check:
        try:
            result = self.function(record)
        except AssertionError as error:
            line = next(iter(str(error).strip().splitlines()), "")
            return Check(1, line or "the check has failed by an assertion without words")
        return Check(1, "the check has returned False") if result is False else Check(0, "")


def _read(option: str, path: str | Path) -> bytes:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}; name a file that can be read") from error
    if not data:
        raise UserError(f"{option} {path}: it is empty, so that nothing could tell whether it has come; name another")
    return data


def _content(thing: Received) -> bytes:
    return thing.data.replace(b"\r\n", b"\n") if thing.kind is Kind.MAIL else thing.data


def _lines_of_text(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").rstrip(b"\n")


def _failed(name: str, lack: Lack, how_much: str) -> Check:
    return Check(1, f"{name}: {lack} {how_much}".rstrip(), lack)


def _missing(name: str, part: int, size: int) -> Check:
    if part >= min(_LARGE, size / 2):
        return _failed(name, Lack.PART, f"{part} of {size} bytes")
    return _failed(name, Lack.NONE, f"of {size} bytes")


def _largest_part(data: bytes, wanted: bytes) -> int:
    """Return how many bytes of the beginning, or of the end, are in the data: whichever is more."""
    return max(
        _longest(lambda size: wanted[:size] in data, len(wanted)),
        _longest(lambda size: wanted[-size:] in data, len(wanted)),
    )


def _longest(holds: Callable[[int], bool], most: int) -> int:
    """Return the greatest number up to `most` for which it holds; it holds for all that are smaller."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if holds(middle) else (least, middle - 1)
    return least

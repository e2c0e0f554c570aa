"""DNS messages, as far as a small name server needs them: one question in, its answer out. RFC 1035."""

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from emulator.ip.addresses import address_bytes
from emulator.ip.packet import Malformed

PORT = 53
TIME_TO_LIVE = 60
"""Seconds for which an answer may be kept."""

_HEADER = struct.Struct(">6H")
_QUESTION = struct.Struct(">HH")
_RESPONSE, _OPERATION, _RECURSION_DESIRED, _RECURSION_AVAILABLE = 0x8000, 0x7800, 0x0100, 0x0080
_LONGEST_NAME, _LONGEST_LABEL = 255, 63
_INTERNET = 1
_ANSWERED_NAME = 0xC000 | _HEADER.size
"""The name of an answer: that of the question, by its place (RFC 1035 4.1.4)."""
_POINTER = "in-addr.arpa"


class Kind(IntEnum):
    """Types of records that are answered; for other types there are none."""

    A = 1
    PTR = 12
    ANY = 255


class Response(IntEnum):
    """Response codes."""

    NO_ERROR = 0
    FORMAT_ERROR = 1
    NAME_ERROR = 3
    NOT_IMPLEMENTED = 4


class Question(NamedTuple):
    """What a host asks."""

    identifier: int
    flags: int
    name: str
    """Without a dot at the end; bytes that are no ASCII as Latin-1."""
    kind: int
    family: int
    """The class: 1 is the Internet."""
    written: bytes
    """The question as it was asked, to be repeated in the answer."""

    @property
    def asks_for_address(self) -> bool:
        """Return whether it asks for an IPv4 address."""
        return self.family == _INTERNET and self.kind in (Kind.A, Kind.ANY)

    @property
    def asks_for_name_of(self) -> str | None:
        """Return the address whose name it asks for; None where it asks for something else."""
        labels = self.name.lower().removesuffix(f".{_POINTER}").split(".")
        is_pointer = self.family == _INTERNET and self.kind == Kind.PTR and self.name.lower().endswith(f".{_POINTER}")
        return ".".join(reversed(labels)) if is_pointer else None

    @classmethod
    def parse(cls, message: bytes) -> "Question":
        """Read a query; what follows its question is ignored.

        Raises:
            Malformed: it is none, or not one that can be understood.
        """
        if len(message) < _HEADER.size:
            raise Malformed(f"a DNS header of {len(message)} bytes")
        identifier, flags, questions, *_ = _HEADER.unpack_from(message)
        if flags & _RESPONSE or questions != 1:
            raise Malformed(f"a DNS message with {questions} questions")
        labels, end = _labels(message)
        if end + _QUESTION.size > len(message):
            raise Malformed("a DNS question that is cut off")
        kind, family = _QUESTION.unpack_from(message, end)
        written = message[_HEADER.size : end + _QUESTION.size]
        return cls(identifier, flags, ".".join(labels), kind, family, written)

    @property
    def is_standard(self) -> bool:
        """Return whether it is a standard query."""
        return not self.flags & _OPERATION

    def answer(self, response: Response, *records: bytes) -> bytes:
        """Return the answer with the data of some records of the type that was asked for."""
        kind = Kind.PTR if self.kind == Kind.PTR else Kind.A
        head = _head(self.identifier, self.flags, response, questions=1, answers=len(records))
        answers = (
            struct.pack(">HHHIH", _ANSWERED_NAME, kind, _INTERNET, TIME_TO_LIVE, len(record)) + record
            for record in records
        )
        return head + self.written + b"".join(answers)


def address_record(address: str) -> bytes:
    """Return the data of an A record."""
    return address_bytes(address)


def name_record(name: str) -> bytes:
    """Return the data of a PTR record."""
    labels = [label.encode("latin-1")[:_LONGEST_LABEL] for label in name.split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels if label) + b"\0"


def format_error(message: bytes) -> bytes | None:
    """Return the answer to a query that cannot be read; None where there is nobody to answer."""
    if len(message) < _HEADER.size:
        return None
    identifier, flags, *_ = _HEADER.unpack_from(message)
    return None if flags & _RESPONSE else _head(identifier, flags, Response.FORMAT_ERROR)


def _head(identifier: int, flags: int, response: Response, questions: int = 0, answers: int = 0) -> bytes:
    kept = flags & (_OPERATION | _RECURSION_DESIRED)
    return _HEADER.pack(identifier, _RESPONSE | kept | _RECURSION_AVAILABLE | response, questions, answers, 0, 0)


def _labels(message: bytes) -> tuple[Sequence[str], int]:
    """Read the labels of the question's name; return them with the place behind them."""
    labels: list[str] = []
    at = _HEADER.size
    while at < len(message) and (length := message[at]):
        end = at + 1 + length
        if length > _LONGEST_LABEL or end >= len(message) or end - _HEADER.size > _LONGEST_NAME:
            raise Malformed("a name in a DNS question")
        labels.append(message[at + 1 : end].decode("latin-1"))
        at = end
    if at >= len(message):
        raise Malformed("a DNS question that is cut off")
    return labels, at + 1

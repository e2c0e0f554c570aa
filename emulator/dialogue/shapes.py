"""Shapes stand for parts of a line that differ between modules, networks and times."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Match a run of bytes of a set: `least` to `most` of them, without limit where `most` is None."""

    allowed: frozenset[int]
    least: int = 1
    most: int | None = None


Pattern = tuple[bytes | Run, ...]
"""What is said: bytes as they are, and runs."""

_DIGITS = frozenset(b"0123456789")
_LINE = frozenset(range(256)) - frozenset(b"\r\n")
_OCTET = Run(_DIGITS, 1, 3)

SHAPES: Mapping[str, Pattern] = {
    "number": (Run(frozenset(b"-"), 0, 1), Run(_DIGITS)),
    "hex": (Run(frozenset(b"0123456789ABCDEFabcdef")),),
    "ip": (_OCTET, b".", _OCTET, b".", _OCTET, b".", _OCTET),
    "text": (Run(_LINE - frozenset(b'"')),),
    "string": (Run(_LINE - frozenset(b'"'), 0),),
    "field": (Run(_LINE - frozenset(b'",'), 0),),
    "any": (Run(_LINE, 0),),
}
"""By the name that a dialogue writes in braces.

A `text` and a `string` end at a quotation mark, a `field` at a comma, too, and an `any` only with its line.
"""

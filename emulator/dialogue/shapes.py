"""Shapes: what stands for a part of a line that is another one on each module, in each network, at each hour."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Some bytes of a set: `least` of them at least and `most` at most, where there is a limit."""

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
    "any": (Run(_LINE, 0),),
}
"""By the name that a dialogue writes in braces. A `text` ends at a quotation mark, an `any` only with its line."""

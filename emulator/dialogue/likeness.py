"""Writes a line of an answer as one of a dialogue: its values become shapes, the rest stays."""

import re

_PARTS = re.compile(
    r"""
    (?P<shape>\{\w+\})
    | (?P<quoted>"[^"{}]*")
    | (?P<ip>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))
    | (?P<hex>(?<![\w.])(?=[0-9A-F]*\d)(?=[0-9A-F]*[A-F])[0-9A-F]{2,}(?!\w))
    | (?P<number>(?<![\w.])(?:(?<![\d)"])-)?\d+)
    | (?P<fraction>(?<=\d)\.\d+)
    """,
    re.VERBOSE,
)
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_HEX = re.compile(r"[0-9A-F]{4,}")
_DIGITS = re.compile(r"\d+")
_NUMERIC = re.compile(r"[\d/,:.+-]+")


def likeness(line: str) -> str:
    """Return the line as a dialogue writes it: numbers, hexadecimal digits, addresses and quoted texts are left open.

    What stays is the number and kind of the fields, quotes and blanks. Shapes that stand there already stay.
    """
    return _PARTS.sub(_shape, line)


def _shape(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "quoted":
            return f'"{_within_quotes(part[0][1:-1])}"'
        case "ip" | "hex" | "number":
            return f"{{{part.lastgroup}}}"
        case "fraction":
            return ".{number}"
    return part[0]


def _within_quotes(text: str) -> str:
    if not text:
        return ""
    if _IP.fullmatch(text):
        return "{ip}"
    if _HEX.fullmatch(text):
        return "{hex}"
    return _DIGITS.sub("{number}", text) if _NUMERIC.fullmatch(text) else "{text}"

"""Cuts the module's output into the steps that a dialogue would write for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.dialogue.texts import PROMPTS, written

_PROMPT = re.compile(rb"\r\n(?:> |>>>)")
_LINE = re.compile(rb"\r\n([^\r\n]+)\r\n")
_MORE = re.compile(rb"([^\r\n]+)\r\n")
_FRAMED = re.compile(rb"\r\n(?:> |>>>)|\r\n[^\r\n]+\r\n")
_WORDS = {prompt: f"<prompt {name}".rstrip() for name, prompt in PROMPTS.items()}
_BINARY = re.compile(rb"[^\r\n\x1a\x20-\x7e]")


@dataclass(frozen=True)
class Piece:
    """One step."""

    line: str
    """As a dialogue has it."""
    data: bytes


def pieces(data: bytes, *, after_line: bool) -> Iterator[Piece]:
    """Cut output into steps; `after_line` says that the output before it was a line."""
    while data:
        if match := _PROMPT.match(data):
            line, after_line = _WORDS[match[0]], False
        elif match := _LINE.match(data):
            line, after_line = f"< {written(match[1])}", True
        elif after_line and (match := _MORE.match(data)):
            line = f"<+ {written(match[1])}"
        else:
            framed = _FRAMED.search(data)
            yield raw(data[: framed.start()] if framed else data)
            data, after_line = data[framed.start() :] if framed else b"", False
            continue
        yield Piece(line, match[0])
        data = data[match.end() :]


def raw(data: bytes) -> Piece:
    """Write bytes that are no line: as text, or in hexadecimal where text cannot be read."""
    if _BINARY.search(data):
        return Piece(f"<x {data.hex(' ').upper()}", data)
    return Piece(f"<< {written(data)}", data)

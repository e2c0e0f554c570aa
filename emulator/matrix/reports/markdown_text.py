"""Parts of Markdown that several reports have, as the summaries of CI systems show it."""

import re
from collections.abc import Iterable

from emulator.trace.printable import printable

MOST = 1024 * 1024
"""Bytes that GitHub takes of the summary of a step."""
_ROOM = 200
"""Bytes that are kept for the note that something is left out."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_TICKS = re.compile("`+")


def fitted(parts: Iterable[str], most: int) -> str:
    """Join the parts up to `most` bytes, and say so where some are left out."""
    text = ""
    if most < _ROOM:
        return text
    for part in parts:
        if len((text + part).encode()) > most - _ROOM:
            return f"{text}\nThe rest is left out: it is too long for a summary.\n"
        text += part
    return text


def code(text: str) -> str:
    """Return a code span, also within a table."""
    text = printable(text)
    ticks = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{padding}{text}{padding}{ticks}".replace("|", "\\|") if text else ""


def block(text: str) -> str:
    """Return a block of shell code."""
    fence = "`" * (max(map(len, _TICKS.findall(text)), default=2) + 1)
    return f"{fence}sh\n{printable(text)}\n{fence}\n"


def prose(text: str) -> str:
    """Return sentences in which what stands between two backticks is code."""
    parts = text.split("`")
    return "".join(
        code(part) if odd % 2 else plain(part) for odd, part in enumerate(parts if len(parts) % 2 else [text])
    )


def plain(text: str) -> str:
    """Return text of which no character is markup."""
    return _SPECIAL.sub(r"\\\1", printable(text))

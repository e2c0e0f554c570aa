"""The URCs that may come between any lines of an answer."""

from collections.abc import Sequence
from functools import cache

from emulator.dialogue.shapes import SHAPES, Pattern
from emulator.dialogue.volatile import table

_WITH_VALUES = (
    *("+CMTI", "+CDSI", "+CLIP", "+CCWA", "+CRING", "+CALA", "+PACSP", "SRING", "SSLSRING"),
    *("#SIMDET", "#ECAM", "#OTR", "#RTCSTAT", "#DIALMODE"),
)
"""Names before a colon, beside those of the table of volatile values."""
_ALONE = ("RING", "SRING", "SSLSRING", "+PACSP0", "+PACSP1", "^SYSSTART", "#SWREADY")
"""Whole lines."""


def patterns(command: str, *, any_line: bool) -> Sequence[Pattern]:
    """Return the forms of the URCs that cannot be a part of the answer to a command line.

    With `any_line` every line may come.
    """
    if any_line:
        return [(b"\r\n", *SHAPES["any"], b"\r\n")]
    asked = command.upper()
    return [
        *((b"\r\n", f"{name}:".encode(), *SHAPES["any"], b"\r\n") for name in _names() if name not in asked),
        *((b"\r\n", name.encode(), b"\r\n") for name in _ALONE),
    ]


def is_unsolicited(line: str) -> bool:
    """Return whether a line, as a dialogue writes it, is a URC where no answer can come any more."""
    said = line.partition(" ")[2]
    return said in _ALONE or said.partition(":")[0] in _names()


@cache
def _names() -> Sequence[str]:
    return list(dict.fromkeys((*table().unsolicited["names"], *_WITH_VALUES)))

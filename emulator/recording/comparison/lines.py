"""Compares two answers line by line: volatile values and URCs are no difference."""

import difflib
import re
from collections.abc import Iterator, Sequence

from emulator.dialogue.volatile import agrees, as_written, is_of_the_moment, varies_in_number

_LINES = re.compile(rb"[\r\n]+")


def lines_of(answer: bytes, command: str) -> list[str]:
    """Return the lines of an answer to a command, without URCs that come when they like."""
    lines = (line.decode("latin-1") for line in _LINES.split(answer) if line)
    return [line for line in lines if not is_of_the_moment(line, command)]


def difference(real: Sequence[str], emulated: Sequence[str], command: str) -> list[str]:
    """Return the lines of a small diff, `-` for the real module and `+` for the emulated one; none where they agree."""
    if varies_in_number(command):
        real, emulated = real[-1:], emulated[-1:]
    if len(real) == len(emulated) and all(agrees(*pair, command) for pair in zip(real, emulated, strict=True)):
        return []
    return list(_diff([as_written(line, command) for line in real], [as_written(line, command) for line in emulated]))


def _diff(real: Sequence[str], emulated: Sequence[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, real, emulated, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            yield from (f"  {line}" for line in real[first:last])
        else:
            yield from (f"- {line}" for line in real[first:last])
            yield from (f"+ {line}" for line in emulated[begin:end])

"""Which parameter each field of the answer to `=?` describes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from emulator.at.answers import Information
from emulator.at.bound import BoundCommand
from emulator.at.parameters import Word
from emulator.at.syntax import Form
from emulator.errors import DeviceError
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.ranges import fields_of, words_of

_MARK = re.compile("\x02([^\x03]*)\x03")


@dataclass(frozen=True)
class Layout:
    """The layout of an answer to `=?`."""

    names: Sequence[str | None] = ()
    """The parameter that each field describes, in order; None for a field that describes none."""
    word: tuple[int, str] | None = None
    """The place of a field that has another word in each line, and the parameter that takes these words."""


def layout_of(bound: BoundCommand[Profile], profile: Profile) -> Layout:
    """Return the layout of the answer of a command.

    A handler of `=?` is run with marks in place of the values. The layout is empty where the answer depends on more
    than the profile.
    """
    handler = bound.command.handlers.get(Form.TEST)
    if handler is None:
        return Layout([parameter.name for parameter, _ in bound.parameters] if bound.has(Form.TEST) else [])
    there = {parameter.name for parameter, _ in bound.parameters}

    def marks(*names: str) -> str:
        return ",".join(f"\x02{name}\x03" for name in names if name in there)

    try:
        answer = handler(SimpleNamespace(name=bound.command.name, profile=profile, values=marks))
    except (AttributeError, DeviceError):
        return Layout()
    if not isinstance(answer, Information) or not answer.lines:
        return Layout()
    lines = [line for line in answer.lines if isinstance(line, str)]
    rows = [fields_of(line.partition(": ")[2] or line) for line in lines]
    marked = (_MARK.fullmatch(field) for field in rows[0])
    return Layout([mark[1] if mark else None for mark in marked], _word_in(bound, rows))


def _word_in(bound: BoundCommand[Profile], rows: Sequence[Sequence[str]]) -> tuple[int, str] | None:
    for parameter, reader in bound.parameters:
        if isinstance(parameter.kind, Word):
            words = [f'"{word}"' for word in words_of(reader.described) or ()]
            for place in range(len(rows[0])):
                if [row[place] for row in rows] == words:
                    return place, parameter.name
    return None

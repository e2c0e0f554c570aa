"""What a command says of its parameters by `=?`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Form
from emulator.dte.exchange import Exchange
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.layout import Layout, layout_of
from emulator.learning.answers.missing import Missing, missing_of
from emulator.learning.answers.ranges import fields_of
from emulator.learning.asking.inquiry import Inquiry


@dataclass(frozen=True)
class Shown:
    """The fields of an answer to `=?`, by parameter; what cannot be told apart is left out."""

    exchange: Exchange
    fields: dict[str, str] = field(default_factory=dict)
    """By the parameter's name; of one that is repeated, that of all."""
    missing: Missing | None = None
    """The parameters that the base has and this module has not."""
    is_as_expected: bool = False
    """Whether the answer has a field for each parameter, as the base has."""


def shown_by(inquiry: Inquiry, bound: BoundCommand[Profile]) -> Shown | None:
    """Ask a command for the values of its parameters; None where it has no such form."""
    name = bound.command.name
    if not bound.has(Form.TEST):
        return None
    exchange = inquiry.once(f"AT{name}=?")
    layout = layout_of(bound, inquiry.base.profile)
    begin = f"{name}:"
    rows = [fields_of(line[len(begin) :]) for line in exchange.lines if line.upper().startswith(begin)]
    if not exchange.is_ok or not rows or not layout.names:
        return Shown(exchange)
    fields, expected = rows[0], layout.names
    if len(fields) == len(expected):
        return Shown(exchange, {**_by_name(expected, fields), **_word(layout, rows)}, is_as_expected=True)
    if len(set(expected)) == 1:
        return Shown(exchange, _by_name([*expected[:1]] * len(fields), fields), is_as_expected=True)
    missing = missing_of(bound, expected, fields, inquiry.base)
    if missing is None:
        return Shown(exchange)
    return Shown(exchange, _by_name([name for name in expected if name not in missing.names], fields), missing)


def _by_name(names: Sequence[str | None], fields: Sequence[str]) -> dict[str, str]:
    """Return the field of each parameter; none where the fields of one that is repeated differ."""
    found: dict[str, set[str]] = {}
    for name, text in zip(names, fields, strict=True):
        if name is not None:
            found.setdefault(name, set()).add(text)
    return {name: texts.pop() for name, texts in found.items() if len(texts) == 1}


def _word(layout: Layout, rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the words that stand in one place of each line, as one list."""
    if layout.word is None or any(len(row) != len(layout.names) for row in rows):
        return {}
    place, name = layout.word
    return {name: f"({','.join(row[place] for row in rows)})"}

"""Probes of the commands, one a chapter: which are there, and which values their parameters take."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from emulator.at.bound import BoundCommand
from emulator.at.limits import Numeric
from emulator.at.parameters import FROM_PROFILE
from emulator.at.syntax import EXTENDED
from emulator.commands.kinds import TableCommand
from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Default
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.layout import layout_of
from emulator.learning.answers.ranges import as_shown, spans_in
from emulator.learning.answers.shown import shown_by
from emulator.learning.answers.sources import Source, source_of
from emulator.learning.asking.careful import not_asked
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.presence import errors_in_words, presence_claims, presence_of
from emulator.learning.asking.roster import Use, bound_commands, commands_in, groups, keys_of
from emulator.learning.asking.trying import Trial, can_be_tried, values_taken
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.deciding import Reading, claims_of, read_field
from emulator.learning.probe import Probe

_PARTS = ("range", "choices", "zero")


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make a probe for each chapter."""
    return (CommandsOf(group) for group in groups())


class CommandsOf(Probe):
    """Ask for the commands of a chapter, and for the values of their parameters."""

    asks = "each command with =? and ?; of those that only keep a number, values at the edges"
    changes = "+CMEE; a value that is tried, until the end of its command line"
    undone = "by what ? showed before: +CMEE at the end, a value that is tried in the same line"

    def __init__(self, group: str) -> None:
        self._group = group
        self.name = f"commands: {group}"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        for path, uses in keys_of(self._group, inquiry.base):
            if any(_may_show(use, inquiry) for use in uses):
                parts = _PARTS if isinstance(uses[0].source.value, Numeric) else ()
                yield from ((*path, name) for name in parts) if parts else (path,)
            if any(_shows_default(use, inquiry) for use in uses):
                yield (*path, "default")
        for command in commands_in(self._group, inquiry.base):
            if command.name in bound_commands(inquiry.base):
                yield from (("commands", name) for name in command.names if name not in not_asked())

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with errors_in_words(inquiry):
            claims = [*self._presence(inquiry), *self._values(inquiry)]
        limited = {claim.path[1] for claim in claims if claim.path[0] == "commands" and len(claim.path) > 2}
        yield from (claim for claim in claims if claim.path[1] not in limited or claim.value is not True)

    def _presence(self, inquiry: Inquiry) -> Iterator[Claim]:
        """Claim which commands are there, and which of their parameters are not."""
        for command in commands_in(self._group, inquiry.base):
            yield from presence_claims(inquiry, command)
            bound = bound_commands(inquiry.base).get(command.name)
            if bound is not None and presence_of(inquiry, command.name).is_there:
                shown = shown_by(inquiry, bound)
                if shown is not None and shown.missing is not None:
                    yield Claim(shown.missing.path, shown.missing.value, [shown.exchange])

    def _values(self, inquiry: Inquiry) -> Iterator[Claim]:
        """Claim which values the keys allow that this chapter is the first one to use."""
        trials: dict[str, Trial] = {}
        own = {command.name for command in commands_in(self._group, inquiry.base)}
        away = {name for name, said in inquiry.base.profile.commands.items() if said is False} - own
        for path, uses in keys_of(self._group, inquiry.base):
            readings = [reading for use in uses if (reading := self._read(inquiry, use, trials)) is not None]
            yield from (
                claim for claim in claims_of(path, readings) if claim.path[0] != "commands" or claim.path[1] not in away
            )
        for name, trial in trials.items():
            yield from _defaults(trial, bound_commands(inquiry.base)[name], inquiry)

    def _read(self, inquiry: Inquiry, use: Use, trials: dict[str, Trial]) -> Reading | None:
        bound = use.bound
        if not presence_of(inquiry, bound.command.name).is_there:
            return None
        shown = shown_by(inquiry, bound)
        text = shown.fields.get(use.parameter.name) if shown is not None else None
        value = read_field(use.source, text) if text is not None else None
        described = [shown.exchange] if shown is not None and value is not None else []
        if can_be_tried(bound, inquiry.base) and (shown is None or shown.is_as_expected):
            trial = trials.setdefault(bound.command.name, Trial(inquiry, bound))
            if trial.before is not None and (place := trial.place_of(use.parameter.name)) is not None:
                return _tried(trial, place, use, value, described)
        return Reading(use, value, described) if described else None


def _is_of(claim: Claim, commands: Collection[str]) -> bool:
    """Return whether a claim is of a parameter of one of these commands."""
    return claim.path[0] == "commands" and claim.path[1] in commands


def _tried(trial: Trial, place: int, use: Use, value: Any, described: Sequence[Exchange]) -> Reading | None:
    """Return the values that a parameter takes; those of `=?` where the edges agree with them."""
    assert trial.before is not None
    like = use.source.value
    expected = value if described else spans_in(like)
    found = values_taken(lambda number: trial.takes(place, number), expected, int(trial.before[place]))
    if found is None:
        return None
    edges = [exchange for (at, _), exchange in trial.exchanges.items() if at == place]
    if found is expected:
        return Reading(use, tuple(found), [*described, *edges])
    return Reading(use, tuple(as_shown(found, like)), edges, described)


def _defaults(trial: Trial, bound: BoundCommand[Profile], inquiry: Inquiry) -> Iterator[Claim]:
    """Claim the defaults of the parameters that a host may leave out, and of what all rows of a table have."""
    if trial.before is None:
        return
    for found in (trial.defaults(), trial.of_each_row()):
        defaults, exchange = found or ({}, None)
        for place, (parameter, _) in enumerate(bound.parameters):
            source = source_of(bound, parameter, inquiry.base)
            if place in defaults and exchange is not None and has_default(source):
                assert source is not None
                yield Claim((*source.path, "default"), defaults[place], [exchange])


def has_default(source: Source | None) -> bool:
    """Return whether a key has a default, that of its own and not of a declaration."""
    return source is not None and source.path[0] != "commands" and isinstance(source.value, Default)


def _may_show(use: Use, inquiry: Inquiry) -> bool:
    """Return whether `=?` or tries can show the values of a parameter, on a module that has what the base has."""
    if inquiry.commands.find(use.bound.command.name) is None:
        return False
    layout = layout_of(use.bound, inquiry.base.profile)
    words = layout.word[1:] if layout.word is not None else ()
    return use.parameter.name in (*layout.names, *words) or can_be_tried(use.bound, inquiry.base)


def _shows_default(use: Use, inquiry: Inquiry) -> bool:
    """Return whether the default of a parameter can be seen."""
    if not can_be_tried(use.bound, inquiry.base) or not has_default(use.source):
        return False
    is_left_out = use.parameter.default is FROM_PROFILE and use.bound.command.name[0] in EXTENDED
    return is_left_out or isinstance(use.bound.command, TableCommand)

"""Judges one exchange: do the two answers agree, do they differ, or can they not be compared."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from emulator.at.syntax import Call, parse_line
from emulator.commands.catalogue import chapter_commands, chapters
from emulator.net.bearer import OFFLINE
from emulator.recording.comparison.answers import ModuleAnswer
from emulator.recording.comparison.lines import difference, lines_of
from emulator.trace.events import ConnectionEnded, Dialled, Event, Pinged, Refused, Resolved, Unheard

NO_ROUTE = "the emulated module reaches no peer; --route leads it to one"


class Verdict(NamedTuple):
    """What came of an exchange."""

    command: str
    diff: Sequence[str] = ()
    """Lines with `-` of the real module, with `+` of the emulated one; empty where they agree."""
    reasons: Sequence[str] = ()
    """Why the emulated module has refused."""
    is_compared: bool = True
    """Whether a difference counts: it does not where the emulated module has not reached the peer."""


class Judge:
    """Remember which connections the emulated module lacks: what is said of these later cannot agree either."""

    def __init__(self) -> None:
        self._unreached: set[str] = set()

    def __repr__(self) -> str:
        return f"<Judge, without connections of {sorted(self._unreached) or 'none'}>"

    def judge(self, command: str, real: bytes, emulated: ModuleAnswer) -> Verdict:
        """Compare two answers to a command line, or to an entry that it has asked for."""
        chapters_of = {_chapters().get(name, "") for name in names_of(command)}
        dials = [event.outcome for event in emulated.events if isinstance(event, Dialled)]
        diff = difference(lines_of(real, command), lines_of(emulated.data, command), command)
        if not diff:
            if dials:
                self._unreached -= chapters_of  # both have a connection, or neither
            return Verdict(command)
        if OFFLINE in dials:
            self._unreached |= chapters_of
        if chapters_of & self._unreached or any(map(_is_unreached, emulated.events)):
            return Verdict(command, diff, [NO_ROUTE], is_compared=False)
        return Verdict(command, diff, [told for event in emulated.events if (told := _told(event))])


def names_of(command: str) -> list[str]:
    """Return the names of the commands in a line, with their forms."""
    body = command[2:] if command[:2].upper() == "AT" else command
    return [call.name for call in parse_line(body) if isinstance(call, Call)]


def _is_unreached(event: Event) -> bool:
    return isinstance(event, Dialled | Resolved | Pinged) and event.outcome.endswith(OFFLINE)


def _told(event: Event) -> str:
    match event:
        case Refused(command=command, reason=reason):
            return f"{command}: {reason}" if command else reason
        case ConnectionEnded(reason=reason):
            return reason
        case Unheard(lack="power"):
            return "the emulated module is off, or still starting"
        case _:
            return ""


@cache
def _chapters() -> Mapping[str, str]:
    return {name: chapter for chapter in chapters() for command in chapter_commands(chapter) for name in command.names}

"""One exchange of host and module: what was said, all that came of it, and why it failed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from emulator.trace.events import ConnectionEnded, Dialled, Event, ModuleSent, Refused, TlsOutcome, Unheard
from emulator.trace.printable import printable

LONGEST = 400
"""Longest recorded text of one side of an exchange, in characters."""
MOST_MOMENTS = 200
"""Number of recorded events of an exchange."""


class Moment(NamedTuple):
    """An event and the seconds of the module's time since it started."""

    at: float
    event: Event


@dataclass
class Exchange:
    """A command line or data of the host, and what came of it; `answer` holds URCs, too."""

    said: str
    answer: str = ""
    moments: list[Moment] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the answer in one line."""
        return printable(" ".join(self.answer.split())) or "(nothing)"

    @property
    def reason(self) -> str:
        """Return why a command failed, in the order of the events; empty where nothing is known to have failed."""
        events = [moment.event for moment in self.moments]
        reasons = [reason for event in events if (reason := _refusal(event) or _end(event))]
        return "; ".join(each for each in dict.fromkeys(reasons) if not _is_said_by(each, reasons))

    @property
    def is_refused(self) -> bool:
        """Whether a command failed, or was not heard as one."""
        return any(_refusal(moment.event) for moment in self.moments)

    def add(self, now: float, event: Event) -> None:
        """Add an event, if there are not too many; of what the module says the beginning."""
        if isinstance(event, ModuleSent):
            kept = event.text[: LONGEST - len(self.answer)]
            self.answer += kept
            event = msgspec.structs.replace(event, text=kept)
            if not kept:
                return
        if len(self.moments) < MOST_MOMENTS:
            self.moments.append(Moment(now, event))


def _refusal(event: Event) -> str:
    match event:
        case TlsOutcome(outcome=outcome) if outcome != "established":
            return outcome
        case Dialled(outcome=outcome, host=host, port=port) if outcome not in ("connected", "ready"):
            return f"{host}:{port}: {outcome}"
        case Refused(reason=reason):
            return reason
        case Unheard(lack="AT"):
            return "ignored: a command begins with AT"
        case Unheard(lack="power"):
            return "not heard: the module is off, or still starting"
        case Unheard():
            return "not heard: a command ends with CR"
    return ""


def _end(event: Event) -> str:
    return event.reason if isinstance(event, ConnectionEnded) else ""


def _is_said_by(reason: str, others: Iterable[str]) -> bool:
    """Return whether another reason says the same and more."""
    return any(reason != other and reason in other for other in others)

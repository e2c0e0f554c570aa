"""Records the story of a run from the trace: what host and module said, and all that happened meanwhile."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from emulator.trace.events import (
    CommandMissing,
    Dialled,
    Event,
    FaultTally,
    HandshakeMessage,
    HostSent,
    ModuleSent,
    Refused,
    Seeded,
    TlsOutcome,
)
from emulator.trace.printable import printable
from emulator.trace.transcript import lines_of

_LONGEST = 400
"""Longest recorded text of one side of an exchange, in characters."""
_MOST = 2000
"""Number of recorded exchanges of a run, from the first one on."""
_LATEST = 20
"""Number of recorded exchanges at the end of a longer run."""
_MOST_MOMENTS = 200
"""Number of recorded events of an exchange."""
_UNTOLD = (FaultTally, HandshakeMessage, Seeded)
"""Events that no exchange has: those of the whole run, and those that are too many."""


class Moment(NamedTuple):
    """An event and the seconds of the module's time since it started."""

    at: float
    event: Event


class TimeLine(NamedTuple):
    """A line of the time line: when, who or what, and the text, as a transcript has it."""

    at: float
    kind: str
    text: str


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
        lacks = [event.lack for event in events if isinstance(event, CommandMissing)]
        reasons = [reason for event in events if (reason := _reason(event))] or lacks
        return "; ".join(each for each in dict.fromkeys(reasons) if not _is_said_by(each, reasons))

    def add(self, now: float, event: Event) -> None:
        """Add an event, if there are not too many; of what the module says the beginning."""
        if isinstance(event, ModuleSent):
            kept = event.text[: _LONGEST - len(self.answer)]
            self.answer += kept
            event = msgspec.structs.replace(event, text=kept)
            if not kept:
                return
        if len(self.moments) < _MOST_MOMENTS:
            self.moments.append(Moment(now, event))


@dataclass
class Story:
    """Read the trace of a run."""

    exchanges: list[Exchange] = field(default_factory=list)
    """From the first one on, up to a number."""
    latest: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_LATEST))
    """The last ones beyond that number."""
    left_out: int = 0
    """How many between them are not recorded."""
    before: list[Moment] = field(default_factory=list)
    """Events before the host has said anything."""
    faults: list[FaultTally] = field(default_factory=list)
    seed: int = 0
    _at: dict[str, Exchange] = field(default_factory=dict, repr=False)
    """The latest exchange of each AT instance."""

    def __call__(self, now: float, event: Event) -> None:
        match event:
            case Seeded(seed=seed):
                self.seed = seed
            case FaultTally():
                self.faults.append(event)
            case HostSent(mode=mode, text=text, terminal=terminal):
                said = text[:_LONGEST]
                exchange = Exchange(said if mode == "command" else f"[{mode}] {said}")
                exchange.add(now, msgspec.structs.replace(event, text=said))
                self._at[terminal] = exchange
                self._keep(exchange)
            case _ if not isinstance(event, _UNTOLD):
                self._note(now, event)

    @property
    def last(self) -> Exchange | None:
        """Return the last exchange."""
        return next(iter(self._latest_first()), None)

    @property
    def last_refused(self) -> Exchange | None:
        """Return the last exchange in which something failed for a reason that is known."""
        return next((exchange for exchange in self._latest_first() if exchange.reason), None)

    def time_line(self) -> Iterator[TimeLine]:
        """Yield all that is recorded, line by line."""
        yield from _told(self.before)
        yield from _told(_in_order(self.exchanges))
        if self.left_out:
            yield TimeLine(self.latest[0].moments[0].at, "", f"({self.left_out} exchanges are left out)")
        yield from _told(_in_order(self.latest))

    def _keep(self, exchange: Exchange) -> None:
        if len(self.exchanges) < _MOST:
            self.exchanges.append(exchange)
            return
        self.left_out += len(self.latest) == _LATEST
        self.latest.append(exchange)

    def _note(self, now: float, event: Event) -> None:
        exchange = self._at.get(getattr(event, "terminal", ""), self.last)
        if exchange is not None:
            exchange.add(now, event)
        elif len(self.before) < _MOST_MOMENTS:
            self.before.append(Moment(now, event))

    def _latest_first(self) -> Iterator[Exchange]:
        yield from reversed(self.latest)
        yield from reversed(self.exchanges)


def _in_order(exchanges: Iterable[Exchange]) -> list[Moment]:
    """Return the events by their time: exchanges of several AT instances overlap."""
    return sorted((moment for exchange in exchanges for moment in exchange.moments), key=lambda moment: moment.at)


def _told(moments: Iterable[Moment]) -> Iterator[TimeLine]:
    for at, event in moments:
        for line in lines_of(event):
            kind, text = line[:_KIND].strip(), line[_KIND:]
            yield TimeLine(at, kind, text)


_KIND = 8
"""Columns of a transcript's line that say who or what."""


def _reason(event: Event) -> str:
    match event:
        case TlsOutcome(outcome=outcome) if outcome != "established":
            return outcome
        case Dialled(outcome=outcome, host=host, port=port) if outcome not in ("connected", "ready"):
            return f"{host}:{port}: {outcome}"
        case Refused(reason=reason):
            return reason
    return ""


def _is_said_by(reason: str, others: Iterable[str]) -> bool:
    """Return whether another reason says the same and more."""
    return any(reason != other and reason in other for other in others)

"""Records the story of a run from the trace: what host and module said, and all that happened meanwhile."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import msgspec

from emulator.matrix.exchange import LONGEST, MOST_MOMENTS, Exchange, Moment
from emulator.trace.events import Event, FaultTally, HandshakeMessage, HostSent, Seeded, Unheard
from emulator.trace.transcript import lines_of

_MOST = 2000
"""Number of recorded exchanges of a run, from the first one on."""
_LATEST = 20
"""Number of recorded exchanges at the end of a longer run."""
_UNTOLD = (FaultTally, HandshakeMessage, Seeded)
"""Events that no exchange has: those of the whole run, and those that are too many."""


class TimeLine(NamedTuple):
    """A line of the time line: when, who or what, and the text, as a transcript has it."""

    at: float
    kind: str
    text: str
    instance: str = ""
    """The AT instance, where there are several."""

    @property
    def who(self) -> str:
        """Return who or what, with the AT instance where there are several."""
        return f"{self.kind} {self.instance}".rstrip()


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

    @classmethod
    def of(
        cls,
        exchanges: Sequence[Exchange],
        *,
        before: Sequence[Moment],
        left_out: int,
        faults: Sequence[FaultTally],
        seed: int,
    ) -> Self:
        """Return the story that a report has told; `exchanges` are the first ones and the latest."""
        story = cls(list(exchanges[:_MOST]), before=list(before), left_out=left_out, faults=list(faults), seed=seed)
        story.latest.extend(exchanges[_MOST:])
        for exchange in exchanges:
            story._at[getattr(exchange.moments[0].event, "terminal", "")] = exchange
        return story

    def __call__(self, now: float, event: Event) -> None:
        match event:
            case Seeded(seed=seed):
                self.seed = seed
            case FaultTally():
                self.faults.append(event)
            case HostSent(mode=mode, text=text, terminal=terminal):
                said = text[:LONGEST]
                event = msgspec.structs.replace(event, text=said)
                self._begin(said if mode == "command" else f"[{mode}] {said}", terminal, now, event)
            case Unheard(text=text, terminal=terminal):
                self._begin(text[:LONGEST], terminal, now, event)
            case _ if not isinstance(event, _UNTOLD):
                self._note(now, event)

    @property
    def last(self) -> Exchange | None:
        """Return the last exchange."""
        return next(iter(self._latest_first()), None)

    @property
    def last_refused(self) -> Exchange | None:
        """Return the last exchange in which something failed for a reason that is known."""
        return next((exchange for exchange in self._latest_first() if exchange.is_refused), None)

    def time_line(self) -> Iterator[TimeLine]:
        """Yield all that is recorded, line by line."""
        several = len(self._at) > 1
        yield from _told(self.before, several)
        yield from _told(_in_order(self.exchanges), several)
        if self.left_out:
            yield TimeLine(self.latest[0].moments[0].at, "", f"({self.left_out} exchanges are left out)")
        yield from _told(_in_order(self.latest), several)

    def _begin(self, said: str, terminal: str, now: float, event: Event) -> None:
        exchange = self._at[terminal] = Exchange(said)
        exchange.add(now, event)
        if len(self.exchanges) < _MOST:
            self.exchanges.append(exchange)
            return
        self.left_out += len(self.latest) == _LATEST
        self.latest.append(exchange)

    def _note(self, now: float, event: Event) -> None:
        exchange = self._at.get(getattr(event, "terminal", ""), self.last)
        if exchange is not None:
            exchange.add(now, event)
        elif len(self.before) < MOST_MOMENTS:
            self.before.append(Moment(now, event))

    def _latest_first(self) -> Iterator[Exchange]:
        yield from reversed(self.latest)
        yield from reversed(self.exchanges)


def _in_order(exchanges: Iterable[Exchange]) -> list[Moment]:
    """Return the events by their time: exchanges of several AT instances overlap."""
    return sorted((moment for exchange in exchanges for moment in exchange.moments), key=lambda moment: moment.at)


def _told(moments: Iterable[Moment], several: bool) -> Iterator[TimeLine]:
    for at, event in moments:
        instance = getattr(event, "terminal", "") if several else ""
        for line in lines_of(event):
            kind, text = line[:_KIND].strip(), line[_KIND:]
            yield TimeLine(at, kind, text, instance)


_KIND = 8
"""Columns of a transcript's line that say who or what."""

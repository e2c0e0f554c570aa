"""What host and module said to each other, as pairs: a line or data of the host, and what the module said to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.trace.events import Event, HostSent, ModuleSent

_LONGEST = 400
"""Characters that are kept of one side of an exchange."""
_MOST = 2000
"""Exchanges that are kept of a run, the first ones."""


@dataclass
class Exchange:
    """One pair; `answer` holds unsolicited lines, too."""

    said: str
    answer: str = ""

    @property
    def words(self) -> str:
        """The answer in one line."""
        return " ".join(self.answer.split()) or "(nothing)"


@dataclass
class Recorder:
    """A reader of the trace that keeps the exchanges."""

    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, now: float, event: Event) -> None:
        match event:
            case HostSent(mode="command", text=text):
                self._said(text)
            case HostSent(mode=mode, text=text):
                self._said(f"[{mode}] {text}")
            case ModuleSent(text=text) if self.exchanges:
                last = self.exchanges[-1]
                last.answer = (last.answer + text)[:_LONGEST]

    def _said(self, text: str) -> None:
        if len(self.exchanges) < _MOST:
            self.exchanges.append(Exchange(text[:_LONGEST]))


@dataclass(frozen=True)
class Difference:
    """The first exchange of a run that no run which passed has had at its place."""

    said: str
    answer: str
    passing: str
    """What the module said to it where the program passed; when it was told something else there, all of that."""

    @property
    def in_words(self) -> str:
        """In one line."""
        return f"{self.said} -> {self.answer} (passing: {self.passing})"


def first_difference(failed: Sequence[Exchange], passed: Sequence[Sequence[Exchange]]) -> Difference | None:
    """Where a run parts from all that passed; places at which these differ among themselves tell nothing.

    A question that is asked again and again counts once, with its last answer: how often a host has to ask is chance.
    None when nothing passed, or the module has said the same all along.
    """
    passed = [_folded(run) for run in passed]
    for index, exchange in enumerate(_folded(failed)):
        others = [run[index] for run in passed if index < len(run)]
        kinds = {(other.said, other.words) for other in others}
        if len(kinds) == 1 and (exchange.said, exchange.words) not in kinds:
            ((said, words),) = kinds
            return Difference(exchange.said, exchange.words, words if said == exchange.said else f"{said} -> {words}")
        if passed and not others:
            return Difference(exchange.said, exchange.words, "(had ended)")
    return None


def _folded(run: Sequence[Exchange]) -> list[Exchange]:
    """The run, with one exchange for each question that is repeated at once."""
    following = [*run[1:], Exchange("")]
    return [exchange for exchange, next_one in zip(run, following, strict=False) if exchange.said != next_one.said]

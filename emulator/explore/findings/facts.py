"""Gathers what is known of the run of a finding, for its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.explore.findings.whereabouts import Whereabouts, shown, whereabouts
from emulator.explore.steps.answer import parse
from emulator.explore.steps.step import Step
from emulator.explore.trials.trial import Result
from emulator.faults.census import Census
from emulator.faults.fault import Place
from emulator.matrix.exchange import Exchange
from emulator.trace.events import Fault
from emulator.trace.printable import printable


@dataclass(frozen=True)
class Facts:
    """What is known of a step in a run."""

    step: Step
    result: Result
    census: Census | None = None
    """Of the healthy run."""
    number: int = 1
    """Of the step's first fault among those of the scenario."""

    @property
    def line(self) -> str:
        """Return the command line at which the step applied, as the host has typed it."""
        exchange = self.exchange
        if exchange is not None and exchange.said[:2].upper() == "AT":
            return cut(printable(exchange.said.strip()))
        name = shown(self.step.command)
        return f"AT{name}" if name[:1] in tuple("+#$*@") else name

    @property
    def exchange(self) -> Exchange | None:
        """Return the exchange in which the step applied."""
        story, begins = self.result.story, f"{self.number}: "
        for exchange in (*story.exchanges, *story.latest):
            events = [moment.event for moment in exchange.moments]
            if any(isinstance(event, Fault) and event.rule.startswith(begins) for event in events):
                return exchange
        return None

    @property
    def where(self) -> Whereabouts:
        """Return where the host was in the end."""
        return whereabouts(self.result.story, self.result.trial.steps)

    @property
    def answer(self) -> bytes:
        """Return the answer to the command in the healthy run; empty where that is not known."""
        return answer_to(self.census, self.step) if self.census is not None else b""

    @property
    def opens_prompt(self) -> bool:
        """Return whether the healthy answer is a prompt first."""
        return parse(self.answer).prompt is not None

    def position(self, fault: Mapping[str, Any]) -> int:
        """Return after how many bytes of the healthy answer a fault applied."""
        return parse(self.answer).position(fault)

    def pieces(self, fault: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the two pieces of an answer, as in the healthy run; None where they are not known."""
        at, size = self.position(fault), parse(self.answer).size
        return (escaped(self.answer[:at]), escaped(self.answer[at:size])) if 0 < at < size else None


def answer_to(census: Census, step: Step) -> bytes:
    """Return the answer to the command at which a step applies, in the healthy run; empty where there is none."""
    wanted = (Place.ANSWER, step.command, step.occurrence)
    found = (passed.data for passed in census.passed if (passed.place, passed.command, passed.occurrence) == wanted)
    return next(found, b"")


def escaped(data: bytes) -> str:
    r"""Return bytes as they pass on the line, as in `\r\nOK\r\n`; of many the beginning and the end."""
    text = data.decode("latin-1").encode("unicode_escape").decode("ascii")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"


_LONGEST = 60
"""Characters of what is quoted."""


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return a text, or its beginning."""
    return text if len(text) <= longest else f"{text[:longest]}…"

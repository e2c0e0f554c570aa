"""A step of an inquiry: what was done on the line, and what came of it; it can be taken again on another module."""

from dataclasses import dataclass
from enum import StrEnum

from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ModuleLine

_SILENCE = 0.1
"""Seconds of real time in which an emulated module has answered, if it does."""


class Act(StrEnum):
    """What is done on a line."""

    ASK = "ask"
    ENTER = "enter"
    HEAR = "hear"
    WAIT = "wait"


@dataclass(frozen=True)
class Step:
    """An act and its exchange."""

    act: Act
    exchange: Exchange
    seconds: float
    """The time allowed for an answer, or that was let pass."""

    def again(self, module: ModuleLine, speed: float) -> Exchange:
        """Take the step on another module, whose time runs `speed` times as fast."""
        sent = self.exchange.sent
        within = self.seconds if self.exchange.said else max(_SILENCE, self.seconds / speed)
        if self.act is Act.ASK:
            return module.ask(sent, within)
        if self.act is Act.ENTER:
            return module.enter(sent, within)
        if self.act is Act.HEAR:
            return Exchange("", module.hear(self.seconds / speed))
        module.wait(self.seconds)
        return Exchange("", "")

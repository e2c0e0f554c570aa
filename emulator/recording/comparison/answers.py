"""Joins what one module says to answers, each to one command line or entry of the host."""

from collections import deque
from dataclasses import dataclass, field

from emulator.recording.chunk import Side
from emulator.recording.conversation import Said
from emulator.trace.events import Event


@dataclass
class ModuleAnswer:
    """What a module has said to one command line or entry."""

    data: bytes = b""
    """With its final result, CONNECT or the prompt at its end."""
    events: list[Event] = field(default_factory=list)
    """What the trace of an emulated module tells meanwhile."""


class Answers:
    """Collect answers; what a module says before a command is no part of its answer."""

    def __init__(self) -> None:
        self.open = ModuleAnswer()
        """The answer that is not complete."""
        self.owed = 0
        """Lines and entries that have no answer yet."""
        self._complete: deque[ModuleAnswer] = deque()

    def __repr__(self) -> str:
        return f"<Answers, {len(self._complete)} complete, {self.owed} to come>"

    def take(self, said: Said) -> bool:
        """Take a piece of the conversation; return whether an answer is complete with it."""
        if said.side is Side.HOST:
            if said.mode == "prompt" or (said.mode == "command" and said.data.endswith(b"\r")):
                if not self.owed:
                    self.open = ModuleAnswer()
                self.owed += 1
        elif said.mode == "command":
            self.open.data += said.data
            if said.ends_answer and self.owed:
                self.owed -= 1
                self._complete.append(self.open)
                self.open = ModuleAnswer()
                return True
        return False

    def next(self) -> ModuleAnswer | None:
        """Return the next complete answer; None where there is none."""
        return self._complete.popleft() if self._complete else None

    def give_up(self) -> ModuleAnswer:
        """Return what has been said to a line that nothing more is heard of."""
        given, self.open = self.open, ModuleAnswer()
        self.owed = max(0, self.owed - 1)
        return given

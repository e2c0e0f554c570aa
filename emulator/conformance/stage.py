"""The stage: an item played on both sides, step by step; it goes on after a difference, at the next exchange."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from emulator.at.syntax import parse_line
from emulator.commands.catalogue import declared_commands
from emulator.conformance.comparison import as_line, expected_of
from emulator.conformance.exchange import ESCAPE, Played, Sides, mode_after, play, send
from emulator.conformance.items import Item, Need
from emulator.conformance.verdict import Result, Verdict
from emulator.dialogue.steps import Answer, Escape, PeerStep, Poll, Send, Step, Wait
from emulator.dialogue.texts import as_bytes
from emulator.dte.module_line import ModuleLine
from emulator.dte.signals import signals_deferred
from emulator.errors import UserError

BASELINE = ("AT&F1", "ATE0", "AT+CMEE=1")
"""The state in which an item begins."""
_POLLS = 30
_POLL_INTERVAL = 1.0
_SLOW = 30.0
"""Seconds that a command may take that sets the state or undoes something, as the end of a connection does."""
_SILENT_AT_MOST = 3
"""Exchanges without a word after which the module is asked whether it is there."""
_CANCELS = b"\x1b"
_ENDS_ENTRY = (b"\x1a", _CANCELS)
_PROMPTED_TEXT = ("prompt", "online")


class Stage:
    """Play items, one after the other."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._silent = 0
        """Exchanges without a word, one after the other."""
        self._is_changed = True
        """Whether the state is not that of the beginning."""

    def __repr__(self) -> str:
        return f"<Stage of {self._sides.module!r} and {self._sides.twin!r}>"

    def play(self, item: Item) -> Iterator[Result]:
        """Yield what came of each exchange of an item.

        Raises:
            UserError: the port of the module has failed.
        """
        if self._is_changed:
            self._both(BASELINE)
        self._is_changed = not _is_read(item)
        self._both(item.before)
        run = _Run(item, self._sides)
        try:
            for result in run.results():
                self._note(result)
                yield result
            run.is_over = True
        finally:
            with signals_deferred():
                self._end(run, item)

    def _end(self, run: "_Run", item: Item) -> None:
        """Bring both sides back to command mode, and undo what the item has changed."""
        module = self._sides.module
        try:
            run.settle() if run.is_over else module.wake()
            self._both(item.after)
        except UserError:
            module.reopen()
            self._both(item.after)
            raise

    def _note(self, result: Result) -> None:
        """Count the exchanges to which the module says nothing.

        Raises:
            UserError: it does not answer at all.
        """
        is_silent = bool(result.emulated.text) and not result.module.text
        self._silent = self._silent + 1 if is_silent else 0
        module = self._sides.module
        if self._silent >= _SILENT_AT_MOST and not module.ask("AT").is_ok:
            raise UserError(f"{module.name}: the module has stopped answering; is it still on?")

    def _both(self, commands: tuple[str, ...]) -> None:
        for command in commands:
            for line in (self._sides.twin.line, self._sides.module):
                line.ask(command, _SLOW)


def _is_read(item: Item) -> bool:
    """Return whether nothing is changed by it: questions alone."""
    sent = [step for step in item.steps if not isinstance(step, Answer)]
    return not item.before and all(isinstance(step, Send) and as_bytes(step.text, {})[-2:] == b"?\r" for step in sent)


@dataclass
class _Mode:
    """What each side takes the next bytes for."""

    module: str = "command"
    twin: str = "command"


class _Run:
    """Play one item once."""

    def __init__(self, item: Item, sides: Sides) -> None:
        self._item = item
        self._sides = sides
        self._mode = _Mode()
        self._command = item.command
        self._line = ""
        """The latest command line."""
        self.is_over = False
        """Whether all has been played; else an exchange may have been broken off in the middle."""

    def results(self) -> Iterator[Result]:
        """Yield what came of each exchange, in turn."""
        steps = self._item.steps
        for index, step in enumerate(steps):
            following = steps[index + 1] if index + 1 < len(steps) else None
            if self._mode.module != self._mode.twin and isinstance(step, Send | Poll | Escape):
                yield self._not_tried(step, "the exchange before it has ended in another way")
            elif isinstance(step, PeerStep):
                yield self._not_tried(step, "its peer is the emulator's own")
                return
            elif isinstance(step, Wait):
                self._sides.wait(step.seconds)
            elif isinstance(step, Poll):
                yield self._poll(step)
            elif isinstance(step, Send | Escape):
                yield from self._exchange(step, following)
            elif isinstance(step, Answer) and not _follows(steps, index):
                yield self._judged(self._play(b"", step, step))

    def _exchange(self, step: Send | Escape, following: Step | None) -> Iterator[Result]:
        data = ESCAPE if isinstance(step, Escape) else as_bytes(step.text, self._sides.values)
        if self._is_part_of_an_entry(step, data, following):
            for line in (self._sides.twin.line, self._sides.module):  # a part of an entry: nothing is said to it
                line.send(data)
            return
        if self._mode.twin == "command" and data.endswith(b"\r"):
            self._line = data.decode("latin-1").strip()
            self._command = _command_of(self._line, self._item)
        yield self._judged(self._play(data, step, following if isinstance(following, Answer) else None))

    def _is_part_of_an_entry(self, step: Step, data: bytes, following: Step | None) -> bool:
        """Return whether nothing is said to what the host sends, as more of it comes."""
        goes_on = isinstance(step, Send) and isinstance(following, Send) and not data.endswith(_ENDS_ENTRY)
        return goes_on and self._mode.twin in _PROMPTED_TEXT

    def _poll(self, poll: Poll) -> Result:
        data = as_bytes(poll.text, self._sides.values)
        for _ in range(_POLLS):
            played = self._play(data, poll, poll.answer)
            if played.agrees:
                break
            self._sides.module.wait(_POLL_INTERVAL)
        return self._judged(played)

    def _play(self, data: bytes, step: Step, answer: Answer | None) -> Played:
        within = self._item.within if answer is None or answer.within is None else answer.within
        expected = expected_of(answer, self._item.written) if answer is not None else None
        dials = bool(self._item.needs & {Need.SERVER, Need.NETWORK})
        played = play(self._sides, data, self._line, expected, within, dials=dials)
        self._mode.module = mode_after(played.module.text, self._mode.module)
        self._mode.twin = mode_after(played.emulated.text, self._mode.twin)
        return played

    def _judged(self, played: Played) -> Result:
        return Result(
            self._item,
            self._command,
            played.sent,
            Verdict.AGREED if played.agrees else Verdict.DIFFERS,
            "" if played.agrees else played.comparison.why(),
            played.diff,
            () if played.agrees else played.reasons,
            played.told,
            played.comparison.lines,
            played.module,
            played.emulated,
        )

    def _not_tried(self, step: Step, why: str) -> Result:
        sent = as_line(as_bytes(step.text, self._sides.values)) if isinstance(step, Send | Poll) else ""
        return Result(self._item, self._command, sent, Verdict.NOT_TRIED, why)

    def settle(self) -> None:
        """Bring both sides back to command mode."""
        _settle(self._sides.twin.line, self._mode.twin)
        _settle(self._sides.module, self._mode.module)


def _follows(steps: tuple[Step, ...], index: int) -> bool:
    """Return whether an answer is that to what the host has just sent."""
    return index > 0 and isinstance(steps[index - 1], Send | Escape)


def _command_of(line: str, item: Item) -> str:
    """Return the name of the command that a line sends; that of the item where it is one of several, or is none."""
    names = [call.name for call in parse_line(line[2:])] if line[:2].upper() == "AT" else []
    if item.command in names or not names or names[0] not in _declared():
        return item.command
    return names[0]


@cache
def _declared() -> Collection[str]:
    return {name for command in declared_commands() for name in command.names}


def _settle(line: ModuleLine, mode: str) -> None:
    if mode == "prompt":
        line.enter(_CANCELS.decode("latin-1"), 1.0)
    elif mode == "online":
        for data in (ESCAPE, b"ATH\r"):
            send(line, data)
            line.read(1.0)

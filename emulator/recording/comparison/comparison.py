"""Compares a real module with an emulated one, exchange by exchange, while the host talks to the real one."""

import queue
import re
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from emulator.guard import log_defect
from emulator.line.serial.lines import HOST_IS_READY, HostLines
from emulator.options import ModemOptions
from emulator.recording.chunk import Side
from emulator.recording.comparison.answers import Answers, ModuleAnswer
from emulator.recording.comparison.emulated import EmulatedSide
from emulator.recording.comparison.verdict import Judge, Verdict
from emulator.recording.conversation import Said
from emulator.recording.redaction import Redaction
from emulator.trace.events import AnswerDiffers, Event, HostPresence, StateChanged

_GRACE = 5.0
"""Seconds that the emulated module may take longer than the real one."""
_BRIEFLY = 0.2
"""The same where it has been silent before, where the real one is silent, too, and at the end."""
_GIVEN_UP = 2.0
"""Seconds without an answer after which a host that says something else has given it up."""
_VALUES = re.compile(r"=[^;?]*")


@dataclass(frozen=True)
class _Asked:
    """A command line or entry that the real module has still to answer."""

    command: str
    at: float
    is_emulated: bool
    """Whether the emulated module has been asked, too."""


@dataclass
class Tally:
    """How the exchanges came out."""

    agreed: int = 0
    differing: int = 0
    not_compared: int = 0
    kinds: int = 0
    """Differences, each kind counted once."""

    @property
    def in_words(self) -> str:
        """Return the tally in one line."""
        compared = self.agreed + self.differing
        told = (
            f"{compared} exchange{'s' * (compared != 1)} compared, {self.differing} differ{'s' * (self.differing == 1)}"
        )
        kinds = f" in {self.kinds} way{'s' * (self.kinds != 1)}" if self.differing else ""
        left = f"; {self.not_compared} could not be compared" if self.not_compared else ""
        return f"{told}{kinds}{left}"


class Comparison:
    """Play the host's side on an emulated module in a thread; tell each kind of difference once, at once."""

    def __init__(self, options: ModemOptions, redaction: Redaction | None) -> None:
        """Start the emulated module.

        Args:
            options: of the emulated module.
            redaction: stars secrets in what is told; its own, for it is used in this thread; None shows them.

        Raises:
            UserError: an option is wrong.
        """
        self._emulated = EmulatedSide(options)
        self.name = self._emulated.name
        """The emulated firmware."""
        self._redaction = redaction
        self.tell: Callable[[Event], None] = lambda event: None
        """Is told of differences, in this thread."""
        self._real = Answers()
        self._asked: deque[_Asked] = deque()
        self._typed = b""
        self._command = ""
        self._judge = Judge()
        self._grace = _GRACE
        self._ends = False
        self._kinds: Counter[tuple[str, ...]] = Counter()
        self.tally = Tally()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="comparison", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<Comparison with {self.name}, {self.tally}>"

    # From the recorder.

    def said(self, said: Said) -> None:
        """Take what host or real module have said."""
        self._work.put(partial(self._take, said))

    def happened(self, event: Event) -> None:
        """Note that a host has come or gone, or has moved DTR."""
        match event:
            case HostPresence(present=present):
                self._work.put(partial(self._emulated.set_host, present))
            case StateChanged(thing="DTR", after=after):
                lines = HOST_IS_READY if after == "up" else HostLines.RTS
                self._work.put(partial(self._emulated.set_lines, lines))
            case _:
                pass

    def finish(self) -> None:
        """Compare what is left, and stop the emulated module; harmless a second time."""
        if self._thread.is_alive():
            self._ends = True
            self._work.put(self._give_up)
            self._work.put(None)
            self._thread.join()
            self._emulated.close()

    # In the thread.

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception as error:
                log_defect("the comparison", error)

    def _take(self, said: Said) -> None:
        if said.side is Side.MODULE:
            if self._real.take(said) and self._asked:
                self._compare(self._asked.popleft(), self._real.next() or ModuleAnswer())
            return
        if self._asked and said.at - self._asked[-1].at > _GIVEN_UP and said.mode == "command":
            self._give_up()
        match said.mode:
            case "command":
                self._type(said)
            case "prompt":
                self._enter(said)
            case "online":
                if self._emulated.mode == "online":
                    self._emulated.send(said.data)
        self._real.take(said)

    def _type(self, said: Said) -> None:
        if not self._asked:
            self._emulated.return_to_commands()
        self._emulated.send(said.data)
        self._typed += said.data
        if said.data.endswith(b"\r"):
            self._command, self._typed = self._typed.decode("latin-1").strip("\r\n"), b""
            if self._redaction is not None:
                self._redaction.line(self._command)  # its secrets may be in answers
            self._asked.append(_Asked(self._command, said.at, is_emulated=True))

    def _enter(self, said: Said) -> None:
        """Send an entry, unless the emulated module has asked for none: there it would be commands."""
        asks = self._emulated.mode == "prompt"
        if asks:
            self._emulated.send(said.data)
            self._emulated.end_entry()
        self._asked.append(_Asked(self._command, said.at, is_emulated=asks))

    def _give_up(self) -> None:
        """Take for silence what has had no answer: the module may be off."""
        while self._asked:
            self._grace = _BRIEFLY
            self._compare(self._asked.popleft(), self._real.give_up())

    def _compare(self, asked: _Asked, real: ModuleAnswer) -> None:
        if not asked.is_emulated:
            self.tally.not_compared += 1
            return
        answer = self._emulated.answer(_BRIEFLY if self._ends else self._grace)
        self._grace = _BRIEFLY if answer is None else _GRACE
        emulated = answer or self._emulated.give_up()
        verdict = self._judge.judge(asked.command, real.data, emulated)
        if not verdict.diff:
            self.tally.agreed += 1
        elif verdict.is_compared:
            self.tally.differing += 1
            self.tally.kinds += self._told_first(verdict)
        else:
            self.tally.not_compared += 1
            self._told_first(verdict._replace(diff=()))

    def _told_first(self, verdict: Verdict) -> bool:
        """Tell a kind of difference, the first time; the values of the command make no kind of their own."""
        kind = (_VALUES.sub("=", verdict.command.upper()), *verdict.diff)
        self._kinds[kind] += 1
        if self._kinds[kind] > 1:
            return False
        shown = (lambda text: text) if self._redaction is None else self._redaction.without_known
        command = verdict.command if self._redaction is None else self._redaction.line(verdict.command)
        self.tell(
            AnswerDiffers(
                command=command,
                firmware=self.name,
                diff=[shown(line) for line in verdict.diff],
                reasons=[shown(reason) for reason in verdict.reasons],
            )
        )
        return True

"""Asks a module on a line, one command at a time."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from emulator.dte.escaping import GUARD_TIME
from emulator.dte.exchange import Exchange
from emulator.dte.other_programs import programs_at
from emulator.dte.port import BAUD, SerialPort
from emulator.dte.results import Results, results_of
from emulator.errors import UserError

ANSWER = 5.0
"""Seconds that an answer may take, unless more are allowed."""
RETURN = 30.0
"""Seconds in which a port that was lost may come back."""
_TRIES = 2
_FIRST_ANSWER = 1.0
_SHORTEST = 0.1
"""Seconds that an answer may take however fast the module's time runs."""
_SILENCE = 0.3
"""Seconds without a word that end what a module still had to say."""
_LONGEST = 60.0
"""Seconds that a module may go on talking when its host has broken off."""
_ESC = "\x1b"
_IS_IT_THERE = "is a module at this port, is it on, and is its speed right (--baud)?"


class ModuleLine:
    """A line to a module; entering the `with` block opens the port and makes the module answer in words.

    Echo and the form of result codes (E, Q, V) are put back when the block ends.
    """

    def __init__(self, port: str | SerialPort, baud: int = BAUD, *, time_scale: float = 1.0) -> None:
        """Take the port, or its name; `time_scale` is that of an emulator at its other end, where it has one."""
        self._port = port if isinstance(port, SerialPort) else SerialPort(port, baud)
        self._scale = time_scale
        self._found = Results()

    def __repr__(self) -> str:
        return f"<ModuleLine to {self._port!r}>"

    def __enter__(self) -> Self:
        self._port.__enter__()
        try:
            self._found = self.wake()
        except BaseException:
            self._port.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if not self._port.is_lost:
                self.settle()
                self._put_back()
        finally:
            self._port.__exit__(kind, error, traceback)

    @property
    def name(self) -> str:
        """Return the name of the port."""
        return self._port.name

    @property
    def time_scale(self) -> float:
        """Return how many times as fast the module's time runs."""
        return self._scale

    @property
    def found(self) -> Results:
        """Return how the module showed its results before."""
        return self._found

    def leave_with(self, results: Results) -> None:
        """Let the module show results in this way when the block ends: as an earlier host of this program found it."""
        self._found = results

    def ask(self, command: str, within: float = ANSWER) -> Exchange:
        """Send a command, with `AT`, and wait for its final result or a prompt.

        Raises:
            UserError: the port has failed.
        """
        return self._exchanged(command, f"{command}\r", within)

    def enter(self, data: str, within: float = ANSWER) -> Exchange:
        """Send bytes as they are, as at a prompt, and wait for a final result.

        Raises:
            UserError: the port has failed.
        """
        return self._exchanged(data, data, within)

    def send(self, data: bytes) -> None:
        """Send bytes as they are, and wait for nothing; what has come before is dropped.

        Raises:
            UserError: the port has failed.
        """
        self._port.read(0)
        self._port.write(data)

    def read(self, within: float) -> bytes:
        """Return what has come, waiting at most `within` seconds for the first byte.

        Raises:
            UserError: the port has failed.
        """
        return self._port.read(within)

    def wait(self, seconds: float) -> None:
        """Let the module's time pass."""
        time.sleep(seconds / self._scale)

    def hear(self, within: float, at_most: float = _LONGEST) -> str:
        """Return what the module says by itself until it is silent for `within` seconds, or `at_most` have passed."""
        heard, end = "", time.monotonic() + at_most
        while time.monotonic() < end and (said := self._port.read(within).decode("latin-1")):
            heard += said
        return heard

    def settle(self) -> None:
        """Hear a command that was broken off to its end, and cancel an entry; nothing is done where none is."""
        if Exchange("", self.hear(_SILENCE / self._scale)).is_prompt or not self.ask("AT", _FIRST_ANSWER).is_ok:
            self.enter(_ESC, _FIRST_ANSWER)

    def open_again(self) -> bool:
        """Open a port again that has failed, if it is there; return whether it is."""
        self._port.__exit__(None, None, None)
        try:
            self._port.__enter__()
        except UserError:
            return False
        return True

    def reopen(self, within: float = RETURN) -> None:
        """Open a port again that has failed, as a USB port does while its module restarts.

        Raises:
            UserError: it has not come back in time.
        """
        end = time.monotonic() + within / self._scale
        while True:
            self._port.__exit__(None, None, None)
            try:
                self._port.__enter__()
                self.wake()
            except UserError:
                if time.monotonic() > end:
                    raise
                self.wait(_SILENCE)
            else:
                return

    def _exchanged(
        self, shown: str, data: str, within: float, ends: Callable[[Exchange], bool] = Exchange.ends_here
    ) -> Exchange:
        self._port.read(0)
        began = time.monotonic()
        self._port.write(data.encode("latin-1"))
        exchange = Exchange(shown, "")
        while (left := began + within - time.monotonic()) > 0:
            has_final = exchange.final is not None
            heard = self._port.read(min(left, _SILENCE) if has_final else left).decode("latin-1")
            exchange = Exchange(shown, exchange.said + heard, time.monotonic() - began)
            if ends(exchange) or (has_final and not heard):  # a URC may stand behind the final result
                break
        return exchange

    def wake(self) -> Results:
        """Find the module in command mode: it may be silent, at a prompt, in data mode, or looking for the speed.

        It answers in words afterwards. Returns how it showed its results before.

        Raises:
            UserError: it does not answer, or the port has failed.
        """
        found = self._found_results()
        if found is None:
            self.wait(GUARD_TIME)
            self.enter("+++", 0.1)
            self.wait(GUARD_TIME)
            found = self._found_results()
        if found is None:
            raise self._silent()
        return found

    def _put_back(self) -> None:
        """Set echo and the form of results as they were, of which the last answer may already show nothing."""
        command = self._found.command
        within = _SILENCE if self._found.quiet else _FIRST_ANSWER
        self._exchanged(command, f"{command}\r", within, Exchange.ends_here_in_any_form)

    def _ask_any(self, command: str) -> Exchange:
        """Ask a module whose results may be numbers."""
        within = max(_FIRST_ANSWER / self._scale, _SHORTEST)
        return self._exchanged(command, f"{command}\r", within, Exchange.ends_here_in_any_form)

    def _silent(self) -> UserError:
        others = programs_at(self.name)
        remedy = f"{' and '.join(others)} uses it, too; end that first" if others else _IS_IT_THERE
        return UserError(f"{self.name}: no answer to AT; {remedy}")

    def _found_results(self) -> Results | None:
        """Return how the module shows results, once it shows them in words; None where it is silent."""
        for _ in range(_TRIES):
            results = results_of(self._ask_any("AT")) or results_of(self._ask_any("ATQ0"))
            if results is not None and (results.verbose or self.ask("ATV1", _FIRST_ANSWER).is_ok):
                return results
            self.enter(_ESC, 0.1)
        return None

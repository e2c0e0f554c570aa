"""An inquiry: a module on a line, and the firmware from which learning begins."""

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.at.table import CommandTable
from emulator.commands.catalogue import command_table
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ANSWER, ModuleLine
from emulator.firmware.loader import Firmware
from emulator.learning.asking.step import Act, Step


class Inquiry:
    """Ask a module; remember every step in order."""

    def __init__(self, module: ModuleLine, base: Firmware) -> None:
        self.module = module
        self.base = base
        self.exchanges: list[Exchange] = []
        self._steps: list[Step] = []
        self._once: dict[str, Step] = {}

    def __repr__(self) -> str:
        return f"<Inquiry of {self.module!r} from {self.base.name}, {len(self.exchanges)} exchanges>"

    @property
    def commands(self) -> CommandTable:
        """Return the commands of the base."""
        return command_table(self.base)

    def ask(self, command: str, within: float = ANSWER) -> Exchange:
        """Ask the module; see `ModuleLine.ask`."""
        return self._noted(Act.ASK, self.module.ask(command, within), within)

    def enter(self, data: str, within: float = ANSWER) -> Exchange:
        """Send bytes as they are; see `ModuleLine.enter`."""
        return self._noted(Act.ENTER, self.module.enter(data, within), within)

    def hear(self, within: float) -> str:
        """Return what the module says by itself; see `ModuleLine.hear`."""
        return self._noted(Act.HEAR, Exchange("", self.module.hear(within)), within).said

    def wait(self, seconds: float) -> None:
        """Let the module's time pass; see `ModuleLine.wait`."""
        self.module.wait(seconds)
        self._steps.append(Step(Act.WAIT, Exchange("", ""), seconds))

    @contextmanager
    def noting(self) -> Iterator[list[Step]]:
        """Give the list of the steps that are taken in the `with` block."""
        outer, self._steps = self._steps, []
        try:
            yield self._steps
        finally:
            outer += self._steps
            self._steps = outer

    def _noted(self, act: Act, exchange: Exchange, seconds: float) -> Exchange:
        self.exchanges.append(exchange)
        self._steps.append(Step(act, exchange, seconds))
        return exchange

    def once(self, command: str, within: float = ANSWER) -> Exchange:
        """Ask what is answered the same at any time, as `=?` is; the module is asked a single time."""
        if command not in self._once:
            self.ask(command, within)
            self._once[command] = self._steps[-1]
        elif self._once[command] not in self._steps:
            self._steps.append(self._once[command])
        return self._once[command].exchange

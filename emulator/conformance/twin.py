"""The twin: an emulated module of the firmware that the module is compared with, in the same situation."""

from types import TracebackType
from typing import Self

from emulator.api import VirtualModem
from emulator.dte.module_line import ModuleLine
from emulator.trace.events import ConnectionEnded, Event, Refused
from emulator.trace.transcript import lines_of

SCALE = 20.0
"""How much faster its time runs: guard times and timeouts are not waited for twice."""


class Twin:
    """Run an emulated module in the `with` block, and hear why it refuses."""

    def __init__(self, firmware: str, settings: list[str]) -> None:
        """Take the firmware, and what is set beside it."""
        self._told: list[Event] = []
        self._modem = VirtualModem(firmware, settings=settings, time_scale=SCALE, readers=[self._hear])
        self.line: ModuleLine
        """Its line; open within the block."""

    def __repr__(self) -> str:
        return f"<Twin {self._modem!r}>"

    def __enter__(self) -> Self:
        self._modem.start()
        try:
            self.line = ModuleLine(self._modem.port, time_scale=SCALE)
            self.line.__enter__()
        except BaseException:
            self._modem.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.line.__exit__(kind, error, traceback)
        finally:
            self._modem.stop()

    def reasons(self) -> list[str]:
        """Return why it has refused, or ended a connection, since the last call; each as a transcript has it."""
        told, self._told[:] = list(self._told), []
        return [line for event in told for line in lines_of(event)]

    def _hear(self, now: float, event: Event) -> None:
        if isinstance(event, Refused | ConnectionEnded):
            self._told.append(event)

"""The modem as faults of the module see it, from one of its AT instances."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.clock import Clock
from emulator.device.device import Device
from emulator.line.at_port import AtPort
from emulator.trace.defect import report_defect

if TYPE_CHECKING:
    from emulator.faults.instance import FaultyInstance


class Target:
    """Reach an AT instance, its port and its module."""

    def __init__(self, name: str, port: AtPort, observed: "FaultyInstance | None", clock: Clock) -> None:
        """Take the instance called `name`; `observed` is None for a channel that was never opened."""
        self.name = name
        self.clock = clock
        self._port = port
        self._observed = observed

    @property
    def device(self) -> Device:
        """The module."""
        return self._port.instance.device

    @property
    def is_open(self) -> bool:
        """Whether the AT instance has a port or an open channel."""
        return self._observed is not None and self._observed.instance.host.connected

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator."""
        report_defect(self.device.environment.trace, "a fault", error)

    def notify(self, text: str) -> None:
        """Send a URC as soon as no command runs."""
        if self._observed is not None:
            self._observed.instance.notify(text)

    def insert(self, data: bytes) -> None:
        """Send bytes to the host behind all that has been said, be it that this is still under way."""
        if self._observed is not None:
            self._observed.insert(data)

    def inject(self, data: bytes) -> None:
        """Send bytes to the host at once, even within an answer or a pause of it."""
        if self._observed is not None:
            self._observed.inject(data)

    def take_port_away(self) -> Callable[[], None]:
        """Remove the port (of a channel: the one below it) until the return value is called, once."""
        return self._port.take_away()

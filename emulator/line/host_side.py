"""The host's side of an AT instance: bytes and control lines, to and from the port that serves it."""

from typing import Protocol

from emulator.at.settings import Settings
from emulator.clock import Clock
from emulator.firmware.schema.terminal import Terminal
from emulator.line.control_lines import LineControl
from emulator.line.observer import Bytes, InstanceObserver
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.trace.events import HostPresence, Trace


class HostListener(Protocol):
    """Reacts to what the host does."""

    def receive(self, data: bytes) -> None:
        """Take bytes from the host."""

    def host_leaves(self) -> None:
        """The last host has closed the port; DTR falls next, if it was up."""

    def host_is_uncertain(self) -> None:
        """The host whose bytes came last, since `host_leaves`, may have left or be there still; DTR falls next."""

    def dtr_rises(self) -> None:
        """The host raises DTR."""

    def dtr_falls(self) -> None:
        """The host drops DTR, or has gone."""

    def host_writable(self) -> None:
        """The host takes more again after `congested`."""

    def pump(self) -> None:
        """Handle what has changed."""


class HostSide:
    """A `PortOwner` for one AT instance."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        profile: Terminal,
        clock: Clock,
        trace: Trace,
        line: SerialLine,
        listener: HostListener,
        observer: InstanceObserver,
    ) -> None:
        """`line` is the serial line that the settings speak of; all bytes pass the `observer`."""
        self._name = name
        self._trace = trace
        self._listener = listener
        self._observer = observer
        self.data_received: Bytes = observer.incoming(listener.receive)
        """See `PortOwner`; called with bytes from the host."""
        self.write: Bytes = _lose
        """Send bytes to the host, if there is a port."""
        self._port: Port | None = None
        self.lines = LineControl(settings, profile, clock, line, self._show)
        """What the device makes of its line, and shows the host of it."""
        self._dtr = False
        self.paused = False
        """Whether the host is kept from sending more."""
        self._changes = False
        self.has_gone = False
        """Whether the last host has left and no other one has come."""

    def __repr__(self) -> str:
        return f"<HostSide {self._name}{', paused' if self.paused else ''} on {self._port!r}>"

    def connect(self, port: Port) -> None:
        """Serve the host through this port."""
        self._port = port
        self.write = self._observer.outgoing(port.write)
        port.set_lines(self.lines.shown)

    def disconnect(self) -> None:
        """The port has gone; what is said until the next one is lost."""
        self._port = None
        self.write = _lose
        self.paused = False

    @property
    def connected(self) -> bool:
        """Whether there is a port, so that a host may listen."""
        return self._port is not None

    # To the host.

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""
        return self._port is not None and self._port.congested

    def pause(self, paused: bool) -> None:
        """Keep the host from sending more, or let it go on."""
        if self._port is None or paused is self.paused:
            return
        self.paused = paused
        if paused:
            self._port.pause()
        else:
            self._port.resume()

    def _show(self, lines: DeviceLines) -> None:
        if self._port is not None:
            self._port.set_lines(lines)

    # From the host, as the owner of the port.

    def host_opened(self) -> None:
        """The first host has opened the port: DTR rises."""
        self.has_gone = False
        self._trace.emit(HostPresence(terminal=self._name, present=True))
        self.lines_changed(HOST_IS_READY)

    def host_changes(self) -> None:
        """The next host is there, and the last one may still have to be heard."""
        self._changes = True
        self._listener.host_leaves()
        self._listener.pump()

    def host_closed(self) -> None:
        """The last host has closed the port, and DTR falls with it."""
        self.has_gone = True
        self._trace.emit(HostPresence(terminal=self._name, present=False))
        if self._changes:
            self._listener.host_is_uncertain()
        else:
            self._listener.host_leaves()
        self._changes = False
        self.lines_changed(HostLines.NONE)

    def lines_changed(self, lines: HostLines) -> None:
        """The host has moved its lines; DTR counts here."""
        before, self._dtr = self._dtr, HostLines.DTR in lines
        if self._dtr and not before:
            self._listener.dtr_rises()
        elif before and not self._dtr:
            self._listener.dtr_falls()
        self._listener.pump()

    def writable(self) -> None:
        """The port takes more again."""
        self._listener.host_writable()


def _lose(data: bytes) -> None:
    """Send bytes on a wire with nothing at its end."""

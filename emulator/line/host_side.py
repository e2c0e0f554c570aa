"""The host's side of an AT instance: bytes and control lines, to and from the port that serves it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.at.settings import Settings
from emulator.clock import Clock
from emulator.firmware.schema.terminal import Terminal
from emulator.guard import guarded
from emulator.line.control_lines import LineControl
from emulator.line.observer import Bytes, InstanceObserver
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.trace.events import HostPresence
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.line.instance import Instance


Overhears = Callable[[str, bool, bytes], None]
"""Is told the name of the AT instance, whether the host has sent the bytes, and the bytes."""


class HostSide:
    """Own the port of one AT instance."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        profile: Terminal,
        clock: Clock,
        trace: Trace,
        line: SerialLine,
        instance: "Instance",
        observer: InstanceObserver,
    ) -> None:
        """Apply the settings to `line`, and let all bytes pass the `observer`."""
        self._name = name
        self._trace = trace
        self._instance = instance
        self._observer = observer
        self._take: Bytes = observer.incoming(instance.receive)
        """Takes bytes from the host."""
        self.write: Bytes = _lose
        """Sends bytes to the host, if there is a port."""
        self._overhears: Overhears | None = None
        self.port: Port | None = None
        """What the host has opened, while there is one."""
        self.lines = LineControl(settings, profile, clock, line, self._show, self.fail)
        """Control of the serial line, by the settings."""
        self._dtr = False
        self.paused = False
        """Whether the host must stop sending."""
        self._changes = False
        """Whether the next host is there already, so that nothing is said until it has been told."""
        self.has_gone = False
        """Whether the last host has left and no other one has come."""

    def __repr__(self) -> str:
        return f"<HostSide {self._name}{', paused' if self.paused else ''} on {self.port!r}>"

    def connect(self, port: Port) -> None:
        """Connect the host at this port."""
        self.port = port
        self.write = self._told_of(False, self._observer.outgoing(port.write))
        port.set_lines(self.lines.shown)

    def disconnect(self) -> None:
        """Leave the port; what is sent until the next one is lost."""
        self.port = None
        self.write = _lose
        self.paused = False

    def overhear(self, overhears: Overhears) -> None:
        """Tell of all bytes from now on: as the host has sent them, and as the instance sends them."""
        self._overhears = overhears
        self.wire()

    def wire(self) -> None:
        """Lay both ways anew: the observer may want to stand between, or somebody overhears."""
        self._take = self._told_of(True, self._observer.incoming(self._instance.receive))
        if self.port is not None:
            self.connect(self.port)

    def _told_of(self, by_host: bool, carry: Bytes) -> Bytes:
        overhears = self._overhears
        if overhears is None:
            return carry

        def told(data: bytes) -> None:
            overhears(self._name, by_host, data)
            carry(data)

        return told

    @property
    def connected(self) -> bool:
        """Whether there is a port, so that a host may listen."""
        return self.port is not None

    # To the host.

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""
        return self.port is not None and self.port.congested

    def pause(self, paused: bool) -> None:
        """Keep the host from sending more, or let it go on."""
        if self.port is None or paused is self.paused:
            return
        self.paused = paused
        if paused:
            self.port.pause()
        else:
            self.port.resume()

    def _show(self, lines: DeviceLines) -> None:
        if self.port is not None:
            self.port.set_lines(lines)

    # From the host, as the owner of the port.

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the instance goes on."""
        self._instance.fail(error)

    port_failed = fail

    @guarded
    def data_received(self, data: bytes) -> None:
        """See `PortOwner`."""
        self._take(data)

    @guarded
    def host_opened(self) -> None:
        """See `PortOwner`."""
        self.has_gone = False
        self._trace.emit(HostPresence(terminal=self._name, present=True))
        self.lines_changed(HOST_IS_READY)

    @guarded
    def host_changes(self) -> None:
        """See `PortOwner`."""
        self._changes = True
        self._instance.host_leaves()
        self._instance.pump()

    @guarded
    def host_closed(self) -> None:
        """See `PortOwner`."""
        self.has_gone = True
        self._observer.host_left()
        self._trace.emit(HostPresence(terminal=self._name, present=False))
        if self._changes:
            self._changes = False
            self._instance.host_is_uncertain()
            self._move_dtr(HostLines.NONE)  # what waits is answered when the next host has been told
        else:
            self._instance.host_leaves()
            self.lines_changed(HostLines.NONE)

    @guarded
    def lines_changed(self, lines: HostLines) -> None:
        """Take the lines of the host; only DTR matters here."""
        self._move_dtr(lines)
        self._instance.pump()

    def _move_dtr(self, lines: HostLines) -> None:
        before, self._dtr = self._dtr, HostLines.DTR in lines
        if self._dtr and not before:
            self._instance.dtr_rises()
        elif before and not self._dtr:
            self._instance.data_mode.dtr_falls()

    @guarded
    def writable(self) -> None:
        """See `PortOwner`."""
        self._instance.host_writable()


def _lose(data: bytes) -> None:
    """Send bytes on a wire with nothing at its end."""

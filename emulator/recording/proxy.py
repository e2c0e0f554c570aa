"""Carries bytes and control lines between a host and a module, unchanged and at once, and lets others listen."""

from collections.abc import Callable
from typing import Protocol

from emulator.errors import UserError
from emulator.guard import log_defect
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import LineFormat, SerialLine
from emulator.recording.chunk import Side
from emulator.recording.module.end import ModuleEnd
from emulator.recording.requested_speed import RequestedSpeed


class LineObserver(Protocol):
    """Hear what passes; it is called when the bytes are on their way."""

    def said(self, side: Side, data: bytes) -> None:
        """Take bytes of one side."""

    def host_is_there(self, there: bool) -> None:
        """Note that a host has opened the port, or that the last one has closed it."""

    def line_changed(self, what: str, before: str, after: str) -> None:
        """Note a change of the line: a control line, or its speed."""


class Proxy:
    """Own the host's port and the module's, inside an event loop."""

    def __init__(
        self,
        host: Port,
        module: ModuleEnd,
        line: SerialLine,
        listener: LineObserver,
        lost: Callable[[UserError], None],
    ) -> None:
        """Carry from now on.

        Args:
            host: the port that hosts open.
            module: the line to the module.
            line: what the host's port tells of the host's settings.
            listener: hears what passes.
            lost: called when the module's port has failed.
        """
        self._host = host
        self._module = module
        self._line = line
        self._listener = listener
        self._lost = lost
        self._rate = line.baud or 0
        self._breaks = False
        self._requested = RequestedSpeed()
        self._lines = HostLines.NONE
        self._device_lines: DeviceLines | None = None
        line.followed_by = self
        module.open(self)
        host.open(self)

    def __repr__(self) -> str:
        return f"<Proxy between {self._host!r} and {self._module!r}>"

    # What the host's port tells.

    def data_received(self, data: bytes) -> None:
        """See `PortOwner`."""
        self._module.write(data)
        if self._module.congested:
            self._host.pause()
        self._requested.by_host(data)
        self._listener.said(Side.HOST, data)

    def host_opened(self) -> None:
        """See `PortOwner`."""
        self._listener.host_is_there(True)
        self._lines = HOST_IS_READY
        self._module.set_lines(HOST_IS_READY)

    def host_changes(self) -> None:
        """See `PortOwner`; the port itself drops what was for the last host."""

    def host_closed(self) -> None:
        """See `PortOwner`: what it has sent leaves before the module sees its end."""
        if self._breaks:
            self.break_changed(False)
        self._lines = HostLines.NONE
        self._module.hang_up()
        self._line.set_host(None)
        self._listener.host_is_there(False)

    def lines_changed(self, lines: HostLines) -> None:
        """See `PortOwner`."""
        self._module.set_lines(lines)
        for line in HostLines:
            if line in lines ^ self._lines:
                self._listener.line_changed(str(line.name), *_levels(line in self._lines, line in lines))
        self._lines = lines

    def writable(self) -> None:
        """See `PortOwner`."""
        self._module.resume()

    def port_failed(self, error: Exception) -> None:
        """See `PortOwner`."""
        log_defect("the host's port", error)

    # What the host has set, see `HostSettings`.

    def rate_changed(self, rate: int) -> None:
        """Set the module's line to the host's speed."""
        self._module.set_speed(rate)
        if rate != self._rate:
            self._listener.line_changed("speed", str(self._rate), str(rate))
            self._rate = rate

    def format_changed(self, form: LineFormat) -> None:
        """Set the module's line to the host's format and flow control."""
        self._module.set_format(form)

    def break_changed(self, on: bool) -> None:
        """Pass a BREAK on."""
        self._breaks = on
        self._module.set_break(on)
        self._listener.line_changed("BREAK", *_levels(not on, on))

    # What the module's port tells, see `ModuleOwner`.

    def module_said(self, data: bytes) -> None:
        """Pass bytes on; they are heard also while no host is there."""
        self._host.write(data)
        if self._host.congested:
            self._module.pause()
        self._listener.said(Side.MODULE, data)
        rate = self._requested.by_module(data)
        if rate is not None and self._line.host_rate is None:
            self.rate_changed(rate)  # over TCP a host cannot tell that it has changed its speed, too

    def module_writable(self) -> None:
        """Let the host send more."""
        self._host.resume()

    def module_lines_changed(self, lines: DeviceLines) -> None:
        """Show the module's lines to the host."""
        self._host.set_lines(lines)
        before, self._device_lines = self._device_lines, lines
        if before is not None:
            for line in DeviceLines:
                if line in before ^ lines:
                    self._listener.line_changed(str(line.name), *_levels(line in before, line in lines))

    def module_lost(self, error: UserError) -> None:
        """End."""
        self._lost(error)


def _levels(*up: bool) -> tuple[str, str]:
    before, after = ("up" if level else "down" for level in up)
    return before, after

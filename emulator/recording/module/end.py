"""The contract of the line to the module: bytes, control lines, speed and BREAK, without waiting."""

from typing import Protocol

from emulator.errors import UserError
from emulator.line.serial.lines import DeviceLines, HostLines
from emulator.line.serial.serial_line import LineFormat

SHOWN_WITHOUT_LINES = DeviceLines.CTS | DeviceLines.DSR
"""What a host is shown where the module's port has no control lines: the module is there and takes bytes."""


class ModuleOwner(Protocol):
    """Listen to the module. Every call comes from the event loop."""

    def module_said(self, data: bytes) -> None:
        """Take bytes of the module; never empty."""

    def module_writable(self) -> None:
        """Send more: the port is congested no longer."""

    def module_lines_changed(self, lines: DeviceLines) -> None:
        """Take the control lines of the module."""

    def module_lost(self, error: UserError) -> None:
        """Note that the port has failed; nothing comes from it any more."""


class ModuleEnd(Protocol):
    """Reach the module, inside a running event loop. What is asked is done in its order, also where it waits."""

    @property
    def congested(self) -> bool:
        """Whether bytes wait: the host is to send no more until `module_writable`."""

    def open(self, owner: ModuleOwner) -> None:
        """Listen for `owner`, once."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def set_lines(self, lines: HostLines) -> None:
        """Set DTR and RTS at once, where the port has them."""

    def hang_up(self) -> None:
        """Let DTR and RTS fall once what was written has left, as when a serial port is closed."""

    def set_speed(self, rate: int) -> None:
        """Set the speed of the line in bit/s; what was written leaves at the old one."""

    def set_format(self, form: LineFormat) -> None:
        """Set the bits of a character, and flow control."""

    def set_break(self, on: bool) -> None:
        """Begin or end a BREAK."""

    def pause(self) -> None:
        """Stop reading; harmless when paused already."""

    def resume(self) -> None:
        """Go on reading; harmless when not paused."""

    def close(self) -> None:
        """Close the port, and report nothing afterwards; harmless when closed already."""

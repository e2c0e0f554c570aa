"""The contract of ports: a port carries bytes and tells whether a host is there."""

from typing import Final, Protocol

from emulator.line.serial.lines import DeviceLines, HostLines

HIGH_MARK: Final = 64 * 1024
"""Most bytes that wait for the host before the port is congested."""

LOW_MARK: Final = 16 * 1024
"""Most bytes that wait when it is writable again."""


class PortOwner(Protocol):
    """Listen to a port. Every call comes from the event loop of the port, one at a time."""

    def data_received(self, data: bytes) -> None:
        """Take bytes from the host; never empty."""

    def host_opened(self) -> None:
        """Note that the first host has opened the port: DTR rises."""

    def host_changes(self) -> None:
        """Note that the next host is there while bytes of the last one may still come.

        Until `host_closed`, bytes may come from either. What was written before is dropped; what is written from now on
        is for the next host. Only ports that cannot tell the bytes apart report it.
        """

    def host_closed(self) -> None:
        """Note that the last host has closed the port, and that all its bytes have been received: DTR falls."""

    def lines_changed(self, lines: HostLines) -> None:
        """Take the lines of the host. Both are up when it comes; many ports cannot tell more."""

    def writable(self) -> None:
        """Send more: the port is congested no longer."""

    def port_failed(self, error: Exception) -> None:
        """Report a defect of the emulator within the port, which goes on."""


class Port(Protocol):
    """Serve the module as a serial port, made inside a running event loop."""

    @property
    def name(self) -> str:
        """Path or URL that the host opens."""

    @property
    def congested(self) -> bool:
        """Whether more than HIGH_MARK bytes wait for the host, or have waited and LOW_MARK is not reached yet.

        The owner stops its sources until `writable` is called. Bytes written all the same are kept.
        """

    def open(self, owner: PortOwner) -> None:
        """Listen for `owner`, once; report a host that came before within this call."""

    def write(self, data: bytes) -> None:
        """Send to the host without blocking; drop the bytes while no host is there."""

    def set_lines(self, lines: DeviceLines) -> None:
        """Show the control lines of the module to the host, where the port can."""

    def pause(self) -> None:
        """Stop reading, so that the host is slowed down; harmless when paused already.

        Bytes of the host wait, and so does its closing of the port, which is reported after them.
        """

    def resume(self) -> None:
        """Go on reading; harmless when not paused."""

    def close(self) -> None:
        """Close the port. Report nothing afterwards; harmless when closed already."""

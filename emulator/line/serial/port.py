"""The seam between a terminal and whatever its host holds the other end of.

A port carries bytes and tells whether a host is there. It knows nothing of lines, commands or modes.
"""

from typing import Final, Protocol

from emulator.line.serial.lines import DeviceLines, HostLines

HIGH_MARK: Final = 64 * 1024
"""Bytes that may wait for the host before the port calls itself congested."""

LOW_MARK: Final = 16 * 1024
"""Bytes down to which they must fall before it is writable again."""


class PortOwner(Protocol):
    """The one who listens to a port. Every call comes from the port's event loop, one at a time."""

    def data_received(self, data: bytes) -> None:
        """The host sent these bytes; never empty."""

    def host_opened(self) -> None:
        """The first host has opened the port: DTR rises."""

    def host_changes(self) -> None:
        """The last host has left and the next one is there, before the first was heard to the end.

        What is received from now on until `host_closed` may come from either. Only ports that cannot tell report it.
        """

    def host_closed(self) -> None:
        """The last host has closed the port, and all it sent has been received: DTR falls."""

    def lines_changed(self, lines: HostLines) -> None:
        """The host, while it is there, has moved its lines. Both are up when it comes; many ports cannot tell more."""

    def writable(self) -> None:
        """The port was congested, and no longer is."""


class Port(Protocol):
    """A serial port as the module sees it. It is made inside a running event loop and lives in it."""

    @property
    def name(self) -> str:
        """What the host opens: a path or a URL."""

    @property
    def congested(self) -> bool:
        """More than HIGH_MARK bytes have come to wait for the host, and no fewer than LOW_MARK wait still.

        The owner keeps its own sources quiet until `writable` is called. Bytes written all the same are kept: the
        buffer is as bounded as the owner is well-behaved.
        """

    def open(self, owner: PortOwner) -> None:
        """Begin to listen on behalf of `owner`, once; a host that came before is reported from inside this call."""

    def write(self, data: bytes) -> None:
        """Send to the host without ever blocking; dropped while no host is there, as on a wire nobody listens to."""

    def set_lines(self, lines: DeviceLines) -> None:
        """Show the host the module's control lines, as far as the port has a way to."""

    def pause(self) -> None:
        """Stop reading what the host sends, so that it is slowed down; harmless when paused already.

        What the host sends waits outside, and so does the news that the last host has left: it comes behind the data.
        """

    def resume(self) -> None:
        """Go on reading; harmless when not paused."""

    def close(self) -> None:
        """Take the port away. Nothing is reported afterwards; harmless when closed already."""

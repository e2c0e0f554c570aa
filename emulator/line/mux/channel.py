"""A channel of the multiplexer, as a port to an AT instance."""

from collections.abc import Callable

from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.queued_port import QueuedPort


class ChannelPort(QueuedPort):
    """Serve one channel as a `Port`; its host is there as long as the channel is open.

    It stays when its multiplexer goes, so that the AT instance hears everything in order.
    """

    def __init__(self, number: int, name: str) -> None:
        super().__init__(name, self._transmit, waits=self._see_whether_full, relieved=self._see_whether_full)
        self.number = number
        """DLCI."""
        self._send: Callable[[int, bytes], int] | None = None
        self._regulate: Callable[[ChannelPort], None] = _to_nobody
        self.full = False
        """Whether the host must stop sending on this channel."""

    def __repr__(self) -> str:
        return f"<ChannelPort {self.name}{', paused' if self._hosts.paused else ''}, {self._to_host!r}>"

    @property
    def is_open(self) -> bool:
        """Whether the host has opened the channel."""
        return self._send is not None

    @property
    def kept(self) -> int:
        """Bytes from the host that the AT instance has not taken yet."""
        return self._hosts.waiting

    # As a port.

    def _transmit(self, data: bytes) -> int:
        return self._send(self.number, data) if self._send is not None else len(data)

    def set_lines(self, lines: DeviceLines) -> None:
        """Tell the host of DCD and RI; `full` stands for CTS."""
        told = lines & (DeviceLines.DCD | DeviceLines.RI)
        if told != self.lines:
            self.lines = told
            self._regulate(self)

    # What the multiplexer tells.

    def received(self, data: bytes) -> None:
        """Take bytes from the host."""
        if data:
            self._hosts.data_received(data)

    def _see_whether_full(self) -> None:
        if self._hosts.congested is not self.full:
            self.full = self._hosts.congested
            self._regulate(self)

    def arrive(self, send: Callable[[int, bytes], int], regulate: Callable[["ChannelPort"], None]) -> None:
        """Open the channel for the host, with DTR up.

        Args:
            send: puts bytes into frames of the channel, and returns how many it took.
            regulate: called when `full` or `lines` has changed.
        """
        self._send, self._regulate = send, regulate
        self._to_host.hold(False)
        self._hosts.host_opened()

    def leave(self) -> None:
        """Close the channel for the host; what it has not taken is lost."""
        self._send, self._regulate = None, _to_nobody
        self._hosts.host_closed()
        self._drop_output()

    def set_dtr(self, raised: bool) -> None:
        """Raise or drop DTR of the host, a bit of MODEM_STATUS."""
        self._hosts.lines_changed(HOST_IS_READY if raised else HostLines.RTS)

    def hold(self, held: bool) -> None:
        """Send nothing, or go on: for the flow control of the host, and of the port below."""
        self._to_host.hold(held)


def _to_nobody(_channel: ChannelPort) -> None:
    """Ignore a channel that nobody multiplexes."""

"""A channel of the multiplexer, as a port to an AT instance."""

from collections.abc import Callable

from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import PortOwner
from emulator.line.serial.queue import PacedQueue


class ChannelPort:
    """Serve one channel as a `Port`; its host is there as long as the channel is open.

    It stays when its multiplexer goes, so that the AT instance hears everything in order.
    """

    def __init__(self, number: int, name: str) -> None:
        self.number = number
        """DLCI."""
        self.name = name
        self.lines = DeviceLines.NONE
        """Lines of the device, as far as the host is told."""
        self._hosts = HostQueue(waits=self._see_whether_full, relieved=self._see_whether_full)
        self._to_host = PacedQueue(self._transmit, relieved=self._hosts.writable, failed=self._hosts.port_failed)
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

    @property
    def congested(self) -> bool:
        return self._to_host.congested

    def open(self, owner: PortOwner) -> None:
        self._hosts.open(owner)

    def write(self, data: bytes) -> None:
        if self._hosts.is_heard:
            self._to_host.put(data)

    def pause(self) -> None:
        self._hosts.pause(True)

    def resume(self) -> None:
        self._hosts.pause(False)

    def close(self) -> None:
        self._hosts.close()
        self._drop_output()

    def _drop_output(self) -> None:
        self._to_host.clear()
        self._to_host.relieve()

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

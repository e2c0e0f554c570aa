"""A channel of the multiplexer, as a port to an AT instance."""

from collections.abc import Callable

from emulator.line.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.port import HIGH_MARK, LOW_MARK, PortOwner


class ChannelPort:
    """A `Port` whose host is at the other end of a multiplexer, there as long as the channel is open."""

    def __init__(
        self, number: int, name: str, send: Callable[[int, bytes], None], regulate: Callable[["ChannelPort"], None]
    ) -> None:
        """`send` puts bytes into frames of the channel; `regulate` is told when `full` or `lines` has changed."""
        self.number = number
        """DLCI."""
        self.name = name
        self.congested = False
        self._send = send
        self._regulate = regulate
        self._owner: PortOwner | None = None
        self._present = False
        self._held = False
        self._paused = False
        self._waiting = bytearray()
        self._arrived = bytearray()
        self.lines = DeviceLines.NONE
        """DCD and RI of the module; for CTS a channel has `full`."""
        self.full = False
        """Whether the host should send no more on this channel."""

    def __repr__(self) -> str:
        return f"<ChannelPort {self.number}{', held' if self._held else ''}, {len(self._waiting)} bytes wait>"

    @property
    def kept(self) -> int:
        """Bytes that have come and that the AT instance does not take yet."""
        return len(self._arrived)

    # As a port.

    def open(self, owner: PortOwner) -> None:
        self._owner = owner

    def write(self, data: bytes) -> None:
        if not self._present:
            return
        if not self._held:
            self._send(self.number, data)
            return
        self._waiting += data
        self.congested = len(self._waiting) > HIGH_MARK

    def set_lines(self, lines: DeviceLines) -> None:
        told = lines & (DeviceLines.DCD | DeviceLines.RI)
        if told != self.lines:
            self.lines = told
            self._regulate(self)

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        if self._arrived and self._owner is not None:
            data, self._arrived = bytes(self._arrived), bytearray()
            self._owner.data_received(data)
        self._set_full(len(self._arrived) > LOW_MARK)

    def close(self) -> None:
        self._owner = None
        self._present = False
        self._waiting.clear()

    # What the multiplexer tells.

    def received(self, data: bytes) -> None:
        """The host has sent bytes on the channel."""
        if self._paused:
            self._arrived += data
            self._set_full(len(self._arrived) > HIGH_MARK)
        elif self._owner is not None and data:
            self._owner.data_received(data)

    def _set_full(self, full: bool) -> None:
        if full is not self.full:
            self.full = full
            self._regulate(self)

    def arrive(self) -> None:
        """The host has opened the channel: DTR is up until it says otherwise."""
        self._present = True
        if self._owner is not None:
            self._owner.host_opened()

    def leave(self) -> None:
        """The host has closed the channel; what it has not taken is lost."""
        self._present = False
        self._waiting.clear()
        if self._owner is not None:
            self._owner.host_closed()

    def set_dtr(self, raised: bool) -> None:
        """The host has raised or dropped DTR, which is a bit of MODEM_STATUS."""
        if self._owner is not None:
            self._owner.lines_changed(HOST_IS_READY if raised else HostLines.RTS)

    def hold(self, held: bool) -> None:
        """Send nothing, or again: the host's flow control, or a port below that is congested."""
        self._held = held
        while not self._held and self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            self._send(self.number, data)
        if not self._held and self.congested and len(self._waiting) <= LOW_MARK:
            self.congested = False
            if self._owner is not None:
                self._owner.writable()

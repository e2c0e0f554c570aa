"""A port without a descriptor, for tests with both ends in one process."""

from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import HIGH_MARK, LOW_MARK, PortOwner


class MemoryPort:
    """Serve a test as a `Port`: what `host_…` does reaches the owner within the call, unless paused."""

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.lines = DeviceLines.NONE
        """Lines of the device, as the host sees them."""
        self.congested = False
        self._hosts = HostQueue()
        self._unread = bytearray()
        self._present = 0

    def __repr__(self) -> str:
        pausing = ", paused" if self._hosts.paused else ""
        return f"<MemoryPort {self.name}: {self._present} hosts{pausing}, {self.unread} bytes wait for them>"

    @property
    def unread(self) -> int:
        """Bytes that wait for the host."""
        return len(self._unread)

    # As a port.

    def open(self, owner: PortOwner) -> None:
        self._hosts.open(owner)

    def write(self, data: bytes) -> None:
        if self._hosts.is_heard:
            self._unread += data
            if len(self._unread) > HIGH_MARK:
                self.congested = True

    def set_lines(self, lines: DeviceLines) -> None:
        self.lines = lines

    def pause(self) -> None:
        self._hosts.pause(True)

    def resume(self) -> None:
        self._hosts.pause(False)

    def close(self) -> None:
        self._hosts.close()
        self._drop_unread()

    def _drop_unread(self) -> None:
        self._unread.clear()
        self._relieve()

    def _relieve(self) -> None:
        if self.congested and len(self._unread) <= LOW_MARK:
            self.congested = False
            self._hosts.writable()

    # As the host.

    def host_open(self) -> None:
        """Open the port as a host; there may be several at once."""
        self._present += 1
        if self._present == 1:
            self._hosts.host_opened()

    def host_close(self) -> None:
        """Close the port as a host; what the last one left unread is lost. ValueError when there is none."""
        self._require_a_host()
        self._present -= 1
        if not self._present:
            self._hosts.host_closed()
            self._drop_unread()

    def host_write(self, data: bytes) -> None:
        """Send bytes to the device as a host. ValueError when there is none."""
        self._require_a_host()
        if data:
            self._hosts.data_received(bytes(data))

    def host_lines(self, lines: HostLines = HOST_IS_READY) -> None:
        """Set the control lines as a host. ValueError when there is none."""
        self._require_a_host()
        self._hosts.lines_changed(lines)

    def host_read(self, limit: int | None = None) -> bytes:
        """Read as a host, at most `limit` bytes. ValueError when there is none."""
        self._require_a_host()
        data = bytes(self._unread[:limit])
        del self._unread[:limit]
        self._relieve()
        return data

    def _require_a_host(self) -> None:
        if not self._present:
            raise ValueError(f"no host has opened {self.name}")

"""A port without a descriptor, for tests with both ends in one process."""

from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.queued_port import QueuedPort


class MemoryPort(QueuedPort):
    """Serve a test as a `Port`: what `host_…` does reaches the owner within the call, unless paused."""

    def __init__(self, name: str = "memory") -> None:
        super().__init__(name, transmit=lambda _: 0)
        self._to_host.hold(True)
        self._present = 0

    def __repr__(self) -> str:
        pausing = ", paused" if self._hosts.paused else ""
        return f"<MemoryPort {self.name}: {self._present} hosts{pausing}, {self._to_host.waiting} bytes wait for them>"

    def set_lines(self, lines: DeviceLines) -> None:
        self.lines = lines

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
            self._drop_output()

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
        return self._to_host.pull(self._to_host.waiting if limit is None else limit)

    def _require_a_host(self) -> None:
        if not self._present:
            raise ValueError(f"no host has opened {self.name}")

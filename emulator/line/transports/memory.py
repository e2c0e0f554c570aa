"""A port without a descriptor, for tests that hold both ends in one process."""

from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import PortOwner
from emulator.line.serial.queue import PacedQueue


class MemoryPort:
    """A `Port` whose host is the test: what `host_…` does reaches the owner before the call returns, unless paused."""

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.lines = DeviceLines.NONE
        """What the device drives."""
        self._hosts = HostQueue()
        self._to_host = PacedQueue(lambda _: 0, relieved=self._hosts.writable)
        self._to_host.hold(True)
        self._present = 0

    def __repr__(self) -> str:
        pausing = ", paused" if self._hosts.paused else ""
        return f"<MemoryPort {self.name}: {self._present} hosts{pausing}, {self._to_host.waiting} bytes wait for them>"

    @property
    def congested(self) -> bool:
        return self._to_host.congested

    def open(self, owner: PortOwner) -> None:
        self._hosts.open(owner)

    def write(self, data: bytes) -> None:
        if self._hosts.is_heard:
            self._to_host.put(data)

    def set_lines(self, lines: DeviceLines) -> None:
        self.lines = lines

    def pause(self) -> None:
        self._hosts.pause(True)

    def resume(self) -> None:
        self._hosts.pause(False)

    def close(self) -> None:
        self._hosts.close()
        self._drop_output()

    def host_open(self) -> None:
        """A host opens the port; there may be several at once."""
        self._present += 1
        if self._present == 1:
            self._hosts.host_opened()

    def host_close(self) -> None:
        """A host closes the port; what the last one left unread is lost. ValueError when there is none."""
        self._require_a_host()
        self._present -= 1
        if not self._present:
            self._hosts.host_closed()
            self._drop_output()

    def host_write(self, data: bytes) -> None:
        """A host sends bytes to the device. ValueError when there is none."""
        self._require_a_host()
        if data:
            self._hosts.data_received(bytes(data))

    def host_lines(self, lines: HostLines = HOST_IS_READY) -> None:
        """A host moves its control lines. ValueError when there is none."""
        self._require_a_host()
        self._hosts.lines_changed(lines)

    def host_read(self, limit: int | None = None) -> bytes:
        """A host takes what the device wrote, at most `limit` bytes of it. ValueError when there is none."""
        self._require_a_host()
        return self._to_host.pull(self._to_host.waiting if limit is None else limit)

    def _require_a_host(self) -> None:
        if not self._present:
            raise ValueError(f"no host has opened {self.name}")

    def _drop_output(self) -> None:
        self._to_host.clear()
        self._to_host.relieve()

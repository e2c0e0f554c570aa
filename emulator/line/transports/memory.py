"""A port without a descriptor, for tests that hold both ends in one process."""

from collections import deque
from enum import Enum, auto

from emulator.line.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.port import HIGH_MARK, LOW_MARK, PortOwner


class _Line(Enum):
    RISES = auto()
    FALLS = auto()


class MemoryPort:
    """A `Port` whose host is the test: what `host_…` does reaches the owner before the call returns, unless paused."""

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.congested = False
        self.lines = DeviceLines.NONE
        """What the module drives."""
        self._owner: PortOwner | None = None
        self._hosts = 0
        self._closed = False
        self._paused = False
        self._delivering = False
        self._from_host: deque[bytes | _Line | HostLines] = deque()
        self._to_host = bytearray()

    def __repr__(self) -> str:
        pausing = ", paused" if self._paused else ""
        return f"<MemoryPort {self.name}: {self._hosts} hosts{pausing}, {len(self._to_host)} bytes wait for them>"

    def open(self, owner: PortOwner) -> None:
        self._owner = owner
        self._deliver()

    def write(self, data: bytes) -> None:
        if not self._hosts or self._owner is None:
            return
        self._to_host += data
        if len(self._to_host) > HIGH_MARK:
            self.congested = True

    def set_lines(self, lines: DeviceLines) -> None:
        self.lines = lines

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        self._deliver()

    def close(self) -> None:
        self._owner = None
        self._closed = True
        self._from_host.clear()
        self._to_host.clear()
        self.congested = False

    def host_open(self) -> None:
        """A host opens the port; there may be several at once."""
        self._hosts += 1
        if self._hosts == 1:
            self._send(_Line.RISES)

    def host_close(self) -> None:
        """A host closes the port; what the last one left unread is lost. ValueError when there is none."""
        self._require_a_host()
        self._hosts -= 1
        if not self._hosts:
            self._send(_Line.FALLS)
            self._take(len(self._to_host))

    def host_write(self, data: bytes) -> None:
        """A host sends bytes to the module. ValueError when there is none."""
        self._require_a_host()
        if data:
            self._send(bytes(data))

    def host_lines(self, lines: HostLines = HOST_IS_READY) -> None:
        """A host moves its control lines. ValueError when there is none."""
        self._require_a_host()
        self._send(lines)

    def host_read(self, limit: int | None = None) -> bytes:
        """A host takes what the module wrote, at most `limit` bytes of it. ValueError when there is none."""
        self._require_a_host()
        return self._take(len(self._to_host) if limit is None else limit)

    def _require_a_host(self) -> None:
        if not self._hosts:
            raise ValueError(f"no host has opened {self.name}")

    def _take(self, limit: int) -> bytes:
        taken = bytes(self._to_host[:limit])
        del self._to_host[:limit]
        if self.congested and len(self._to_host) <= LOW_MARK:
            self.congested = False
            if self._owner is not None:
                self._owner.writable()
        return taken

    def _send(self, item: bytes | _Line | HostLines) -> None:
        if not self._closed:
            self._from_host.append(item)
            self._deliver()

    def _deliver(self) -> None:
        # An owner may pause, resume, close or write from inside a callback: the outermost call goes on for all.
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._from_host and not self._paused and self._owner is not None:
                match self._from_host.popleft():
                    case _Line.RISES:
                        self._owner.host_opened()
                    case _Line.FALLS:
                        self._owner.host_closed()
                    case HostLines() as lines:
                        self._owner.lines_changed(lines)
                    case data:
                        self._owner.data_received(data)
        finally:
            self._delivering = False

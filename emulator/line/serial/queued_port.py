"""A port between two queues: what ports without a descriptor have in common."""

from collections.abc import Callable

from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import DeviceLines
from emulator.line.serial.port import PortOwner
from emulator.line.serial.queue import PacedQueue


class QueuedPort:
    """Serve as a `Port`, but for `set_lines`; a subclass says what hosts do."""

    def __init__(
        self,
        name: str,
        transmit: Callable[[bytes], int],
        waits: Callable[[], None] | None = None,
        relieved: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin without a host; `transmit` returns how many bytes it took, the others are as for `HostQueue`."""
        self.name = name
        self.lines = DeviceLines.NONE
        """Lines of the device, as far as the host sees them."""
        self._hosts = HostQueue(waits=waits, relieved=relieved)
        self._to_host = PacedQueue(transmit, relieved=self._hosts.writable, failed=self._hosts.port_failed)

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

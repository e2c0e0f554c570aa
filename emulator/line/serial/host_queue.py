"""Tells a port's owner in order what hosts do: the one place where one host follows another."""

from collections.abc import Callable
from functools import partial

from emulator.clock import Clock
from emulator.guard import log_defect
from emulator.line.serial.lines import HOST_IS_READY, HostLines
from emulator.line.serial.port import PortOwner
from emulator.line.serial.queue import PacedQueue
from emulator.line.serial.serial_line import SerialLine


class HostQueue:
    """Pass the calls of a `PortOwner` on to another one, in order.

    DTR rises, the host's bytes come, DTR falls; only then the next host's DTR rises and its bytes come. All of this
    waits until there is an owner, and during a pause. Only a line that moves does not wait: it is no byte.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        line: SerialLine | None = None,
        waits: Callable[[], None] | None = None,
        relieved: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin without an owner.

        Args:
            clock: the device's time; needed with `line`.
            line: the line on which bytes take their time.
            waits: called when bytes have come and must wait.
            relieved: called when the queue was congested and is no longer.
        """
        self.owner: PortOwner | None = None
        self._line = line
        self._waits = waits
        self._kept = b""
        """A CR whose LF is on the line."""
        self._queue = PacedQueue(_lose, clock, relieved, failed=self.port_failed)
        self._queue.hold(True)
        self.data_received: Callable[[bytes], None] = self._queue.put if line is None and waits is None else self._put
        """See `PortOwner`."""
        self.paused = False
        """Whether the owner has paused the port."""
        self.is_heard = False
        """Whether the host that the owner knows of is still there: bytes for one that has left are dropped."""
        self.is_present = False
        """Whether there is a host, as far as the owner has been told."""
        self._untold = 0
        """Openings and closings that the owner has not been told."""
        self._lines = self._told_lines = HOST_IS_READY

    def __repr__(self) -> str:
        host = "a host" if self.is_present else "no host"
        return f"<HostQueue of {host}, {self._untold} changes to be told, {self._queue!r}>"

    @property
    def waiting(self) -> int:
        """Bytes that the owner has not received."""
        return self._queue.waiting

    @property
    def congested(self) -> bool:
        """Whether more bytes wait than the high mark, or have waited and the low mark is not reached yet."""
        return self._queue.congested

    @property
    def is_empty(self) -> bool:
        """Whether the owner has been told all."""
        return self._queue.is_empty

    def open(self, owner: PortOwner) -> None:
        """Tell `owner` from now on."""
        self.owner = owner
        self._queue.take = owner.data_received
        self._queue.take_late = owner.data_received if self._line is None else self._pass_on
        self._queue.hold(self.paused)

    def close(self) -> None:
        """Tell nobody any more."""
        self.owner = None
        self.is_heard = False
        self._queue.take = self._queue.take_late = _lose
        self._kept = b""
        self._queue.clear()
        self._queue.hold(False)

    def pause(self, paused: bool) -> None:
        """Wait, or go on."""
        self.paused = paused
        if self.owner is not None:
            self._queue.hold(paused)

    def clear_bytes(self) -> None:
        """Drop the bytes that the owner has not received."""
        self._kept = b""
        self._queue.clear_bytes()
        self._queue.relieve()

    # What hosts do.

    def host_opened(self) -> None:
        """See `PortOwner`."""
        self._untold += 1
        self.is_heard = False
        self._lines = HOST_IS_READY
        self._queue.then(self._tell_opened)

    def host_changes(self) -> None:
        """See `PortOwner`."""
        self._queue.then(self._tell_changes)

    def host_closed(self) -> None:
        """See `PortOwner`."""
        self._untold += 1
        self.is_heard = False
        self._queue.then(self._tell_closed)

    def _put(self, data: bytes) -> None:
        """Carry bytes over the line; nothing gets through where the speeds differ."""
        line, queue = self._line, self._queue
        if line is None:
            queue.put(data)
        elif line.speeds_agree:
            queue.put(data, line.seconds_a_byte)
        if queue.waiting and self._waits is not None:
            self._waits()

    def _pass_on(self, data: bytes) -> None:
        """Hand bytes to the owner; a CR waits for the LF behind it, so that both are echoed before an answer."""
        if self._kept or self._queue.waiting:
            data, self._kept = self._kept + data, b""
            if data.endswith(b"\r") and self._queue.next_byte == b"\n":
                data, self._kept = data[:-1], b"\r"
        if data and self.owner is not None:
            self.owner.data_received(data)

    def lines_changed(self, lines: HostLines) -> None:
        """See `PortOwner`; RTS acts at once, DTR in order while bytes are taken."""
        dtr_moves = HostLines.DTR in (lines ^ self._lines)
        self._lines = lines
        if self._untold or (dtr_moves and not self._queue.held):
            self._queue.then(partial(self._tell_lines, lines))
        elif dtr_moves:
            self._tell_lines(lines)
        else:
            self._tell_lines((self._told_lines & HostLines.DTR) | (lines & HostLines.RTS))

    def writable(self) -> None:
        """See `PortOwner`."""
        if self.owner is not None:
            self.owner.writable()

    def port_failed(self, error: Exception) -> None:
        """See `PortOwner`; at once, for it is no news of a host."""
        if self.owner is not None:
            self.owner.port_failed(error)
        else:
            log_defect("a port", error)

    # What the owner is told.

    def _tell_opened(self) -> None:
        self._untold -= 1
        self.is_present = True
        self.is_heard = not self._untold and self.owner is not None
        self._told_lines = HOST_IS_READY
        if self.owner is not None:
            self.owner.host_opened()

    def _tell_changes(self) -> None:
        if self.owner is not None:
            self.owner.host_changes()

    def _tell_closed(self) -> None:
        self._untold -= 1
        self.is_present = False
        if self.owner is not None:
            self.owner.host_closed()

    def _tell_lines(self, lines: HostLines) -> None:
        self._told_lines = lines
        if self.owner is not None:
            self.owner.lines_changed(lines)


def _lose(data: bytes) -> None:
    """Take bytes that nobody wants."""

"""A port that listens on a stream socket: whoever connects is its host.

When the host ends the connection, or its half of it, DTR falls.
"""

import asyncio
import logging
import select
import socket
from typing import Final

from emulator.guard import guarded
from emulator.line.serial.first_line import FirstLine, HttpRequest
from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import DeviceLines
from emulator.line.serial.output import Output
from emulator.line.serial.port import PortOwner

BACKLOG: Final = 256
_READ_SIZE: Final = 64 * 1024
_KERNEL_BUFFER: Final = 64 * 1024
"""Bytes that the system may keep in a direction; its own choice, megabytes, would hide a host that does not read."""
_ANOTHER_TRY: Final = 1.0
"""Seconds until the next try to accept a host when the process has no descriptor left."""
_LEFT: Final = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", select.POLLHUP)


class StreamSocketPort:
    """Serve one host at a time as a `Port`, made inside the running event loop.

    A second host at the same time is turned away: its connection is closed at once. A host that follows one that has
    left waits until all bytes of that one have been received.
    """

    def __init__(self, listener: socket.socket, name: str) -> None:
        """Take a listening socket; `name` is what a host opens."""
        self.name = name
        listener.setblocking(False)
        for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            listener.setsockopt(socket.SOL_SOCKET, buffer, _KERNEL_BUFFER)
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._hosts = HostQueue()
        self._output = Output(self._send, relieved=self._hosts.writable, failed=self.fail)
        self._host: socket.socket | None = None
        self._first_line: FirstLine | None = None
        """What looks at the first bytes of the host, until they are known to be none of a browser."""
        self._successor: socket.socket | None = None
        self._accepting = False
        self._reading = False

    def __repr__(self) -> str:
        state = "closed" if self._listener.fileno() < 0 else "with a host" if self._host else "without a host"
        pausing = ", paused" if self._hosts.paused else ""
        return f"<{type(self).__name__} {self.name} {state}{pausing}, {self._output.waiting} bytes wait>"

    @property
    def congested(self) -> bool:
        return self._output.congested

    def open(self, owner: PortOwner) -> None:
        self._hosts.open(owner)
        self._regulate()

    def close(self) -> None:
        self._hosts.close()
        self._regulate()
        self._output.drop()
        self._output.relieve()
        for end in (self._listener, self._host, self._successor):
            if end is not None:
                end.close()
        self._host = self._successor = None

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator and end the connection of the host."""
        self._hosts.port_failed(error)
        if self._host is not None:
            self._hang_up()

    # Towards the host.

    def write(self, data: bytes) -> None:
        if self._hosts.is_heard:
            self._output.put(data)

    def set_lines(self, lines: DeviceLines) -> None:
        """Ignore them: a socket has none."""

    def _send(self, data: bytes) -> int:
        assert self._host is not None
        try:
            return self._host.send(data)
        except BlockingIOError:
            return 0
        except OSError:  # it has gone; reading tells the owner, behind what is left to be read
            return len(data)

    # From the host.

    def pause(self) -> None:
        self._hosts.pause(True)
        self._regulate()

    def resume(self) -> None:
        self._hosts.pause(False)
        self._regulate()

    def _regulate(self) -> None:
        """Let the event loop accept hosts and read, only while that is wanted."""
        is_open = self._hosts.owner is not None
        accepting = is_open and self._successor is None
        if accepting is not self._accepting:
            self._accepting = accepting
            if accepting:
                self._loop.add_reader(self._listener, self._accept)
            else:
                self._loop.remove_reader(self._listener)
        reading = is_open and self._host is not None and not self._hosts.paused
        if reading is not self._reading:
            self._reading = reading
            assert self._host is not None
            if reading:
                self._loop.add_reader(self._host, self._read)
            else:
                self._loop.remove_reader(self._host)

    @guarded
    def _try_again(self) -> None:
        self._regulate()

    @guarded
    def _read(self) -> None:
        assert self._host is not None
        try:
            data = self._host.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data and self._first_line is not None:
            self._read_first(data, self._first_line)
        elif data:
            self._hosts.data_received(data)
        else:
            if self._first_line is not None and self._first_line.held:
                self._hosts.data_received(self._first_line.held)
            self._hang_up()

    def _read_first(self, data: bytes, first_line: FirstLine) -> None:
        try:
            passed = first_line.feed(data)
        except HttpRequest:
            logging.getLogger("emulator").warning(
                "%s: an HTTP request was turned away; no web page is a host", self.name
            )
            self._hang_up()
            return
        if passed is not None:
            self._first_line = None
            self._hosts.data_received(passed)

    # The coming and going of hosts.

    @guarded
    def _accept(self) -> None:
        try:
            host, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):  # it has given up
            return
        except OSError:  # there is no descriptor left for it; it waits, and so does the event loop
            self._accepting = False
            self._loop.remove_reader(self._listener)
            self._loop.call_later(_ANOTHER_TRY, self._try_again)
            return
        host.setblocking(False)
        self._prepare(host)
        if self._host is None:
            self._begin(host)
        elif self._has_left(self._host):
            self._successor = host
            self._regulate()
        else:
            host.close()
            logging.getLogger("emulator").warning("%s: a second host was turned away; it takes one", self.name)

    def _prepare(self, host: socket.socket) -> None:
        """Set options of the connection of a host."""

    @staticmethod
    def _has_left(host: socket.socket) -> bool:
        poll = select.poll()
        poll.register(host, _LEFT)
        return bool(poll.poll(0))

    def _begin(self, host: socket.socket) -> None:
        self._host = host
        self._first_line = FirstLine()
        self._output.descriptor = host.fileno()
        self._hosts.host_opened()
        self._regulate()

    def _hang_up(self) -> None:
        assert self._host is not None
        self._output.drop()
        left, self._host = self._host, None
        self._loop.remove_reader(left)
        self._reading = False
        left.close()
        self._hosts.host_closed()
        self._output.relieve()
        if self._successor is not None:
            successor, self._successor = self._successor, None
            self._begin(successor)

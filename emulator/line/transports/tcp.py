"""A port on the network: whoever connects is its host, and the bytes of the connection are those of the line.

It is what `socket://HOST:PORT` of pyserial opens, or `nc`. The end of the connection, or of the host's half of it, is
the host's leaving.
"""

import asyncio
import logging
import select
import socket
from typing import Final

from emulator.errors import UserError
from emulator.line.lines import DeviceLines
from emulator.line.port import HIGH_MARK, LOW_MARK, PortOwner

_READ_SIZE: Final = 64 * 1024
_BACKLOG: Final = 256
_KERNEL_BUFFER: Final = 64 * 1024
"""Bytes that the system may keep in a direction. Its own choice is megabytes, and a host that does not read would go
unnoticed for long."""
_ANOTHER_TRY: Final = 1.0
"""Seconds until a host is looked for again after the process has run out of descriptors."""
_LEFT: Final = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", select.POLLHUP)


class TcpPort:
    """A `Port` that listens at an address, for one host at a time, made inside the running event loop.

    A host that connects while another is there is turned away by closing its connection at once; one that follows a
    host which has left waits until that one has been heard to the end. Raises UserError when it cannot listen there.
    """

    def __init__(self, address: str, number: int) -> None:
        """`address` is a name or an IP address, `number` the TCP port; 0 takes a free one."""
        self._loop = asyncio.get_running_loop()
        self._listener = _listen(address, number)
        self.number: int = self._listener.getsockname()[1]
        """The TCP port that it listens on."""
        self.name = f"socket://{written(address)}:{self.number}"
        self.congested = False
        self._owner: PortOwner | None = None
        self._host: socket.socket | None = None
        self._successor: socket.socket | None = None
        self._accepting = False
        self._reading = False
        self._paused = False
        self._output = bytearray()

    def __repr__(self) -> str:
        state = "closed" if self._listener.fileno() < 0 else "with a host" if self._host else "without a host"
        return f"<TcpPort {self.name} {state}{', paused' if self._paused else ''}, {len(self._output)} bytes wait>"

    def open(self, owner: PortOwner) -> None:
        self._owner = owner
        self._regulate()

    def close(self) -> None:
        self._owner = None
        self._regulate()
        self._drop_output()
        for end in (self._listener, self._host, self._successor):
            if end is not None:
                end.close()
        self._host = self._successor = None

    # Towards the host.

    def write(self, data: bytes) -> None:
        if self._host is None or self._owner is None:
            return
        if not self._output:
            data = data[self._send(data) :]
            if not data:
                return
            self._loop.add_writer(self._host, self._flush)
        self._output += data
        if len(self._output) > HIGH_MARK:
            self.congested = True

    def set_lines(self, lines: DeviceLines) -> None:
        """There is nothing to show them by."""

    def _send(self, data: bytes | bytearray) -> int:
        assert self._host is not None
        try:
            return self._host.send(data)
        except BlockingIOError:
            return 0
        except OSError:  # it has gone; reading tells the owner, behind what is left to be read
            return len(data)

    def _flush(self) -> None:
        del self._output[: self._send(self._output)]
        if not self._output:
            self._drop_output()
        if len(self._output) <= LOW_MARK:
            self._relieve()

    def _drop_output(self) -> None:
        self._output.clear()
        if self._host is not None:
            self._loop.remove_writer(self._host)

    def _relieve(self) -> None:
        if self.congested:
            self.congested = False
            if self._owner is not None:
                self._owner.writable()

    # From the host.

    def pause(self) -> None:
        self._paused = True
        self._regulate()

    def resume(self) -> None:
        self._paused = False
        self._regulate()

    def _regulate(self) -> None:
        """Let the event loop look for hosts, and read what one sends, exactly while that is wanted."""
        accepting = self._owner is not None and self._successor is None
        if accepting is not self._accepting:
            self._accepting = accepting
            if accepting:
                self._loop.add_reader(self._listener, self._accept)
            else:
                self._loop.remove_reader(self._listener)
        reading = self._owner is not None and self._host is not None and not self._paused
        if reading is not self._reading:
            self._reading = reading
            assert self._host is not None
            if reading:
                self._loop.add_reader(self._host, self._read)
            else:
                self._loop.remove_reader(self._host)

    def _read(self) -> None:
        assert self._host is not None and self._owner is not None
        try:
            data = self._host.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._owner.data_received(data)
        else:
            self._hang_up()

    # The coming and going of hosts.

    def _accept(self) -> None:
        try:
            host, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):  # it has given up
            return
        except OSError:  # there is no descriptor left for it; it waits, and so does the event loop
            self._accepting = False
            self._loop.remove_reader(self._listener)
            self._loop.call_later(_ANOTHER_TRY, self._regulate)
            return
        host.setblocking(False)
        host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._host is None:
            self._begin(host)
        elif self._has_left(self._host):
            self._successor = host
            self._regulate()
        else:
            host.close()
            logging.getLogger("emulator").warning("%s: a second host was turned away; it takes one", self.name)

    @staticmethod
    def _has_left(host: socket.socket) -> bool:
        poll = select.poll()
        poll.register(host, _LEFT)
        return bool(poll.poll(0))

    def _begin(self, host: socket.socket) -> None:
        assert self._owner is not None
        self._host = host
        self._owner.host_opened()
        self._regulate()

    def _hang_up(self) -> None:
        assert self._host is not None and self._owner is not None
        self._drop_output()
        left, self._host = self._host, None
        self._loop.remove_reader(left)
        self._reading = False
        left.close()
        self._owner.host_closed()
        self._relieve()
        if self._successor is not None:
            successor, self._successor = self._successor, None
            self._begin(successor)


def written(address: str) -> str:
    """An address as it stands before a colon."""
    return f"[{address}]" if ":" in address else address


def _listen(address: str, number: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listener = socket.create_server((address, number), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"{written(address)}:{number}: cannot listen there ({reason}); name another address or port"
        ) from error
    listener.setblocking(False)
    for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        listener.setsockopt(socket.SOL_SOCKET, buffer, _KERNEL_BUFFER)
    return listener

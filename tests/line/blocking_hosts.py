"""Hosts that open a port, write and read as programs do that wait; one class a transport."""

import os
import re
import select
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import ClassVar, Self

from emulator.line.transports.rfc2217.com_port import Command, Control
from tests.peers.mux_client import FC, MuxClient

_ANSWERING = 10.0
"""Seconds in which the multiplexer answers."""


class BlockingHost:
    """A program that has the port open, by a descriptor."""

    writing = 0.2
    """Seconds after which a write that the module does not take is given up, as by a host that is killed."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, data: bytes) -> None:
        """Write all of it, or as much as the module takes before the host loses its patience."""
        end = time.monotonic() + self.writing
        while data and select.select([], [self._descriptor], [], max(0.0, end - time.monotonic()))[1]:
            with suppress(BlockingIOError):
                data = data[self._send(data) :]

    def hear(self, is_enough: Callable[[bytes], bool], seconds: float) -> bytes:
        """Read until it is enough, or the time is over; return all of it."""
        heard, end = b"", time.monotonic() + seconds
        while not is_enough(heard) and select.select([self._descriptor], [], [], max(0.0, end - time.monotonic()))[0]:
            data = self._receive()
            if data is None:
                break
            heard += data
        return heard

    def hear_all(self, silence: float, seconds: float) -> bytes:
        """Read until nothing more comes for `silence` seconds; return all of it, which begins within `seconds`."""
        heard = self.hear(lambda heard: bool(heard), seconds)
        while more := self.hear(lambda heard: bool(heard), silence):
            heard += more
        return heard

    def command(self, line: str, seconds: float) -> bytes:
        """Send a line; return its answer."""
        self.write(f"{line}\r".encode())
        return self.hear(lambda heard: heard.endswith((b"\r\nOK\r\n", b"ERROR\r\n")), seconds)

    def drop_lines(self) -> None:
        """Drop DTR and RTS, where the transport has them."""

    def _send(self, data: bytes) -> int:
        return os.write(self._descriptor, data)

    def _receive(self) -> bytes | None:
        """Return some bytes, or none after all; None at the end."""
        try:
            return os.read(self._descriptor, 4096)
        except BlockingIOError:  # what was there has been dropped: it was for the host before
            return b""

    def close(self) -> None:
        os.close(self._descriptor)


class Place:
    """A port at which hosts follow one another."""

    listen: ClassVar[tuple[str, ...]] = ()
    """Where the modem listens."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    @contextmanager
    def open(self) -> Iterator[BlockingHost]:
        """Open the port until the block ends."""
        host = self._host()
        try:
            yield host
        finally:
            host.close()

    def _host(self) -> BlockingHost:
        raise NotImplementedError


class PtyPlace(Place):
    """A pseudo-terminal."""

    def _host(self) -> BlockingHost:
        return BlockingHost(os.open(self.name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))


class SocketHost(BlockingHost):
    """A host by a stream socket."""

    def __init__(self, stream: socket.socket) -> None:
        super().__init__(stream.fileno())
        self._stream = stream
        stream.setblocking(False)

    def _send(self, data: bytes) -> int:
        try:
            return self._stream.send(data)
        except ConnectionError:
            return len(data)

    def _receive(self) -> bytes | None:
        try:
            return self._stream.recv(4096) or None
        except ConnectionError:
            return None

    def close(self) -> None:
        self._stream.close()


class TcpPlace(Place):
    """A TCP port."""

    listen = ("tcp:127.0.0.1:0",)

    def _host(self) -> BlockingHost:
        return SocketHost(self._connect())

    def _connect(self) -> socket.socket:
        number = int(self.name.rpartition(":")[2])
        return socket.create_connection(("127.0.0.1", number))


class TelnetHost(SocketHost):
    """A host that takes the data of the port out of the telnet around it."""

    _ITEM = re.compile(rb"([^\xff]+)|\xff(\xff)|\xff[\xfb-\xfe].|\xff\xfa.*?\xff\xf0", re.DOTALL)

    def __init__(self, stream: socket.socket) -> None:
        super().__init__(stream)
        self._raw = b""
        self._stream.sendall(b"\xff\xfb\x00")

    def write(self, data: bytes) -> None:
        super().write(data.replace(b"\xff", b"\xff\xff"))

    def drop_lines(self) -> None:
        for value in (Control.DTR_OFF, Control.RTS_OFF):
            super().write(bytes((255, 250, 44, Command.SET_CONTROL, value, 255, 240)))

    def _receive(self) -> bytes | None:
        data = super()._receive()
        if data is None:
            return None
        self._raw += data
        heard = b""
        while item := self._ITEM.match(self._raw):
            heard += item[1] or item[2] or b""
            self._raw = self._raw[item.end() :]
        return heard


class Rfc2217Place(TcpPlace):
    """A TCP port with control lines."""

    listen = ("rfc2217:127.0.0.1:0",)

    def _host(self) -> BlockingHost:
        return TelnetHost(self._connect())


class UnixPlace(Place):
    """A Unix socket."""

    folder = tempfile.TemporaryDirectory(prefix="hand-over-")
    listen = (f"unix:{folder.name}/{{}}",)

    def _host(self) -> BlockingHost:
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(self.name.removeprefix("unix:"))
        return SocketHost(stream)


class ChannelHost(BlockingHost):
    """A host at channel 1 of a multiplexer."""

    def __init__(self, below: BlockingHost, client: MuxClient) -> None:
        super().__init__(below._descriptor)
        self._client = client
        client.connect(1)
        self._wait_for_answer()

    def write(self, data: bytes) -> None:
        self._client.send(1, data, most=100)

    def _receive(self) -> bytes | None:
        self._client.take(os.read(self._descriptor, 4096))
        heard = bytes(self._client.heard[1])
        self._client.heard[1].clear()
        return heard

    def drop_lines(self) -> None:
        self._client.set_lines(1, FC)

    def close(self) -> None:
        self._client.disconnect(1)
        self._wait_for_answer()

    def _wait_for_answer(self) -> None:
        """Drop what comes before: it is for the host that has closed the channel."""
        while not any(answer.channel == 1 for answer in self._client.answers):
            assert select.select([self._descriptor], [], [], _ANSWERING)[0], "the multiplexer does not answer"
            self._receive()
        self._client.answers.clear()


class ChannelPlace(PtyPlace):
    """A channel of a multiplexer, which stays while hosts open and close the channel."""

    def __enter__(self) -> Self:
        self._below = super()._host()
        self._below.writing = _ANSWERING
        assert self._below.command("AT+CMUX=0", 10.0).endswith(b"OK\r\n")
        self._client = MuxClient(self._below.write)
        self._client.connect(0)
        return self

    def _host(self) -> BlockingHost:
        return ChannelHost(self._below, self._client)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._below.close()


HOSTS: dict[str, type[Place]] = {
    "pty": PtyPlace,
    "tcp": TcpPlace,
    "unix": UnixPlace,
    "rfc2217": Rfc2217Place,
    "channel": ChannelPlace,
}
"""By transport."""

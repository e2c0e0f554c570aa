"""A TLS server that obeys a test: what it says, hears and does to the connection, and the records it was sent."""

import asyncio
import contextlib
import queue
import select
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from emulator.testing.contracts.tls_peers import Seen
from emulator.tls.wire.suites import CipherSuite
from tests.peers.pki import SERVER, Party
from tests.peers.sockets import TIMEOUT
from tests.peers.tlslite_server import TlsliteServer

Order = Callable[[Any], None]

APPLICATION_DATA = 23
"""The content type of records with data (RFC 2246 6.2.1)."""


class ObedientPeer:
    """One connection after the other, each with the orders that `tell` gives."""

    def __init__(
        self,
        *suites: CipherSuite,
        party: Party = SERVER,
        ask_certificate: bool = False,
        remembers: bool = True,
        deaf: bool = False,
    ) -> None:
        """A deaf peer never reads once the handshake is over."""
        self._orders: queue.Queue[Order] = queue.Queue()
        self._deaf = deaf
        self.opened: list[Seen] = []
        """The sessions as they were opened."""
        self.server = TlsliteServer(
            suites or tuple(CipherSuite), party, self._serve, ask_certificate=ask_certificate, remembers=remembers
        )

    def __enter__(self) -> "ObedientPeer":
        self.server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._orders.put(_close)
        self.server.__exit__(kind, error, trace)

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def received(self) -> bytes:
        """What the last session has heard; nothing before there is one."""
        return bytes(self.opened[-1].received) if self.opened else b""

    def tell(self, order: Order) -> None:
        """Do this with the connection."""
        self._orders.put(order)

    def say(self, data: bytes) -> None:
        self.tell(lambda connection: connection.write(data))

    def close(self) -> None:
        """Say close_notify and close."""
        self._orders.put(_close)

    def reset(self) -> None:
        """Break the connection."""
        self._orders.put(_reset)

    def _serve(self, connection: Any, seen: Seen) -> None:
        self.opened.append(seen)
        buffered = connection.sock
        while not connection.closed:
            waits = buffered._read_buffer or select.select([buffered.socket], [], [], 0.005)[0]
            if waits and not self._deaf:
                seen.received += connection.read(min=1, max=16384)
            with contextlib.suppress(queue.Empty):
                self._orders.get_nowait()(connection)


def _close(connection: Any) -> None:
    connection.close()


def _reset(connection: Any) -> None:
    stream = connection.sock.socket
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()
    connection.closed = True


class RecordCounter:
    """Stands between the module and a server, and notes the size of each record of data that the module sends."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._heard = bytearray()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._over = socket.socketpair()
        """Readable once the test is over."""
        self._thread = threading.Thread(target=self._serve, name="record counter")

    def __enter__(self) -> "RecordCounter":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over[0].close()
        self._thread.join(TIMEOUT)
        self._listener.close()
        self._over[1].close()

    @property
    def records(self) -> list[int]:
        """The fragments' sizes, sealed, of the records of data so far."""
        sizes, heard = [], bytes(self._heard)
        while len(heard) >= 5 and len(heard) >= 5 + int.from_bytes(heard[3:5], "big"):
            size = int.from_bytes(heard[3:5], "big")
            if heard[0] == APPLICATION_DATA:
                sizes.append(size)
            heard = heard[5 + size :]
        return sizes

    def _serve(self) -> None:
        with contextlib.suppress(ConnectionError):  # a module that is closed resets its connections
            self._pass_on()

    def _pass_on(self) -> None:
        self._listener.settimeout(TIMEOUT)
        device, _ = self._listener.accept()
        with device, socket.create_connection(("127.0.0.1", self._target), TIMEOUT) as server:
            other = {device: server, server: device, self._over[1]: self._over[1]}
            while True:
                for stream in select.select([device, server, self._over[1]], [], [], TIMEOUT)[0]:
                    data = stream.recv(65536)
                    if stream is device:
                        self._heard += data
                    if not data:
                        return
                    other[stream].sendall(data)


async def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait for something that another thread brings about; AssertionError when it never does."""
    try:
        async with asyncio.timeout(TIMEOUT):
            while not condition():  # noqa: ASYNC110  another thread, with no event of its own, brings it about
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what}") from None

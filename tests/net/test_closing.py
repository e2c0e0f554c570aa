"""How a TCP connection of the module comes to its end: in order, whatever the peer still sends."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from emulator.clock import ManualClock
from emulator.net.bearer import SystemBearer
from emulator.net.closing import DRAIN, LINGER
from emulator.net.routes import Routes
from emulator.net.stream import TcpStream
from emulator.trace.trace import Trace
from tests.commands.peer import eventually
from tests.net.test_bearer import Owner
from tests.peers.sockets import TIMEOUT


class _Connection:
    """A stream of the module with its bearer and clock, and the peer's socket."""

    def __init__(self, stream: TcpStream, peer: socket.socket, bearer: SystemBearer, clock: ManualClock) -> None:
        self.stream, self.peer, self.bearer, self.clock = stream, peer, bearer, clock
        self.owner = Owner()
        stream.attach(self.owner)

    async def heard(self) -> bytes:
        """All that the peer reads up to the end of the stream; ConnectionResetError when it has none."""
        return await asyncio.to_thread(lambda: b"".join(iter(lambda: self.peer.recv(65536), b"")))

    @property
    def is_open(self) -> bool:
        """Whether the module still has the socket."""
        return self.stream._transport is not None


@contextlib.asynccontextmanager
async def _connected() -> AsyncIterator[_Connection]:
    clock = ManualClock()
    bearer = SystemBearer(Routes.parse([]), Trace(clock), clock)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = await bearer.dial("127.0.0.1", listener.getsockname()[1])
        assert isinstance(stream, TcpStream)
        peer, _ = listener.accept()
        peer.settimeout(TIMEOUT)
        with peer:
            yield _Connection(stream, peer, bearer, clock)
            bearer.close()
            await asyncio.sleep(0)


@pytest.mark.parametrize("paused", [False, True])
async def test_data_that_nobody_has_read_makes_no_reset(paused: bool) -> None:
    """The peer hears all that was sent and an orderly end; so does the module, which drops what it hears."""
    async with _connected() as connection:
        if paused:
            connection.stream.pause()
        connection.peer.sendall(bytes(100_000))
        connection.stream.write(b"farewell")
        connection.stream.close()
        assert b"farewell" == await connection.heard()
        before = len(connection.owner.heard)
        connection.peer.sendall(b"one more thing")
        connection.peer.close()
        await eventually(lambda: not connection.is_open, "the socket is closed")
        assert (before, []) == (len(connection.owner.heard), connection.owner.ends)


async def test_what_waits_to_be_sent_goes_out_first() -> None:
    """The end comes behind it, though the peer reads late."""
    async with _connected() as connection:
        connection.stream.write(bytes(8 << 20))
        assert connection.stream.unsent
        connection.stream.close()
        assert 8 << 20 == len(await connection.heard())


async def test_a_peer_that_has_ended_is_not_waited_for() -> None:
    """Both ways are over, and nothing can come any more."""
    async with _connected() as connection:
        connection.peer.shutdown(socket.SHUT_WR)
        await eventually(lambda: connection.owner.ends, "the end has come")
        connection.stream.close()
        await eventually(lambda: not connection.is_open, "the socket is closed")
        assert b"" == await connection.heard()


async def test_a_peer_that_does_not_end_is_given_up() -> None:
    """It has heard the end; the module does not keep the socket for it."""
    async with _connected() as connection:
        connection.stream.close()
        assert b"" == await connection.heard()
        await connection.clock.advance_in_loop(DRAIN - 0.1)
        assert connection.is_open
        await connection.clock.advance_in_loop(0.1)
        await asyncio.sleep(0)
        assert not connection.is_open


async def test_a_peer_that_takes_nothing_is_reset() -> None:
    """It must not take a part for the whole."""
    async with _connected() as connection:
        connection.stream.write(bytes(8 << 20))
        connection.stream.close()
        await connection.clock.advance_in_loop(LINGER)
        await asyncio.sleep(0)
        assert not connection.is_open
        with pytest.raises(ConnectionResetError):
            await connection.heard()


async def test_the_bearer_gives_up_all_at_once() -> None:
    """When the modem closes."""
    async with _connected() as connection:
        connection.stream.close()
        connection.bearer.close()
        await asyncio.sleep(0)
        assert not connection.is_open


async def test_closing_twice_and_what_comes_after_are_harmless() -> None:
    """From the first call on the connection is not open."""
    async with _connected() as connection:
        stream = connection.stream
        for harmless in (stream.close, stream.close, stream.pause, stream.resume):
            harmless()
        stream.write(b"too late")
        assert b"" == await connection.heard()
        stream.abort()
        await asyncio.sleep(0)
        assert not connection.is_open

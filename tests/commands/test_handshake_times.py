"""A handshake ends in time, whatever the server does to draw it out: the inactivity timeout and the longest time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from emulator.device.connection.stream import TcpSocketStream
from emulator.testing import Bench
from emulator.trace.events import FtpSaid, TlsOutcome
from tests.commands.ftp_bench import SERVER as FTP_SERVER
from tests.commands.ftp_bench import ftp_bench
from tests.commands.peer import eventually
from tests.commands.ssl_bench import HOST, OK, cme, ssl_bench, succeed
from tests.peers.recordings import record, recording, split_records
from tests.tls.conftest import AES128
from tests.tls.test_native_handshake import HELLO, HELLO_REQUEST

WARNING = record(21, b"\x01\x5a")
ASKED_AGAIN = record(22, HELLO_REQUEST)

Engines = pytest.mark.parametrize("engine", ["native", "openssl"])


class SlowServer:
    """Says what it is told; each piece has reached the module's stream when `say` returns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.port = 0
        self._writer: asyncio.StreamWriter | None = None
        self._begun = asyncio.Event()
        self._said = self._taken = 0
        take = TcpSocketStream.data_received

        def count(stream: TcpSocketStream, data: bytes) -> None:
            take(stream, data)
            self._taken += len(data)

        monkeypatch.setattr(TcpSocketStream, "data_received", count)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        with suppress(ConnectionError):
            await self.greet(reader)
            await reader.read(1)  # the ClientHello
            self._begun.set()

    async def greet(self, reader: asyncio.StreamReader) -> None:
        """What stands before the handshake: nothing."""

    async def begun(self) -> None:
        """Wait until the handshake has begun."""
        await self._begun.wait()

    async def say(self, data: bytes) -> None:
        assert self._writer is not None
        self._said += len(data)
        self._writer.write(data)
        await eventually(lambda: self._taken >= self._said, "the module has taken it")

    def close(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()


class SlowFtpServer(SlowServer):
    """Begins TLS when it is asked to."""

    async def greet(self, reader: asyncio.StreamReader) -> None:
        await self.say(b"220 ready\r\n")
        assert await reader.readline() == b"AUTH TLS\r\n"
        await self.say(b"234 go on\r\n")


@asynccontextmanager
async def serving(server: SlowServer) -> AsyncIterator[int]:
    listener = await asyncio.start_server(server.take, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        server.close()
        listener.close()


def outcome(bench: Bench) -> str:
    """How the handshake ended."""
    [event] = [event for event in bench.events if isinstance(event, TlsOutcome)]
    return event.outcome


@asynccontextmanager
async def dialling(server: SlowServer, **options: Any) -> AsyncIterator[Bench]:
    """The module waits for the server's first message: by #SSLD, or by #FTPOPEN with TLS."""
    ftp = isinstance(server, SlowFtpServer)
    async with serving(server) as port:
        ready = ftp_bench(port, **options) if ftp else ssl_bench(port=port, **options)
        async with ready as bench:
            if ftp:
                await succeed(bench, "AT#SSLEN=1,1", "AT#FTPCFG=100,0,1", "AT#SSLSECCFG=1,3,0")
                bench.send(f"AT#FTPOPEN={FTP_SERVER},telit,secret,1\r")
            else:
                await succeed(bench, "AT#SSLSECCFG=1,3,0")
                bench.send(f'AT#SSLD=1,443,"{HOST}",0,1,100\r')
            await server.begun()
            yield bench


@pytest.fixture(params=[SlowServer, SlowFtpServer], ids=["#SSLD", "#FTPOPEN"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SlowServer:
    """A server for each way to a handshake."""
    make: Callable[[pytest.MonkeyPatch], SlowServer] = request.param
    return make(monkeypatch)


@Engines
@pytest.mark.parametrize(
    ("pieces", "pause"),
    [
        pytest.param([HELLO[i : i + 1] for i in range(15)], 0.7, id="a byte each 0.7 s"),
        pytest.param([ASKED_AGAIN] * 15, 0.7, id="a hello_request each 0.7 s"),
        pytest.param([WARNING] * 4, 2.6, id="warnings"),
    ],
)
async def test_only_a_whole_new_message_counts(
    server: SlowServer, pieces: list[bytes], pause: float, engine: str
) -> None:
    """<Timeout> is the longest time between two messages of the handshake, and these are none."""
    async with dialling(server, tls_engine=engine) as bench:
        spent = 0.0
        for piece in pieces:
            assert "" == bench.read()
            await server.say(piece)
            if spent + pause >= 10:
                break
            await bench.advance(pause)
            spent += pause
        await bench.advance(9.99 - spent)
        assert "" == bench.read()
        await bench.advance(0.01)

        assert cme(839) == await bench.answer()
        assert "silence: the peer sent nothing new for 10 s of the handshake" == outcome(bench)


@Engines
async def test_each_message_has_its_own_time_but_the_whole_has_an_end(server: SlowServer, engine: str) -> None:
    """9 s each are in time, until the profile's longest time is over."""
    async with dialling(server, tls_engine=engine, settings=["secure_socket.handshake_limit=30.0"]) as bench:
        for message in split_records(recording(AES128).full)[:3]:
            await bench.advance(9)
            await server.say(message)
        assert "" == bench.read()
        await bench.advance(2.99)
        assert "" == bench.read()
        await bench.advance(0.01)

        assert cme(839) == await bench.answer()
        assert "too slow: the handshake was not over within 30 s" == outcome(bench)


async def test_a_longer_timeout_of_the_host_is_the_longest_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for 10 s gets 10 s, even where a profile has less for the whole."""
    async with dialling(SlowServer(monkeypatch), settings=["secure_socket.handshake_limit=1.0"]) as bench:
        await bench.advance(9.99)
        assert "" == bench.read()
        await bench.advance(0.01)

        assert cme(839) == await bench.answer()


@Engines
@pytest.mark.parametrize("noise", [WARNING, ASKED_AGAIN], ids=["warnings", "hello_requests"])
async def test_a_flood_ends_the_handshake(server: SlowServer, noise: bytes, engine: str) -> None:
    """It takes no time at all, and says so."""
    async with dialling(server, tls_engine=engine) as bench:
        await server.say(noise * 40)

        assert cme(839) == await bench.answer()
        assert "bad message: " in outcome(bench)


class PatientFtpServer(SlowServer):
    """Speaks no TLS."""

    async def greet(self, reader: asyncio.StreamReader) -> None:
        self._begun.set()


async def test_preliminary_replies_do_not_prolong_the_wait_for_the_final_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A greeting that comes soon, and soon, and soon (RFC 959, reply 120)."""
    server = PatientFtpServer(monkeypatch)
    async with serving(server) as port, ftp_bench(port) as bench:
        bench.send(f"AT#FTPOPEN={FTP_SERVER},telit,secret,1\r")
        await server.begun()
        for _ in range(3):
            await server.say(b"120 soon\r\n")
            await bench.advance(3)
            assert "" == bench.read()
        await bench.advance(1)

        assert "ERROR" in await bench.answer()


async def test_a_server_that_talks_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies that nobody asked for wait in the server once a few are kept, and the next command drops them."""
    server = PatientFtpServer(monkeypatch)
    async with serving(server) as port, ftp_bench(port) as bench:
        bench.send(f"AT#FTPOPEN={FTP_SERVER},telit,secret,1\r")
        await server.begun()
        for reply in (b"220 ready\r\n", b"331 go on\r\n", b"230 hello\r\n", b"200 type\r\n"):
            await server.say(reply)
            await eventually(lambda: _heard(bench)[-1:] == [reply.decode().strip()], "it is heard")  # noqa: B023
        assert OK == await bench.answer()
        for _ in range(100):
            await server.say(b"200 and then\r\n")
        assert 20 == len(_heard(bench))

        bench.send("AT#FTPPWD\r")
        await eventually(lambda: FtpSaid(direction="sent", text="PWD") in bench.events, "it asks")
        await server.say(b'257 "/"\r\n')

        assert "257" in await bench.answer()


def _heard(bench: Bench) -> list[str]:
    return [event.text for event in bench.events if isinstance(event, FtpSaid) and event.direction == "received"]

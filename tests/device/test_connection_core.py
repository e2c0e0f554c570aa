"""One core for the secure socket and the plain ones: what holds for both, whatever carries their bytes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from emulator.device.connection.packetizer import Packetizer
from emulator.device.connection.socket import DeviceSocket
from emulator.device.connection.states import LIFE, State
from emulator.device.sockets import states as plain_states
from emulator.device.ssl import states as secure_states
from emulator.net.stream import TcpStream
from emulator.testing import Bench
from emulator.tls.native.client import NativeClient
from emulator.trace.events import Defect
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.socket_bench import TcpPeer, UdpPeer, connection, open_tcp, said, socket_bench
from tests.commands.ssl_bench import (
    CONNECT,
    HOST,
    NO_CARRIER,
    OK,
    dial,
    dial_online,
    enter,
    information,
    socket_of,
    ssl_bench,
)


@dataclass
class Opened:
    """A socket that is open in command mode."""

    bench: Bench
    socket: DeviceSocket[Any]
    say: Callable[[bytes], None]
    close: str
    dial: str
    resume: str
    receive: str


@asynccontextmanager
async def _secure() -> AsyncIterator[Opened]:
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            commands = ("AT#SSLH=1", f'AT#SSLD=1,443,"{HOST}",0,1', "AT#SSLO=1", "AT#SSLRECV=1,10")
            yield Opened(bench, socket_of(bench), peer.say, *commands)


@asynccontextmanager
async def _plain() -> AsyncIterator[Opened]:
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        await open_tcp(bench, 1)
        say = (await peer.client()).say
        commands = ("AT#SH=1", f'AT#SD=1,0,80,"{HOST}",0,0,1', "AT#SO=1", "AT#SRECV=1,10")
        yield Opened(bench, connection(bench), say, *commands)


KINDS = pytest.mark.parametrize("opened", [_secure, _plain], ids=["secure", "plain"])


def _defects(bench: Bench) -> list[str]:
    return [event.text for event in bench.events if isinstance(event, Defect)]


def test_both_tables_hold_the_life_of_every_socket() -> None:
    """What they have in common is written once."""
    for table in (secure_states.TRANSITIONS, plain_states.TRANSITIONS):
        assert LIFE.items() <= table.items()


@KINDS
@pytest.mark.parametrize("online", [False, True], ids=["command mode", "data mode"])
async def test_an_exception_in_a_callback_of_the_network_breaks_the_connection(
    opened: Callable[[], AbstractAsyncContextManager[Opened]], online: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a defect event, and for the host what a reset is: what has come can be read, then NO CARRIER."""
    async with opened() as one:
        if online:
            assert CONNECT == await one.bench.command(one.resume)
        readable = DeviceSocket.readable

        def explode(self: DeviceSocket[Any]) -> None:
            monkeypatch.setattr(DeviceSocket, "readable", readable)
            raise RuntimeError("boom")

        monkeypatch.setattr(DeviceSocket, "readable", explode)
        one.say(b"x")
        await eventually(lambda: _defects(one.bench), "the defect is told")
        received = "" if online else await one.bench.command(one.receive)
        heard = received + one.bench.read()

        assert heard.endswith(NO_CARRIER)
        assert ["RuntimeError: boom"] == _defects(one.bench)
        assert one.socket.state in (State.CLOSED, State.LOST)
        assert OK == await one.bench.command(one.dial)


@KINDS
@pytest.mark.parametrize(
    ("part", "name"), [(Packetizer, "flush"), (DeviceSocket, "_lose")], ids=["transmission", "inactivity"]
)
async def test_an_exception_in_a_timer_of_data_mode_breaks_the_connection(
    opened: Callable[[], AbstractAsyncContextManager[Opened]], part: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """txTo and the inactivity timeout end as callbacks of the network do: a defect event, then NO CARRIER."""
    async with opened() as one:
        assert CONNECT == await one.bench.command(one.resume)
        one.bench.send("x")
        right = getattr(part, name)

        def explode(*arguments: object) -> None:
            monkeypatch.setattr(part, name, right)
            raise RuntimeError("boom")

        monkeypatch.setattr(part, name, explode)
        await one.bench.clock.advance_in_loop(100)

        assert NO_CARRIER == one.bench.read()
        assert ["RuntimeError: boom"] == _defects(one.bench)
        assert one.socket.state in (State.CLOSED, State.LOST)
        assert OK == await one.bench.command(one.dial)


@KINDS
async def test_a_closed_connection_is_closed_at_the_moment_of_the_command(
    opened: Callable[[], AbstractAsyncContextManager[Opened]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stream below hears of it before the host has its OK: nothing later can break it."""
    closed: list[object] = []
    close = TcpStream.close

    def noted(self: TcpStream) -> None:
        closed.append(self)
        close(self)

    async with opened() as one:
        monkeypatch.setattr(TcpStream, "close", noted)
        one.bench.send(f"{one.close}\r")
        answer = one.bench.read()

        assert OK == answer
        assert 1 == len(closed)
        assert one.socket._stream is None


async def test_a_defect_in_a_handshake_is_an_error_of_the_dial(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that waits for the handshake ends with it, and the defect is told once."""

    def explode(self: NativeClient, data: bytes) -> None:
        raise ValueError("boom")

    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            with monkeypatch.context() as patch:
                patch.setattr(NativeClient, "receive", explode)
                assert "ERROR" in await bench.command(f'AT#SSLD=1,443,"{HOST}",0,1')
            assert ["ValueError: boom"] == _defects(bench)
            assert State.CLOSED is socket_of(bench).state
            await dial_online(bench)


async def test_a_defect_of_a_udp_socket_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """UDP has no end of its own, but a defect is one."""
    readable = DeviceSocket.readable

    def explode(self: DeviceSocket[Any]) -> None:
        monkeypatch.setattr(DeviceSocket, "readable", readable)
        raise RuntimeError("boom")

    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        assert OK == await bench.command(f'AT#SD=1,1,80,"{HOST}",0,0,1')
        assert OK == await enter(bench, "AT#SSEND=1", "x\x1a")
        await peer.heard(b"x")
        monkeypatch.setattr(DeviceSocket, "readable", explode)
        peer.say(b"y")
        await eventually(lambda: _defects(bench), "the defect is told")

        assert ["RuntimeError: boom"] == _defects(bench)
        assert information("SRING: 1").removesuffix(OK) + OK == await bench.command("AT#SH=1")
        assert OK == await bench.command(f'AT#SD=1,1,80,"{HOST}",0,0,1')


async def test_a_defect_as_a_peer_arrives_turns_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket listens on, for the next one."""
    async with socket_bench() as bench:
        assert OK == await bench.command("AT#SL=1,1,5000")
        listener, address = connection(bench).listener, connection(bench).reachable_at
        assert listener is not None
        assert address is not None

        def explode() -> None:
            raise RuntimeError("boom")

        with monkeypatch.context() as patch:
            patch.setattr(listener, "incoming", explode)
            reader, writer = await asyncio.open_connection(*address)
            await eventually(lambda: _defects(bench), "the defect is told")
            with contextlib.suppress(ConnectionResetError):
                assert b"" == await reader.read()
            writer.close()
        assert State.LISTENING is connection(bench).state
        _, writer = await asyncio.open_connection(*address)
        await said(bench, "\r\nSRING: 1\r\n")
        writer.close()

        assert ["RuntimeError: boom"] == _defects(bench)

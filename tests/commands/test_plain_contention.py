"""Plain sockets that two AT instances, or the network, want something of at the same moment."""

import asyncio
from collections.abc import Callable

import pytest

from emulator.device.connection.states import ClosedBy, State
from emulator.errors import DeviceError
from emulator.net.server import TcpServer
from tests.commands.peer import eventually
from tests.commands.socket_bench import UdpPeer, connection, said, socket_bench
from tests.commands.ssl_bench import OK, enter, succeed


class Deaf:
    """Hears nothing."""

    def data_waits(self, size: int) -> None: ...

    def more_data_waits(self, size: int) -> None: ...

    def incoming(self) -> None: ...

    def connection_lost(self, reason: ClosedBy) -> None: ...

    def listening_lost(self) -> None: ...


def _servers(monkeypatch: pytest.MonkeyPatch) -> list[TcpServer]:
    """Every server that is made from now on; each takes a turn of the loop to listen."""
    made: list[TcpServer] = []
    listen = TcpServer.listen

    async def noted(self: TcpServer, address: str, port: int) -> None:
        made.append(self)
        await asyncio.sleep(0)
        await listen(self, address, port)

    monkeypatch.setattr(TcpServer, "listen", noted)
    return made


async def _turns_until(condition: Callable[[], bool]) -> None:
    """Go on at the very turn of the loop in which it holds."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


async def test_of_two_that_listen_at_once_one_gets_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The port of the other is given back."""
    made = _servers(monkeypatch)

    async with socket_bench() as bench:
        one = connection(bench, 1)
        results = await asyncio.gather(one.listen(0, 0, 0, Deaf()), one.listen(0, 0, 0, Deaf()), return_exceptions=True)
        assert [None] == [result for result in results if result is None]
        assert any(isinstance(result, DeviceError) for result in results)
        assert [True, False] == sorted((server.listens for server in made), reverse=True)
        one.stop_listening(0)
        assert not any(server.listens for server in made)


async def test_a_context_that_goes_while_a_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection stays closed, and so does the port."""
    made = _servers(monkeypatch)

    async with socket_bench() as bench:
        attempt = asyncio.create_task(connection(bench, 1).listen(0, 0, 0, Deaf()))
        await _turns_until(lambda: bool(made))
        bench.modem.device.contexts.deactivate_all()
        with pytest.raises(DeviceError):
            await attempt
        assert State.CLOSED is connection(bench, 1).state
        assert not any(server.listens for server in made)


async def test_a_port_is_given_back_when_its_command_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the power goes."""
    made = _servers(monkeypatch)

    async with socket_bench() as bench:
        attempt = asyncio.create_task(connection(bench, 1).listen(0, 0, 0, Deaf()))
        await _turns_until(lambda: bool(made))
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        assert not any(server.listens for server in made)


async def test_the_answer_to_a_datagram_that_has_not_been_read() -> None:
    """It goes to whoever has sent the one that waits."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SLUDP=1,1,0")
        address = connection(bench, 1).reachable_at
        assert address is not None
        async with UdpPeer.opened() as peer:
            peer.say(b"question", address)
            await said(bench, "\r\nSRING: 1\r\n")
            bench.send("AT#SA=1,1\r")
            await said(bench, OK + "\r\nSRING: 1\r\n")
            assert OK == await enter(bench, "AT#SSEND=1", "answer\x1a")
            await eventually(lambda: peer.received == [b"answer"], "the answer comes")

"""Ports on which the module takes connections and datagrams, whoever they come from."""

import asyncio
import socket

import pytest

from emulator.net.bearer import DialFailed, NameUnknown
from emulator.net.datagrams import UdpSocket
from emulator.net.routes import Address
from emulator.net.stream import Stream
from emulator.trace.events import Dialled, Event, Listening
from tests.commands.peer import eventually
from tests.net.bearers import traced_bearer
from tests.peers.processes import free_port


class _Heard:
    """Keeps what comes."""

    def __init__(self) -> None:
        self.datagrams: list[tuple[bytes, Address]] = []
        self.refusals = 0

    def fail(self, error: Exception) -> None:
        raise error

    def refused(self) -> None:
        self.refusals += 1

    def datagram_received(self, data: bytes, source: Address) -> None:
        self.datagrams.append((data, source))


async def test_a_server_takes_connections_on_loopback() -> None:
    """The one port where it can, and says where."""
    events: list[Event] = []
    arrived: list[tuple[Stream, Address]] = []
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = await traced_bearer(events).serve(port, lambda stream, peer: arrived.append((stream, peer)))
    assert server.address == ("127.0.0.1", port)
    assert [Listening(protocol="TCP", port=port, address=f"127.0.0.1:{port}")] == events
    with socket.create_connection(server.address) as client:
        await eventually(lambda: arrived, "it has come")
        assert client.getsockname() == arrived[0][1]
        server.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(server.address)
        arrived[0][0].write(b"still open")
        assert await asyncio.to_thread(client.recv, 100) == b"still open"
        arrived[0][0].close()


async def test_a_free_port_stands_for_one_that_is_taken() -> None:
    """By TCP and by UDP."""
    events: list[Event] = []
    bearer = traced_bearer(events)
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket(type=socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        server = await bearer.serve(taken.getsockname()[1], lambda stream, peer: None)
        datagrams = await bearer.await_datagrams(bound.getsockname()[1])
        assert server.address[1] not in (0, taken.getsockname()[1])
        assert datagrams.address[1] not in (0, bound.getsockname()[1])
        server.close()
        datagrams.close()
    assert ["TCP", "UDP"] == [event.protocol for event in events if isinstance(event, Listening)]


async def test_datagrams_follow_the_routes() -> None:
    """Both ways, with what came before anybody listened; the trace tells."""
    events: list[Event] = []
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(30)
        port = peer.getsockname()[1]
        datagrams = await traced_bearer(events, f"far.example=127.0.0.1:{port}").associate("far.example", 5000)
        datagrams.send(b"there")
        data, source = await asyncio.to_thread(peer.recvfrom, 100)
        assert (data, source[1]) == (b"there", datagrams.address[1])
        peer.sendto(b"back", source)
        await eventually(lambda: datagrams._early, "it waits for its owner")
        heard = _Heard()
        datagrams.attach(heard)
        await eventually(lambda: heard.datagrams, "it has come")
        assert [(b"back", ("127.0.0.1", port))] == heard.datagrams
        datagrams.close()
        datagrams.send(b"into the void")
    target = f"127.0.0.1:{port}"
    assert [Dialled(host="far.example", port=5000, protocol="UDP", target=target, outcome="ready")] == events


async def test_datagrams_to_nobody_are_lost_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """As anywhere; a name that nobody knows is another matter, and so is a local port that is taken."""
    events: list[Event] = []
    bearer = traced_bearer(events)
    refusals: list[Exception] = []
    ignore = UdpSocket.error_received

    def noted(self: UdpSocket, exc: Exception) -> None:
        refusals.append(exc)
        ignore(self, exc)

    monkeypatch.setattr(UdpSocket, "error_received", noted)
    with socket.socket(type=socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(DialFailed):
            await bearer.associate("127.0.0.1", 9, port)
    with pytest.raises(NameUnknown):
        await bearer.associate("nobody.invalid", 9)
    datagrams = await bearer.associate("127.0.0.1", 9, port)
    assert datagrams.address[1] == port
    datagrams.send(b"anybody?")
    await eventually(lambda: refusals, "this machine reports that nobody is there")
    datagrams.send(b"anybody?")
    datagrams.close()
    assert [] == [event for event in events if not isinstance(event, Dialled)]


async def test_a_closed_port_of_the_peer_is_told() -> None:
    """As ICMP tells it, to whoever wants to know."""
    heard = _Heard()
    opened = await traced_bearer([]).associate("127.0.0.1", free_port())
    opened.send(b"before there is an owner")
    opened.attach(heard)
    opened.send(b"knock")
    await eventually(lambda: heard.refusals, "it is told")
    opened.close()

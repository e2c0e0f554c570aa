"""Dialling, and the stream that comes of it, over real sockets."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from emulator.net.bearer import DialFailed, DialRefused, NameUnknown
from emulator.net.routes import Address
from emulator.net.stream import TcpStream
from emulator.net.tap import ConnectionTap
from emulator.trace.events import Dialled, Direction, Event, Resolved
from tests.commands.peer import eventually
from tests.net.bearers import traced_bearer
from tests.peers.processes import free_port


class Owner:
    """Notes what a stream tells."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.ends: list[Exception | None] = []
        self.writable_calls = 0
        self.breaks: list[Exception] = []

    def data_received(self, data: bytes) -> None:
        self.heard += data

    def ended(self, error: Exception | None) -> None:
        self.ends.append(error)

    def writable(self) -> None:
        self.writable_calls += 1

    def broken(self, error: Exception) -> None:
        self.breaks.append(error)


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[TcpStream, socket.socket]]:
    """A stream of the module, and the peer's end of it as a plain socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = await traced_bearer([]).dial("127.0.0.1", listener.getsockname()[1])
        assert isinstance(stream, TcpStream)
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(30)
            yield stream, peer
            stream.abort()
            await asyncio.sleep(0)


async def test_a_dial_follows_its_route_and_is_traced() -> None:
    """The trace names what was dialled and where that led."""
    events: list[Event] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        stream = await traced_bearer(events, f"never.invalid:443=localhost:{port}").dial("Never.Invalid", 443)
        stream.abort()
    assert [Dialled(host="Never.Invalid", port=443, target=f"localhost:{port}", outcome="connected")] == events


async def test_a_name_that_no_resolver_knows_is_told_from_a_peer_that_does_not_answer() -> None:
    """Two failures, with two names."""
    events: list[Event] = []
    bearer = traced_bearer(events)
    with pytest.raises(NameUnknown):
        await bearer.dial("no-such-host.invalid", 443)
    with pytest.raises(DialFailed):
        await bearer.dial("127.0.0.1", free_port())
    outcomes = [event.outcome for event in events if isinstance(event, Dialled)]
    assert ["'no-such-host.invalid' cannot be resolved", "Connection refused"] == outcomes


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..example", "nul\0.example", "\xff\xfe", " "])
async def test_a_name_that_is_none_is_unknown(name: str) -> None:
    """Whatever a host sends as an address, the answer is a refusal of the module."""
    with pytest.raises(NameUnknown):
        await traced_bearer([]).dial(name, 443)


async def test_a_dial_that_is_given_up_leaves_no_connection() -> None:
    """The listener's backlog is full, so that the connection never comes about."""
    events: list[Event] = []
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as fillers:
        address = listener.getsockname()
        for _ in range(4):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(address)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await traced_bearer(events).dial(*address)
    assert ["given up"] == [event.outcome for event in events if isinstance(event, Dialled)]


async def test_what_comes_before_there_is_an_owner_is_kept_for_it() -> None:
    """Data and the end, in their order."""
    async with connection() as (stream, peer):
        peer.sendall(b"early")
        peer.shutdown(socket.SHUT_WR)
        await eventually(lambda: "ended" in repr(stream), "the end comes")
        owner = Owner()
        stream.attach(owner)
        assert (b"early", [None]) == (bytes(owner.heard), owner.ends)


async def test_our_side_stays_open_when_the_peer_has_ended_its_own() -> None:
    """What is still to be said, a close_notify, reaches the peer; then the connection is closed for good."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        peer.shutdown(socket.SHUT_WR)
        await eventually(lambda: owner.ends, "the end comes")
        stream.write(b"farewell")
        stream.close()
        assert (b"farewell", b"") == await asyncio.to_thread(lambda: (peer.recv(100), peer.recv(100)))
        assert [None] == owner.ends


async def test_a_side_can_end_alone() -> None:
    """What waits goes out before the end, nothing after it; the peer may go on until it ends, too."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        stream.write(b"x" * 5_000_000)
        stream.finish()
        stream.finish()
        stream.write(b"late")

        def read_all() -> int:
            size = 0
            while data := peer.recv(1 << 20):
                size += len(data)
            return size

        assert 5_000_000 == await asyncio.to_thread(read_all)
        peer.sendall(b"still here")
        await eventually(lambda: owner.heard == b"still here", "our end goes on to hear")
        peer.shutdown(socket.SHUT_WR)
        await eventually(lambda: owner.ends, "the end comes")
        await eventually(lambda: stream._transport is None, "the socket is closed")
        assert ([None], []) == (owner.ends, owner.breaks)


async def test_a_connection_that_breaks_after_its_peer_has_ended_tells_that_too() -> None:
    """The end was told already."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        peer.close()
        await eventually(lambda: owner.ends, "the end comes")

        def write_until_told() -> bool:
            stream.write(b"anybody?")
            return bool(owner.breaks)

        await eventually(write_until_told, "it is told")
        assert [None] == owner.ends
        stream.finish()


async def test_a_side_can_end_after_the_peer() -> None:
    """That is the end of both; what waits goes out."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        peer.shutdown(socket.SHUT_WR)
        await eventually(lambda: owner.ends, "the end comes")
        stream.write(b"last word")
        stream.finish()
        await eventually(lambda: stream._transport is None, "the socket is closed")
        assert (b"last word", b"") == (peer.recv(100), peer.recv(100))


async def test_a_relayed_connection_is_not_captured_by_its_bytes() -> None:
    """It was, by its packets: those are handed to the capture as they are."""

    class Packets:
        def __init__(self) -> None:
            self.seen: list[tuple[str, bytes]] = []

        def dialling(self, dialled: Address, connected: Address) -> ConnectionTap:
            raise AssertionError("nothing is dialled for the capture")

        def answering(self, caller: Address, port: int) -> ConnectionTap:
            raise AssertionError("nobody calls")

        def packet(self, direction: Direction, packet: bytes) -> None:
            self.seen.append((direction, packet))

    events: list[Event] = []
    bearer = traced_bearer(events)
    bearer.capture("sent", b"lost")
    bearer.tap = packets = Packets()
    bearer.capture("sent", b"packet")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        (await bearer.relay("127.0.0.1", port)).abort()

    assert [("sent", b"packet")] == packets.seen
    assert [Dialled(host="127.0.0.1", port=port, target=f"127.0.0.1:{port}", outcome="connected")] == events


async def test_a_refusal_is_told_from_other_failures() -> None:
    with pytest.raises(DialRefused):
        await traced_bearer([]).dial("127.0.0.1", free_port())
    with pytest.raises(DialFailed) as failed:
        await traced_bearer([]).dial("255.255.255.255", 80)
    assert not isinstance(failed.value, DialRefused)


def test_an_address_of_this_machine_is_reached_unless_a_route_leads_away() -> None:
    """By port, or for echo requests by host."""
    bearer = traced_bearer([], "127.0.0.2:80=192.0.2.1:80", "127.0.0.3=192.0.2.1:80")
    reached = [bearer.reaches_this_machine("127.0.0.2", port) for port in (80, 81, None)]
    reached += [bearer.reaches_this_machine("127.0.0.3", port) for port in (80, None)]
    reached += [bearer.reaches_this_machine("203.0.113.9", port) for port in (80, None)]

    assert [False, True, False, False, False, False, False] == reached


async def test_a_connection_that_breaks_ends_with_its_error() -> None:
    """So that a reset can be told from an orderly end."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        await eventually(lambda: owner.ends, "the end comes")
        assert isinstance(owner.ends[0], ConnectionResetError)
        for harmless in (stream.pause, stream.resume, stream.close, stream.abort):
            harmless()
        stream.write(b"into the void")
        assert 0 == stream.unsent


async def test_a_paused_stream_lets_the_peer_wait() -> None:
    """Nothing is read until it is resumed, so that the peer's own sending blocks."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        stream.pause()
        peer.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += peer.send(bytes(65536))
        assert b"" == bytes(owner.heard)
        stream.resume()
        await eventually(lambda: len(owner.heard) == sent, "all of it comes")


async def test_a_peer_that_does_not_read_makes_the_stream_congested_until_it_does() -> None:
    """And the owner is told, once."""
    async with connection() as (stream, peer):
        owner = Owner()
        stream.attach(owner)
        sent = 0
        while not stream.congested:
            stream.write(bytes(65536))
            sent += 65536
        assert stream.unsent > 0

        def drain() -> int:
            taken = 0
            while taken < sent:
                taken += len(peer.recv(1 << 20))
            return taken

        assert sent == await asyncio.to_thread(drain)
        await eventually(lambda: owner.writable_calls, "the owner is told")
        assert (1, False, 0) == (owner.writable_calls, stream.congested, stream.unsent)


async def test_an_aborted_stream_drops_what_waits() -> None:
    """At once, whatever the peer has not taken."""
    async with connection() as (stream, _peer):
        owner = Owner()
        stream.attach(owner)
        while not stream.congested:
            stream.write(bytes(65536))
        stream.abort()
        await eventually(lambda: owner.ends, "the end comes")
        assert 0 == stream.unsent


async def test_a_name_is_resolved_and_traced() -> None:
    """By this machine; an IPv4 address is its own answer, another family is none."""
    events: list[Event] = []
    bearer = traced_bearer(events)
    assert ["127.0.0.1", "10.0.0.1"] == [await bearer.resolve("localhost"), await bearer.resolve("10.0.0.1")]
    for unknown in ("no-such-host.invalid", "::1", "a" * 64):
        with pytest.raises(NameUnknown):
            await bearer.resolve(unknown)
    assert [Resolved(host="localhost", outcome="127.0.0.1"), "unknown"] == [events[0], events[-1].outcome]  # type: ignore[attr-defined]  # all are Resolved


async def test_a_routed_name_resolves_to_an_address_that_leads_where_it_does() -> None:
    """Also when this machine does not know the name."""
    events: list[Event] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        bearer = traced_bearer(events, f"never.invalid:443=127.0.0.1:{port}")
        address = await bearer.resolve("Never.Invalid")
        (await bearer.dial(address, 443)).abort()
    assert Dialled(host=address, port=443, target=f"127.0.0.1:{port}", outcome="connected") == events[-1]

"""What the module's sockets do, as packets in a capture."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import pytest

from emulator.clock import ManualClock
from emulator.net.bearer import DialFailed, NameUnknown, SystemBearer
from emulator.net.routes import Routes
from emulator.net.stream import TcpStream
from emulator.trace.capture import Capture
from emulator.trace.pcapng import CaptureFile
from emulator.trace.trace import Trace
from tests.commands.peer import eventually
from tests.net.test_bearer import Owner
from tests.peers.plain import black_hole
from tests.peers.processes import free_port
from tests.peers.sockets import TIMEOUT
from tests.trace.captures import Segment, carried, conversations, is_clean, read_capture, shape

MODULE = "212.195.45.65"
CLOCK = ManualClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the capture comes to lie."""
    return tmp_path / "capture.pcapng"


@asynccontextmanager
async def capturing(path: Path, routes: Sequence[str] = ()) -> AsyncIterator[SystemBearer]:
    """A bearer whose traffic is captured."""
    file = CaptureFile(path, "--pcap", "HE910")
    yield SystemBearer(Routes.parse(routes), Trace(CLOCK), CLOCK, tap=Capture(file, CLOCK, MODULE))
    file.close()


def captured(path: Path) -> list[list[Segment]]:
    """The conversations of a capture, which tshark finds nothing to remark about."""
    with contextlib.suppress(pytest.skip.Exception):  # what this module has parsed itself needs no tshark
        is_clean(path)
    return conversations(read_capture(path))


async def opened(bearer: SystemBearer, listener: socket.socket) -> tuple[TcpStream, Owner, socket.socket]:
    """A stream, its owner, and the peer's end of it."""
    stream = await bearer.dial("127.0.0.1", listener.getsockname()[1])
    assert isinstance(stream, TcpStream)
    owner = Owner()
    stream.attach(owner)
    peer, _ = listener.accept()
    peer.settimeout(TIMEOUT)
    return stream, owner, peer


async def _is_over(owner: Owner) -> None:
    await eventually(lambda: owner.ends, "the end comes")


def _is_closed(stream: TcpStream) -> bool:
    return stream._transport is None


def _read_all(peer: socket.socket) -> None:
    while peer.recv(1 << 20):
        pass


async def test_a_conversation_from_the_first_packet_to_the_last(path: Path) -> None:
    """Data both ways, the peer's end and then the module's, at the module's time."""
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            stream, owner, peer = await opened(bearer, listener)
            CLOCK.advance(1.5)
            stream.write(b"question" * 1000)
            peer.sendall(b"answer")
            await eventually(lambda: owner.heard, "the answer comes")
            peer.shutdown(socket.SHUT_WR)
            await _is_over(owner)
            stream.write(b"farewell")
            stream.close()
            await asyncio.to_thread(peer.recv, 1 << 20)
            peer.close()

    (conversation,) = captured(path)

    assert shape(conversation[:3]) == ["sent SYN", "received SYN ACK", "sent ACK"]
    assert carried(conversation, "sent") == b"question" * 1000 + b"farewell"
    assert carried(conversation, "received") == b"answer"
    assert shape(conversation[-6:]) == [
        "received FIN ACK",
        "sent ACK",
        "sent ACK data",
        "received ACK",
        "sent FIN ACK",
        "received ACK",
    ]
    assert conversation[3].microseconds - conversation[0].microseconds == 1_500_000
    assert conversation[0].source[0] == MODULE
    assert conversation[0].target[0] == "127.0.0.1"


async def test_what_was_dialled_is_shown_and_where_it_led_is_said(path: Path) -> None:
    """An address as the host wrote it, a name as the address that it led to; the dialled port in both."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        routes = [f"10.0.0.1:443=127.0.0.1:{port}", f"server.example=127.0.0.1:{port}", f"[::1]:443=127.0.0.1:{port}"]
        async with capturing(path, routes) as bearer:
            for host in ("10.0.0.1", "Server.Example", "::1"):
                (await bearer.dial(host, 443)).abort()

    by_address, by_name, by_ipv6 = captured(path)

    assert by_address[0].source == (MODULE, 49152)
    assert by_address[0].target == ("10.0.0.1", 443)
    assert by_address[0].comment == f"10.0.0.1:443 by way of 127.0.0.1:{port}"
    assert by_name[0].source == (MODULE, 49153)
    assert by_name[0].target == ("127.0.0.1", 443)
    assert by_name[0].comment == f"Server.Example:443 by way of 127.0.0.1:{port}"
    assert by_ipv6[0].source == (str(ip_address(f"::ffff:{MODULE}")), 49154)
    assert by_ipv6[0].target == ("::1", 443)
    assert {segment.comment for segment in by_address[1:]} == {""}


async def test_an_address_that_is_connected_itself_needs_no_remark(path: Path) -> None:
    """There is nothing to say beyond the packet."""
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            (await bearer.dial("127.0.0.1", listener.getsockname()[1])).abort()

    (conversation,) = captured(path)

    assert {segment.comment for segment in conversation} == {""}


async def test_a_refused_dial(path: Path) -> None:
    """SYN, and RST in answer."""
    async with capturing(path) as bearer:
        with pytest.raises(DialFailed):
            await bearer.dial("127.0.0.1", free_port())

    (conversation,) = captured(path)

    assert shape(conversation) == ["sent SYN", "received RST ACK"]


async def test_a_dial_that_nobody_answers(path: Path) -> None:
    """SYN, and silence."""
    async with capturing(path) as bearer:
        with black_hole() as port, pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await bearer.dial("127.0.0.1", port)

    (conversation,) = captured(path)

    assert shape(conversation) == ["sent SYN"]


async def test_a_name_that_is_unknown_leaves_no_packet(path: Path) -> None:
    """There is no address to send one to."""
    async with capturing(path) as bearer:
        with pytest.raises(NameUnknown):
            await bearer.dial("no-such-host.invalid", 443)

    assert captured(path) == []


async def test_the_module_breaks_a_connection(path: Path) -> None:
    """RST from the module, at once and alone."""
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            stream, owner, peer = await opened(bearer, listener)
            stream.abort()
            await _is_over(owner)
            peer.close()

    (conversation,) = captured(path)

    assert shape(conversation[3:]) == ["sent RST ACK"]


async def test_the_peer_breaks_a_connection(path: Path) -> None:
    """RST from the peer."""
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            _, owner, peer = await opened(bearer, listener)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
            await _is_over(owner)

    (conversation,) = captured(path)

    assert shape(conversation[3:]) == ["received RST ACK"]


async def test_a_peer_that_vanishes_says_nothing(path: Path) -> None:
    """The machine gives the connection up after a long time; no packet has told it to."""
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            stream, owner, peer = await opened(bearer, listener)
            error = TimeoutError("Connection timed out")
            stream.connection_lost(error)
            assert owner.ends == [error]
            peer.close()

    (conversation,) = captured(path)

    assert shape(conversation[3:]) == []


async def test_the_module_ends_a_connection_when_what_waits_has_gone(path: Path) -> None:
    """Its FIN comes behind all data, and the peer's follows; broken before that, there is RST and no FIN."""
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            for peer_reads in (True, False):
                stream, owner, peer = await opened(bearer, listener)
                while not stream.congested:
                    stream.write(bytes(65536))
                stream.close()
                if peer_reads:
                    await asyncio.to_thread(_read_all, peer)
                else:
                    stream.abort()
                peer.close()
                await eventually(partial(_is_closed, stream), "the socket is closed")
        assert not owner.ends

    taken, broken = captured(path)

    assert shape(taken[-4:]) == ["sent FIN ACK", "received ACK", "received FIN ACK", "sent ACK"]
    assert shape(broken[-1:]) == ["sent RST ACK"]
    assert not [line for line in shape(broken) if "FIN" in line]


async def test_a_connection_to_the_module_comes_from_the_peer(path: Path) -> None:
    """Active FTP: the server's SYN goes to the port that it was told; one too many is broken."""
    ports: list[int] = []
    async with capturing(path) as bearer:
        with socket.create_server(("127.0.0.1", 0)) as control:
            stream, _, peer = await opened(bearer, control)
            listener = await bearer.listen(stream)
            with socket.create_connection(listener.address) as server:
                ports.extend((server.getsockname()[1], listener.address[1]))
                accepted = await asyncio.wait_for(listener.accept(), TIMEOUT)
                accepted.write(b"data")
                accepted.close()
                await asyncio.to_thread(server.recv, 10)
            stream.close()
            peer.close()

    _, data = captured(path)

    assert shape(data) == [
        "received SYN",
        "sent SYN ACK",
        "received ACK",
        "sent ACK data",
        "received ACK",
        "sent FIN ACK",
        "received ACK",
    ]
    assert data[0].source == ("127.0.0.1", ports[0])
    assert data[0].target == (MODULE, ports[1])


def test_dials_take_one_port_after_the_other_and_begin_again(path: Path) -> None:
    """Those that IANA leaves for it: 49152 to 65535."""
    file = CaptureFile(path, "--pcap", "HE910")
    capture = Capture(file, CLOCK, MODULE)
    for _ in range(2**14 + 1):
        capture.dialling(("10.0.0.1", 443), ("10.0.0.1", 443))
    file.close()

    ports = [segment.source[1] for segment in read_capture(path)]
    assert ports == [*range(49152, 65536), 49152]


async def test_nothing_is_tapped_unless_a_capture_was_asked_for() -> None:
    """So that whoever captures nothing pays nothing."""
    bearer = SystemBearer(Routes.parse([]), Trace(CLOCK), CLOCK)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream, _, peer = await opened(bearer, listener)
        assert (bearer.tap, stream.tap) == (None, None)
        stream.abort()
        peer.close()

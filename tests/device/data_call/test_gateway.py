"""The gateway on a manual clock: timeouts, limits, faults, and names."""

import asyncio
import socket
import struct

import pytest

from emulator.ip.tcp.segment import ACK, FIN, RST, SYN
from emulator.net.machine import is_own_address
from emulator.trace.events import Dialled, Pinged, Resolved, StateChanged
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.device.data_call.gateways import ROUTER, SERVER, SeveralSources
from tests.device.data_call.packet_host import PacketHost, packet_host
from tests.ip.wire import ICMP, Raw, built
from tests.peers.processes import free_port


def outcomes(bench: object) -> list[str]:
    return [event.outcome for event in bench.events if isinstance(event, Dialled)]  # type: ignore[attr-defined]  # a Bench


async def test_a_connection_is_told_in_the_trace_as_those_of_sockets() -> None:
    """Its dial, and its states by the same names."""
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        port = peer.port
        await host.open()
        host.say(b"hello")
        client = await peer.client()
        await eventually(lambda: client.received == b"hello", "it arrives")
        host.send(FIN | ACK)
        await eventually(lambda: client.ended, "the end, too")
        told = [event for event in bench.events if isinstance(event, Dialled | StateChanged)]

    assert [
        StateChanged(thing="data call port 1024", before="closed", after="connecting"),
        Dialled(host=SERVER, port=80, target=f"127.0.0.1:{port}", outcome="connected"),
        StateChanged(thing="data call port 1024", before="connecting", after="open"),
    ] == told[-3:]


async def test_a_dial_is_given_up_in_time_and_tried_again_by_the_next_request() -> None:
    """Nothing is said to the host, as nothing has come from the peer."""
    async with packet_host(port=1) as (bench, host):
        bench.modem.faults.make("connection-unanswered", {})
        host.send(SYN)
        await bench.advance(30)
        host.send(SYN)
        await bench.advance(29)
        assert outcomes(bench) == []
        await bench.advance(2)
        assert (["given up"], []) == (outcomes(bench), host.packets)
        host.send(SYN)
        await bench.advance(0)
        assert ["connecting"] * 2 == [
            event.after for event in bench.events if isinstance(event, StateChanged) and event.after == "connecting"
        ]


async def test_a_request_that_the_host_takes_back_ends_the_dial() -> None:
    async with packet_host(port=1) as (bench, host):
        bench.modem.faults.make("connection-unanswered", {})
        host.send(SYN)
        await bench.advance(1)
        host.send(RST)
        await bench.advance(0)

        assert (["given up"], []) == (outcomes(bench), host.packets)


@pytest.mark.parametrize(
    ("fault", "flags", "errors"),
    [("connection-refused", [RST | ACK], []), ("name-unknown", [], [(3, 1)])],
)
async def test_a_dial_that_a_fault_fails(fault: str, flags: list[int], errors: list[tuple[int, int]]) -> None:
    """As the peer or the resolver would."""
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        bench.modem.faults.make(fault, {"host": SERVER})
        host.send(SYN)
        await eventually(lambda: host.packets, "there is an answer")

        assert (flags, errors) == (host.flags, host.errors)


async def test_a_fault_breaks_a_connection_at_its_byte() -> None:
    """For the host and for the server."""
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        bench.modem.faults.make("connection-reset", {"byte": 3})
        await host.open()
        client = await peer.client()
        host.say(b"hello")
        await eventually(lambda: host.flags[-1] & RST, "the host is told")
        await eventually(lambda: client.ended, "the server, too")

        assert bytes(client.received) in (b"", b"hel")


async def test_a_fault_silences_a_connection() -> None:
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        await host.open()
        client = await peer.client()
        bench.modem.faults.make("peer-silent", {})
        host.say(b"hello")
        client.say(b"world")
        await asyncio.sleep(0.05)
        await bench.advance(300)

        assert (b"", b"", False) == (bytes(client.received), host.heard, bool(host.flags[-1] & (RST | FIN)))


async def test_a_slow_network_takes_its_time() -> None:
    """Two ways for the handshake, one for the data; half close goes through it, too."""
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        bench.modem.faults.make("slow-network", {"latency": "1 s"})
        host.send(SYN)
        await bench.advance(1.9)
        assert host.packets == []
        await bench.advance(0.2)
        await host.open()
        client = await peer.client()
        host.say(b"hello")
        host.send(FIN | ACK)
        await bench.advance(0.9)
        assert client.received == b""
        await bench.advance(0.2)
        await eventually(lambda: client.ended, "data and end arrive")
        assert client.received == b"hello"
        client.say(b"late")
        await asyncio.sleep(0.02)
        await bench.advance(1.1)
        await eventually(lambda: host.heard == b"late", "the server has the last word")


async def test_a_port_that_is_silent_is_closed_in_time() -> None:
    """What comes then has no way to the host; the next datagram opens another."""
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (bench, host):
        host.send_datagram(b"one")
        await eventually(lambda: peer.heard, "it arrives")
        await bench.advance(100)
        peer.say(b"answer", peer.heard[0][1])
        await eventually(lambda: host.datagrams, "it comes back")
        await bench.advance(119)
        peer.say(b"another", peer.heard[0][1])
        await eventually(lambda: len(host.datagrams) == 2, "it comes back, too")
        await bench.advance(121)
        peer.say(b"late", peer.heard[0][1])
        host.send_datagram(b"two")
        await eventually(lambda: len(peer.heard) == 2, "the next arrives")
        await asyncio.sleep(0.02)

        assert [b"answer", b"another"] == [datagram.data for datagram in host.datagrams]
        assert peer.heard[0][1] != peer.heard[1][1]


async def test_the_port_that_was_silent_for_longest_gives_way() -> None:
    """There are only so many."""
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (_, host):
        for number in range(64):
            host.send_datagram(b"%d" % number, host_port=2000 + number)
        host.send_datagram(b"again", host_port=2000)
        await eventually(lambda: len(peer.heard) == 65, "all arrive")
        host.send_datagram(b"64", host_port=2064)
        await eventually(lambda: len(peer.heard) == 66, "one more arrives")
        for _, source in peer.heard:
            peer.say(b"answer", source)
        await eventually(lambda: len(host.datagrams) >= 64, "answers come")
        await asyncio.sleep(0.02)

        assert {*range(2000, 2065)} - {2001} == {datagram.target_port for datagram in host.datagrams}


@pytest.mark.parametrize(
    ("target", "port", "error"),
    [(ROUTER, 123, (3, 3)), (SERVER, 1, (3, 1))],
)
async def test_datagrams_that_have_no_way(target: str, port: int, error: tuple[int, int]) -> None:
    """The router has no port; and a name behind a route may be unknown."""
    async with packet_host(routes={SERVER: "no-such-host.invalid:1"}) as (_, host):
        host.send_datagram(b"x", port, target=target)
        await eventually(lambda: host.packets, "there is an answer")

        assert [error] == host.errors


async def test_a_fault_refuses_datagrams() -> None:
    """As it refuses #SD."""
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (bench, host):
        bench.modem.faults.make("connection-refused", {})
        host.send_datagram(b"x")
        await eventually(lambda: host.errors, "there is an answer")

        assert ([(3, 3)], ["Connection refused"]) == (host.errors, outcomes(bench))


async def test_datagrams_wait_for_their_way_up_to_a_limit() -> None:
    """They go out in their order; a call that ends meanwhile leaves no socket."""
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (_, host):
        for number in range(20):
            host.send_datagram(b"%d" % number)
        await eventually(lambda: len(peer.heard) == 16, "what has waited arrives")
        host.send_datagram(b"x", host_port=2001)
        host.gateway.close()
        await asyncio.sleep(0.02)

        assert [b"%d" % number for number in range(16)] == [data for data, _ in peer.heard]


async def test_a_flood_of_ports_is_lost_in_part() -> None:
    """No more are opened at a time than may be."""
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (_, host):
        for number in range(200):
            host.send_datagram(b"x", host_port=2000 + number)
        host.send_datagram(b"last", host_port=3000)

        def is_heard() -> bool:
            host.send_datagram(b"after", host_port=3000)  # lost until there is room for another port
            return b"after" in [data for data, _ in peer.heard]

        await eventually(is_heard, "one that comes later is heard")


def echo_request(target: str = SERVER) -> bytes:
    return built(ICMP(type=8, id=1, seq=2), Raw(b"data"), dst=target)


async def test_an_echo_request_that_is_lost_is_not_answered() -> None:
    """Nor is one beyond those that may be on their way."""
    async with packet_host(routes={SERVER: "127.0.0.1:1"}) as (bench, host):
        bench.modem.faults.make("slow-network", {"latency": "10 s"})
        for _ in range(40):
            host.gateway.receive(echo_request())
        await bench.advance(30)
        assert host.packets == []


async def test_the_module_itself_answers_echo_requests() -> None:
    """At its own end of the link, without a look into the network."""
    async with packet_host() as (bench, host):
        host.gateway.receive(echo_request(ROUTER))

        assert [(0, 0)] == host.errors
        assert [] == [event for event in bench.events if isinstance(event, Pinged)]


def query(name: str, kind: int = 1) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">6H", 7, 256, 1, 0, 0, 0) + labels + struct.pack(">xHH", kind, 1)


def response(host: PacketHost) -> tuple[int, int]:
    """Response code, and number of answers."""
    flags, _, answers = struct.unpack_from(">3H", host.datagrams[-1].data, 2)
    return flags & 15, answers


async def test_a_fault_hides_a_name() -> None:
    """As from #QDNS; the trace tells of both alike."""
    async with packet_host(routes={"server.lab": "127.0.0.1:1"}) as (bench, host):
        bench.modem.faults.make("name-unknown", {"host": "server.lab"})
        host.send_datagram(query("server.lab"), 53)
        await eventually(lambda: host.datagrams, "there is an answer")
        assert (3, 0) == response(host)
        host.send_datagram(query("server.lab"), 53)
        await eventually(lambda: len(host.datagrams) == 2, "there is another")
        assert (0, 1) == response(host)
        assert [Resolved(host="server.lab", outcome="198.18.0.1")] == [
            event for event in bench.events if isinstance(event, Resolved) and event.outcome[0].isdigit()
        ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (query("server.lab", 28), (0, 0)),
        (query("server.lab", 15), (0, 0)),
        (query("192.0.2.1"), (3, 0)),
        (query("1.2.0.192.in-addr.arpa", 12), (3, 0)),
        (query("a" * 63 + ".invalid"), (3, 0)),
        (b"\0\7\x10\0" + query("server.lab")[4:], (4, 0)),
        (query("server.lab")[:20], (1, 0)),
    ],
)
async def test_other_queries_are_answered_as_they_deserve(message: bytes, expected: tuple[int, int]) -> None:
    """Without a look into the network where the type is another; a number is no name."""
    async with packet_host(routes={"server.lab": "127.0.0.1:1"}) as (_, host):
        host.send_datagram(message, 53)
        await eventually(lambda: host.datagrams, "there is an answer")

        assert expected == response(host)


async def test_a_resolver_that_does_not_answer_answers_nobody() -> None:
    async with packet_host() as (bench, host):
        bench.modem.faults.make("name-unknown", {})

        async def wait(name: str) -> str:
            await asyncio.get_running_loop().create_future()
            return ""

        bearer = bench.modem.device.environment.bearer
        bearer._bearer.resolve = wait  # type: ignore[attr-defined]  # of the faulty one
        host.send_datagram(query("server.lab"), 53)
        await eventually(lambda: host.datagrams, "the fault answers")
        host.send_datagram(query("server.lab"), 53)
        await bench.advance(30)

        assert len(host.datagrams) == 1


async def test_names_are_not_asked_for_by_tcp() -> None:
    """No answer is too long for a datagram; a server outside would know other names."""
    async with packet_host() as (bench, host):
        host.send(SYN, port=53)

        assert ([RST | ACK], []) == (host.flags, outcomes(bench))


async def test_what_the_resolver_names_can_be_reached() -> None:
    """Also where it is this machine; the same address cannot be reached without."""
    async with packet_host() as (bench, host):
        bearer = bench.modem.device.environment.bearer

        async def resolve(name: str) -> str:
            return SERVER

        bearer._bearer.resolve = resolve  # type: ignore[attr-defined]  # of the faulty one
        bearer._bearer.reaches_this_machine = lambda address, port=None: True  # type: ignore[attr-defined]
        host.send(SYN, port=free_port())
        await eventually(lambda: host.errors, "it is unreachable")
        host.send_datagram(query("this-machine"), 53)
        await eventually(lambda: host.datagrams, "it has a name")
        host.send(SYN, port=80)
        await bench.advance(0)

        assert ([(3, 1)], 1) == (host.errors, len([e for e in bench.events if isinstance(e, StateChanged)][-1:]))
        assert "connecting" in [event.after for event in bench.events if isinstance(event, StateChanged)]


async def test_a_host_that_vanishes_is_given_up_and_its_server_reset() -> None:
    """After three minutes without an acknowledgement."""
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        await host.open()
        client = await peer.client()
        client.say(b"hello")
        await eventually(lambda: host.heard, "it is sent")
        for _ in range(300):
            await bench.advance(1)
        await eventually(lambda: client.ended, "the server is told")

        assert host.flags[-1] & RST


async def test_packets_for_a_full_line_are_kept_up_to_a_limit() -> None:
    """More are lost, as on any network."""
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (_, host):
        host.send_datagram(b"hello")
        await eventually(lambda: peer.heard, "it arrives")
        host.gateway.pause()
        for number in range(100):
            peer.say(b"%d" % number, peer.heard[0][1])
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        assert host.packets == []
        host.gateway.resume()

        assert [b"%d" % number for number in range(64)] == [datagram.data for datagram in host.datagrams]


async def test_a_gateway_that_is_closed_does_nothing() -> None:
    """Harmless, whatever still comes."""
    async with packet_host(port=1) as (bench, host):
        host.gateway.close()
        host.gateway.close()
        host.send(SYN)
        host.gateway.pause()
        host.gateway.resume()
        await bench.advance(100)

        assert ([], []) == (host.packets, outcomes(bench))


def test_addresses_of_this_machine_are_known() -> None:

    assert [True, True, True, False] == [
        is_own_address(each) for each in ("127.0.0.1", "0.0.0.0", "::1", "203.0.113.9")
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("203.0.113.9", 9))
        except OSError:
            return
        assert is_own_address(probe.getsockname()[0])

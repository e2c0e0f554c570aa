"""The gateway between the TCP/IP of the Linux kernel and real servers on loopback."""

import asyncio
import hashlib
import socket
from pathlib import Path

import pytest

from emulator.clock import WallClock
from emulator.trace.capture import Capture
from emulator.trace.events import Pinged
from emulator.trace.pcapng import CaptureFile
from tests.device.data_call.gateways import (
    ROUTER,
    SERVER,
    Call,
    echo,
    eventually,
    make_call,
    reset,
    run_host,
    served,
)
from tests.peers.kernel_host import ADDRESS
from tests.peers.processes import free_port
from tests.trace.captures import read_capture

DATA = bytes(range(256)) * 4096
DIGEST = hashlib.sha256(DATA).hexdigest()

BOTH_WAYS = f"""
import hashlib, socket, threading
with socket.create_connection(("{SERVER}", 80), 20) as c:
    data = bytes(range(256)) * 4096
    threading.Thread(target=lambda: (c.sendall(data), c.shutdown(socket.SHUT_WR))).start()
    back = hashlib.sha256()
    while piece := c.recv(65536):
        back.update(piece)
print(back.hexdigest())
"""
OPENED = ["connecting", "open", "closed"]


async def test_a_megabyte_goes_each_way() -> None:
    """By its digest; the trace tells of it as of the module's own sockets."""
    async with served(echo) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}")
        output = await run_host(BOTH_WAYS, call)

    assert (DIGEST + "\n", [(SERVER, 80, "TCP", "connected")], OPENED) == (output, call.dials, call.states)


CONNECT = """
import errno, socket
c = socket.socket()
c.settimeout(20)
try:
    c.connect(("{host}", {port}))
    c.sendall(b"hello")
    print(c.recv(100), c.recv(100))
except OSError as error:
    print(errno.errorcode[error.errno])
"""


async def test_a_reset_of_the_server_is_a_reset_for_the_host() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(5)
        reset(writer)

    async with served(serve) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}")
        output = await run_host(CONNECT.format(host=SERVER, port=80), call)

    assert ("ECONNRESET\n", OPENED) == (output, call.states)


async def test_a_reset_of_the_host_is_a_reset_for_the_server() -> None:
    """And not an orderly end."""
    heard: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heard.append(await reader.readexactly(5))
            heard.append(await reader.read(5))
        except ConnectionError as error:
            heard.append(type(error))

    program = f"""
import socket, struct, time
c = socket.create_connection(("{SERVER}", 80), 20)
c.sendall(b"hello")
time.sleep(0.1)
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()
time.sleep(0.1)
"""
    async with served(serve) as port:
        await run_host(program, make_call(f"{SERVER}:80=127.0.0.1:{port}"))
        await eventually(lambda: len(heard) == 2)

    assert [b"hello", ConnectionResetError] == heard


async def test_a_refused_dial_is_refused_for_the_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    call = make_call(f"{SERVER}:80=127.0.0.1:{port}")

    output = await run_host(CONNECT.format(host=SERVER, port=80), call)

    assert ("ECONNREFUSED\n", [(SERVER, 80, "TCP", "Connection refused")]) == (output, call.dials)
    assert ["connecting", "closed"] == call.states


async def test_a_target_that_is_unknown_is_unreachable_for_the_host() -> None:
    call = make_call(f"{SERVER}=no-such-host.invalid:80")

    assert "EHOSTUNREACH\n" == await run_host(CONNECT.format(host=SERVER, port=80), call)


async def test_a_silent_peer_lets_the_host_wait() -> None:
    """Nothing is said to the host, and its giving up ends the dial."""
    program = f"""
import socket
c = socket.socket()
c.settimeout(1.5)
try:
    c.connect(("{SERVER}", 80))
except TimeoutError:
    print("silence")
"""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        call = make_call(f"{SERVER}:80=127.0.0.1:{address[1]}")
        output = await run_host(program, call)
        for filler in fillers:
            filler.close()

    assert ("silence\n", [(SERVER, 80, "TCP", "given up")]) == (output, call.dials)


async def test_each_side_can_end_alone() -> None:
    """The host first, the server first."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1) == b"h":
            writer.write(await reader.read() + b" was heard")
        else:
            writer.write(b"all")
            writer.write_eof()
            late.append(await reader.read())

    late: list[bytes] = []
    program = f"""
import socket
with socket.create_connection(("{SERVER}", 80), 20) as c:
    c.sendall(b"hello")
    c.shutdown(socket.SHUT_WR)
    print(c.makefile("rb").read())
with socket.create_connection(("{SERVER}", 80), 20) as c:
    c.sendall(b"s")
    print(c.makefile("rb").read())
    c.sendall(b"late word")
"""
    async with served(serve) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}")
        output = await run_host(program, call)
        await eventually(lambda: late)

    assert ("b'ello was heard'\nb'all'\n", [b"late word"], OPENED * 2) == (output, late, call.states)


async def test_a_peer_that_is_gone_resets_what_still_comes() -> None:
    """It has closed, not only ended: the host, which goes on, is told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)

    program = f"""
import socket, time
with socket.create_connection(("{SERVER}", 80), 20) as c:
    c.sendall(b"x")
    print(c.recv(1))
    try:
        for _ in range(100):
            c.sendall(b"more")
            time.sleep(0.02)
    except OSError as error:
        print(type(error).__name__)
"""
    async with served(serve) as port:
        output = await run_host(program, make_call(f"{SERVER}:80=127.0.0.1:{port}"))

    assert output.split() in (["b''", "ConnectionResetError"], ["b''", "BrokenPipeError"])


async def test_many_connections_at_a_time() -> None:
    """Each with its own data."""
    program = f"""
import socket
cs = [socket.create_connection(("{SERVER}", 80), 20) for _ in range(60)]
for n, c in enumerate(cs):
    c.sendall(b"%d" % n * 5000)
    c.shutdown(socket.SHUT_WR)
print([c.makefile("rb").read() == b"%d" % n * 5000 for n, c in enumerate(cs)] == [True] * 60)
"""
    async with served(echo) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}")
        output = await run_host(program, call)

    assert ("True\n", 60) == (output, call.states.count("closed"))


async def test_a_slow_host_holds_the_server_back() -> None:
    """Little waits in between, and all arrives."""
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.transport.set_write_buffer_limits(high=0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        for _ in range(64):
            writer.write(DATA[:262144])
            await writer.drain()
            sent += 262144

    program = f"""
import socket, time
with socket.socket() as c:
    c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    c.settimeout(20)
    c.connect(("{SERVER}", 80))
    time.sleep(1)
    size = 0
    print("reads", flush=True)
    while piece := c.recv(1 << 20):
        size += len(piece)
print(size)
"""
    held: list[int] = []

    async def look(call: Call) -> None:
        await eventually(lambda: call.states[-1:] == ["open"])
        await asyncio.sleep(0.7)
        held.append(sent)

    async with served(serve) as port:
        output = await run_host(program, make_call(f"{SERVER}:80=127.0.0.1:{port}"), during=look)

    assert output.split() == ["reads", str(64 * 262144)]
    assert held[0] < 64 * 262144 / 2


async def test_a_slow_server_holds_the_host_back() -> None:
    """Its sending blocks, and all arrives, with the end."""
    heard = hashlib.sha256()
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        while data := await reader.read(65536):
            heard.update(data)
        ended.set()

    program = f"""
import socket, time
with socket.socket() as c:
    c.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    c.settimeout(20)
    c.connect(("{SERVER}", 80))
    start = time.monotonic()
    for _ in range(16):
        c.sendall(bytes(range(256)) * 4096)
    print(time.monotonic() - start > 0.5)
    c.shutdown(socket.SHUT_WR)
    print(c.recv(1))
"""
    async with served(serve) as port:
        output = await run_host(program, make_call(f"{SERVER}:80=127.0.0.1:{port}"))
        await ended.wait()

    assert (output, hashlib.sha256(DATA * 16).hexdigest()) == ("True\nb''\n", heard.hexdigest())


async def test_a_full_line_gets_nothing() -> None:
    """While it is paused no packet is handed over, and afterwards nothing is missing."""
    paused: list[int] = []

    async def pause(call: Call) -> None:
        send, count = call.gateway._send, 0

        def watched(packet: bytes) -> None:
            nonlocal count
            count += 1
            send(packet)
            if count % 100 == 0:
                call.gateway.pause()
                asyncio.get_running_loop().call_later(0.05, go_on, count)

        def go_on(before: int) -> None:
            paused.append(count - before)
            call.gateway.resume()

        call.gateway._send = watched

    async with served(echo) as port:
        output = await run_host(BOTH_WAYS, make_call(f"{SERVER}:80=127.0.0.1:{port}"), during=pause)

    assert (output, {0}) == (DIGEST + "\n", set(paused))


QUERY = """
import socket, struct
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(20)
def ask(name, kind=1, server="8.8.8.8"):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    u.sendto(struct.pack(">6H", 7, 256, 1, 0, 0, 0) + labels + struct.pack(">xHH", kind, 1), (server, 53))
    answer, source = u.recvfrom(512)
    number, flags, _, count, _, _ = struct.unpack(">6H", answer[:12])
    assert (number, source) == (7, (server, 53))
    return flags & 15, answer[-4:] if count and kind == 1 else answer[-20:] if count else None
"""


async def test_names_are_answered_by_the_emulator_and_lead_to_routes() -> None:
    """Whichever server is asked; 3 is the response of an unknown name."""
    program = (
        QUERY
        + """
code, address = ask("server.lab", server="192.0.2.99")
address = socket.inet_ntoa(address)
print(code, address, ask("no-such-name.invalid"), ask("server.lab", 28), ask("10.1.1.1"))
print(ask(".".join(reversed(address.split("."))) + ".in-addr.arpa", 12)[1][-12:])
with socket.create_connection((address, 80), 20) as c:
    c.sendall(b"hello")
    print(c.recv(5))
"""
    )
    async with served(echo) as port:
        call = make_call(f"server.lab:80=127.0.0.1:{port}")
        output = await run_host(program, call)

    lines = output.splitlines()
    assert "0 198.18.0.1 (3, None) (0, None) (3, None)" == lines[0]
    assert (r"b'\x06server\x03lab\x00'", "b'hello'") == (lines[1], lines[2])


async def test_datagrams_go_through() -> None:
    """Each pair of ports has a socket of its own; a large one goes in fragments both ways."""

    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # it is one
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            self.transport.sendto(data, addr)

    program = f"""
import socket
for size in (1, 1472, 9000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u:
        u.settimeout(20)
        u.connect(("{SERVER}", 123))
        u.send(bytes(size))
        print(len(u.recv(65535)), end=" ")
"""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    call = make_call(f"{SERVER}:123=127.0.0.1:{port}")
    output = await run_host(program, call)
    transport.close()

    assert (["1", "1472", "9000"], [(SERVER, 123, "UDP", "ready")] * 3) == (output.split(), call.dials)


async def test_a_datagram_to_a_closed_port_is_refused() -> None:
    port = free_port(socket.SOCK_DGRAM)
    program = f"""
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(20)
u.connect(("{SERVER}", 123))
u.send(b"knock")
try:
    u.recv(1)
except ConnectionRefusedError:
    print("refused")
"""
    assert "refused\n" == await run_host(program, make_call(f"{SERVER}:123=127.0.0.1:{port}"))


PING = """
import socket, struct
p = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
p.settimeout(20)
request = struct.pack(">BBHHH", 8, 0, 0, 1, 2) + bytes(56)
total = sum(struct.unpack(">%dH" % (len(request) // 2), request))
p.sendto(request[:2] + struct.pack(">H", 0xFFFF - total) + request[4:], ("{address}", 0))
print(p.recv(65535)[20:22].hex())
"""


async def test_echo_requests_are_answered_as_those_of_ping() -> None:
    """A route to loopback answers; the trace tells."""
    call = make_call(f"{SERVER}=127.0.0.1:1")
    output = await run_host(PING.format(address=SERVER), call)

    assert "0000\n" == output
    assert [Pinged(host=SERVER, target="127.0.0.1", outcome="answered")] == [
        event for event in call.events if isinstance(event, Pinged)
    ]


def own_address() -> str:
    """An address of this machine that is not loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(probe.getsockname()[0])


async def test_nothing_reaches_this_machine_but_what_a_route_names() -> None:
    """Neither by its own address, nor by the router's; a route from its address does lead to it."""
    address = own_address()
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        server.setblocking(False)
        by_number = make_call()
        assert "EHOSTUNREACH\n" == await run_host(CONNECT.format(host=address, port=port), by_number)
        assert "ECONNREFUSED\n" == await run_host(CONNECT.format(host=ROUTER, port=port), by_number)
        assert "0301\n" == await run_host(PING.format(address=address), by_number)
        assert [] == by_number.dials
        with pytest.raises(BlockingIOError):
            server.accept()
    async with served(echo) as echo_port:
        by_route = make_call(f"{address}:80=127.0.0.1:{echo_port}")
        output = await run_host(CONNECT.format(host=address, port=80).replace(", c.recv(100)", ""), by_route)
        assert output == "b'hello'\n"


async def test_the_end_of_the_call_ends_every_connection() -> None:
    """The peers are reset, dials are given up, and the host hears nothing more."""
    ends: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(100):
                pass
            ends.append("end")
        except ConnectionError as error:
            ends.append(type(error))

    program = f"""
import socket
cs = [socket.create_connection(("{SERVER}", 80), 20) for _ in range(3)]
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.sendto(b"x", ("{SERVER}", 80))
cs[0].settimeout(0.5)
try:
    cs[0].recv(1)
except TimeoutError:
    print("silence")
"""

    async def close(call: Call) -> None:
        await eventually(lambda: len(call.dials) == 4)
        call.gateway.close()

    async with served(serve) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}")
        output = await run_host(program, call, during=close)
        await eventually(lambda: len(ends) == 3)

    assert (output, [ConnectionResetError] * 3) == ("silence\n", ends)
    assert 3 == call.states.count("closed")


async def test_the_capture_shows_the_packets_of_the_host(tmp_path: Path) -> None:
    """As they are, in both directions, and nothing twice."""
    path = tmp_path / "call.pcapng"
    file = CaptureFile(path, "--pcap", "HE910")
    async with served(echo) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}", tap=Capture(file, WallClock(), "10.9.9.9"))
        await run_host(CONNECT.format(host=SERVER, port=80).replace(", c.recv(100)", ""), call)
    file.close()

    segments = read_capture(path)
    assert (ADDRESS, (SERVER, 80), "sent") == (segments[0].source[0], segments[0].target, segments[0].direction)
    assert {("sent", ADDRESS), ("received", SERVER)} == {(each.direction, each.source[0]) for each in segments}
    assert ["sent", "received"] == [each.direction for each in segments if each.payload == b"hello"]

"""The stack against the TCP/IP of the Linux kernel, in a network namespace behind a TUN device."""

import asyncio
import hashlib
import time
from collections.abc import Sequence

from emulator.ip.stack import IpStack
from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.incoming import CAPACITY
from tests.ip.applications import BIG, DAYTIME, DISCARD, ECHO, LATE, REFUSED, RESETS, UNREACHABLE, Held, Peers
from tests.peers.kernel_host import ADDRESS, kernel_host

PEER = "192.0.2.1"
DIGEST = hashlib.sha256(BIG).hexdigest()


CONNECT = f"""
import errno, socket
c = socket.socket()
c.settimeout(20)
try:
    c.connect(("{PEER}", {{port}}))
    print(c.recv(100), end=" ")
    c.recv(100)
except OSError as error:
    print(errno.errorcode[error.errno])
"""


async def run(
    program: str | Sequence[str], *, drops: int = 0, mtu: int = 1500, peers: Peers | None = None
) -> tuple[str, Peers]:
    """Let a program speak to the peers; of the packets to it, each `drops`th is lost."""
    peers = peers or Peers()
    count = 0

    def send(packet: bytes) -> None:
        nonlocal count
        count += 1
        if not drops or count % drops:
            host.send(packet)

    peers.begin(IpStack("10.1.1.1", ADDRESS, mtu), send, time.monotonic)
    async with kernel_host(program, peers.receive, mtu) as host:
        peers.watch()
        output = await host.output()
        await asyncio.sleep(0.02)
        peers.stop()
    return output, peers


UPLOAD = f"""
import socket
with socket.create_connection(("{PEER}", {ECHO}), 20) as c:
    import threading, hashlib
    data = bytes(range(256)) * 4096
    threading.Thread(target=lambda: (c.sendall(data), c.shutdown(socket.SHUT_WR))).start()
    back = hashlib.sha256()
    while piece := c.recv(65536):
        back.update(piece)
print(back.hexdigest())
"""


async def test_a_megabyte_goes_there_and_back() -> None:
    """With the end of each side in its turn."""
    output, peers = await run(UPLOAD)

    assert (DIGEST + "\n", [TcpChange.OPENED, TcpChange.CLOSED]) == (
        output,
        [change for _, change in peers.changes if change in (TcpChange.OPENED, TcpChange.CLOSED, TcpChange.RESET)],
    )


async def test_a_megabyte_arrives_though_packets_are_lost() -> None:
    output, _ = await run(UPLOAD, drops=50)

    assert output == DIGEST + "\n"


async def test_a_megabyte_fits_through_a_narrow_link() -> None:
    """Segments are no larger than the link takes."""
    output, _ = await run(UPLOAD, mtu=296)

    assert output == DIGEST + "\n"


DOWNLOAD = f"""
import hashlib, socket, time
with socket.socket() as c:
    c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    c.settimeout(60)
    c.connect(("{PEER}", {DAYTIME}))
    time.sleep(1.0)
    heard = hashlib.sha256()
    while piece := c.recv(4096):
        heard.update(piece)
print(heard.hexdigest())
"""


async def test_a_host_that_reads_late_gets_all_once_it_reads() -> None:
    """Its window closes, and is probed until it opens."""
    output, peers = await run(DOWNLOAD)

    assert (output, (DAYTIME, TcpChange.CLOSED)) == (DIGEST + "\n", peers.changes[-1])


async def test_a_host_is_held_back_by_a_peer_that_does_not_read() -> None:
    """No more comes than the window takes, and the connection stays."""
    program = f"""
import socket, time
with socket.create_connection(("{PEER}", 99), 20) as c:
    c.setblocking(False)
    sent = 0
    for _ in range(20):
        try:
            while True:
                sent += c.send(bytes(65536))
        except BlockingIOError:
            time.sleep(0.02)
"""
    held = Held()
    _, peers = await run(program, peers=held)

    assert [CAPACITY] == [connection.readable for connection in held.opened]
    assert TcpChange.ENDED not in [change for _, change in peers.changes]


async def test_a_refused_connection_is_refused_for_the_host() -> None:
    output, _ = await run(CONNECT.format(port=REFUSED))

    assert "ECONNREFUSED" in output


async def test_a_peer_that_cannot_be_reached_is_unreachable_for_the_host() -> None:
    output, _ = await run(CONNECT.format(port=UNREACHABLE))

    assert "EHOSTUNREACH" in output


async def test_a_reset_of_the_peer_is_a_reset_for_the_host() -> None:
    output, _ = await run(CONNECT.format(port=RESETS))

    assert output.endswith("ECONNRESET\n")


async def test_a_reset_of_the_host_is_told() -> None:
    program = f"""
import socket, struct
c = socket.create_connection(("{PEER}", {DISCARD}), 20)
c.send(b"some")
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()
"""
    _, peers = await run(program)

    assert [TcpChange.OPENED, TcpChange.READABLE, TcpChange.RESET] == [change for _, change in peers.changes]


async def test_a_host_that_has_ended_still_hears() -> None:
    """Its side is closed, the peer's is not."""
    program = f"""
import socket
with socket.create_connection(("{PEER}", {LATE}), 20) as c:
    c.sendall(b"question")
    c.shutdown(socket.SHUT_WR)
    print(c.makefile("rb").read())
"""
    output, _ = await run(program)

    assert output == "b'question was heard'\n"


async def test_many_connections_stay_apart() -> None:
    program = f"""
import socket
cs = [socket.create_connection(("192.0.2.%d" % n, {ECHO}), 20) for n in range(1, 101)]
for n, c in enumerate(cs): c.sendall(b"%d" % n * 1000)
for c in cs: c.shutdown(socket.SHUT_WR)
print([c.makefile("rb").read() == b"%d" % n * 1000 for n, c in enumerate(cs)] == [True] * 100)
"""
    output, peers = await run(program)

    assert (output, 100) == ("True\n", sum(change is TcpChange.CLOSED for _, change in peers.changes))


async def test_datagrams_and_echo_requests_go_there_and_back() -> None:
    """Also those that go in fragments."""
    program = f"""
import socket, struct
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(20)
for size in (0, 1, 1472, 1473, 9000, 65507):
    u.sendto(bytes(size), ("{PEER}", 7))
    print(len(u.recv(65535)), end=" ")
p = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
p.settimeout(20)
request = struct.pack(">BBHHH", 8, 0, 0, 1, 2) + bytes(3000)
total = sum(struct.unpack(">%dH" % (len(request) // 2), request))
for address in ("{PEER}", "10.1.1.1"):
    p.sendto(request[:2] + struct.pack(">H", 0xFFFF - total) + request[4:], (address, 0))
    print(p.recv(65535)[20:28].hex(), end=" ")
"""
    output, _ = await run(program)

    assert output.split() == ["0", "1", "1472", "1473", "9000", "65507", *["0000fffc00010002"] * 2]


async def test_the_first_hop_of_a_trace_is_the_router() -> None:
    """What has no time to live left is told so."""
    program = f"""
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
u.setsockopt(socket.IPPROTO_IP, 11, 1)
u.sendto(b"hop", ("{PEER}", 33434))
import select
waiting = select.poll()
waiting.register(u, 0)
waiting.poll(20000)
_, ancillary, _, _ = u.recvmsg(512, 512, socket.MSG_ERRQUEUE)
error = ancillary[0][2]
print(error[4:7].hex(), socket.inet_ntoa(error[20:24]))
"""
    output, _ = await run(program)

    assert output == "020b00 10.1.1.1\n"

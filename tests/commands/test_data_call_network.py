"""What the packets of a data call reach: names, servers, and the end of the call. Up to the bytes of the line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import ICMP, IP, TCP, UDP

from emulator.testing import Bench
from emulator.trace.events import Dialled
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import CONNECT, OK, succeed
from tests.commands.test_data_call import BenchEnd, dial, open_link
from tests.ppp.host import IPV4
from tests.trace.captures import tshark

HOST = "212.195.45.65"
NAME = "server.lab"


class Packets:
    """The packets of a host at its end of the link."""

    def __init__(self, end: BenchEnd) -> None:
        self._end = end
        self.heard: list[Any] = []

    def send(self, packet: Any) -> None:
        self._end.send(IPV4, bytes(packet))

    async def answer(self) -> Any:
        """The next packet."""
        await eventually(self._has_come, "a packet comes")
        return self.heard.pop(0)

    def _has_come(self) -> bool:
        self.heard += [IP(seen.information) for seen in self._end.seen() if seen.protocol == IPV4]
        return bool(self.heard)


@asynccontextmanager
async def online(**options: Any) -> AsyncIterator[tuple[Bench, Packets]]:
    """A call that is open."""
    async with Bench("HE910", **options) as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","lab"', "AT#GAUTH=0")
        end = await dial(bench)
        await open_link(bench, end)
        yield bench, Packets(end)


async def look_up(packets: Packets) -> str:
    """The address of the server."""
    packets.send(IP(src=HOST, dst="8.8.8.8") / UDP(sport=1024) / DNS(id=7, rd=1, qd=DNSQR(qname=NAME)))
    return str((await packets.answer())[DNS].an[0].rdata)


async def connect(packets: Packets, address: str) -> Any:
    """Open a connection; return what acknowledges the answer."""
    packets.send(IP(src=HOST, dst=address) / TCP(sport=1025, dport=80, flags="S", seq=100))
    answer = await packets.answer()
    assert (str(answer[TCP].flags), answer.src, answer[TCP].ack) == ("SA", address, 101)
    return IP(src=HOST, dst=address) / TCP(sport=1025, dport=80, flags="PA", seq=101, ack=answer[TCP].seq + 1)


async def test_a_name_leads_to_a_server_and_bytes_come_back(tmp_path: Path) -> None:
    """By the names and the routes that #SD has; the capture has the packets of the host."""
    async with TcpPeer() as peer:
        routes, pcap = {f"{NAME}:80": f"127.0.0.1:{peer.port}"}, tmp_path / "call.pcapng"
        async with online(routes=routes, pcap=pcap) as (bench, packets):
            address = await look_up(packets)
            packets.send(await connect(packets, address) / b"hello")
            client = await peer.client()
            await client.heard(b"hello")
            assert (await packets.answer())[TCP].ack == 106
            client.say(b"world")
            assert bytes((await packets.answer())[TCP].payload) == b"world"
            dials = [event for event in bench.events if isinstance(event, Dialled)]
            assert [(address, 80, "connected")] == [(each.host, each.port, each.outcome) for each in dials]
    seen = tshark(pcap, "-T", "fields", "-e", "ip.src", "-e", "ip.proto").split("\n")
    assert [f"{HOST}\t17", "8.8.8.8\t17", f"{HOST}\t6", f"{address}\t6"] == seen[:4]


async def test_the_end_of_the_call_resets_the_server() -> None:
    """As the end of a context does to the module's own sockets."""
    async with TcpPeer() as peer, online(routes={NAME: f"127.0.0.1:{peer.port}"}) as (bench, packets):
        packets.send(await connect(packets, await look_up(packets)) / b"hello")
        client = await peer.client()
        await client.heard(b"hello")
        await packets.answer()
        assert OK == await bench.escape()
        await succeed(bench, "ATH")
        await eventually(lambda: client.broken, "the server is told")


async def test_a_suspended_call_holds_the_server_back() -> None:
    """What the server says meanwhile comes when the host is back."""
    async with TcpPeer() as peer, online(routes={NAME: f"127.0.0.1:{peer.port}"}) as (bench, packets):
        packets.send(await connect(packets, await look_up(packets)) / b"hello")
        client = await peer.client()
        await client.heard(b"hello")
        await packets.answer()
        assert OK == await bench.escape()
        client.say(b"meanwhile")
        await asyncio.sleep(0.02)
        assert OK == await bench.command("AT")
        bench.send("ATO\r")
        answer = await bench.until("~")
        assert (answer.startswith(CONNECT), "meanwhile" in answer) == (True, True)


async def test_pings_are_answered_by_the_module_and_by_routes() -> None:
    async with online(routes={"10.0.0.1": "127.0.0.1:1"}) as (_, packets):
        packets.send(IP(src=HOST, dst="10.0.0.1") / ICMP(type=8, id=1, seq=2) / b"data")
        answer = await packets.answer()

        assert (answer.src, answer[ICMP].type, bytes(answer[ICMP].payload)) == ("10.0.0.1", 0, b"data")

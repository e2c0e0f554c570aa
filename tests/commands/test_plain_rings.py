"""SRING of the plain sockets in each of its modes. IP Easy User Guide 5.3."""

import pytest

from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer, connection, dialled, has_come, said, socket_bench
from tests.commands.ssl_bench import HOST, NO_CARRIER, OK, cme, information


@pytest.mark.parametrize(
    ("mode", "rings"),
    [
        (0, ["SRING: 1"]),
        (1, ["SRING: 1,70"]),
        (2, ["SRING: 1,64," + "d" * 64, "SRING: 1,6," + "d" * 6]),
        (3, [f'SRING: "{HOST}",80,1,64,6,' + "d" * 64, f'SRING: "{HOST}",80,1,6,0,' + "d" * 6]),
    ],
)
async def test_rings_in_every_mode(mode: int, rings: list[str]) -> None:
    """In data mode they show 64 bytes at a time with GSM families, and nothing is left to read."""
    async with dialled(f"AT#SCFGEXT=1,{mode},0,0", firmware="GE865-QUAD") as (bench, peer):
        peer.say(b"d" * 70)
        await said(bench, "".join(f"\r\n{ring}\r\n" for ring in rings))
        left = await bench.command("AT#SRECV=1,1500")
        assert left == (cme(555) if mode >= 2 else information("#SRECV: 1,70", "d" * 70))


async def test_umts_rings_show_1300_bytes() -> None:
    """[pub] as the IP Easy User Guide has it."""
    async with dialled("AT#SCFGEXT=1,2,1,0") as (bench, peer):
        peer.say(b"\x01" * 1000)
        await said(bench, "\r\nSRING: 1,1000," + "01" * 1000 + "\r\n")


async def test_mode_0_rings_once_until_something_is_read() -> None:
    """More data rings again only then."""
    async with dialled() as (bench, peer):
        peer.say(b"abc")
        await said(bench, "\r\nSRING: 1\r\n")
        peer.say(b"def")
        await has_come(bench, 6)
        assert bench.read() == ""
        assert information("#SRECV: 1,2", "ab") == await bench.command("AT#SRECV=1,2")
        assert bench.read() == ""
        peer.say(b"g")
        await said(bench, "\r\nSRING: 1\r\n")


@pytest.mark.parametrize(("mode", "ring"), [(0, "SRING: 1"), (1, "SRING: 1,9")])
async def test_the_end_of_the_peer_does_not_ring(mode: int, ring: str) -> None:
    """A ring is for data that is newer than the last read; what that read has left stays readable."""
    async with dialled(f"AT#SCFGEXT=1,{mode},0,0") as (bench, peer):
        peer.say(b"last word")
        await said(bench, f"\r\n{ring}\r\n")
        assert information("#SRECV: 1,4", "last") == await bench.command("AT#SRECV=1,4")
        peer.close()
        await eventually(lambda: connection(bench).peer_closed, "the end has come")
        assert bench.read() == ""
        bench.send("AT#SRECV=1,1500\r")
        assert information("#SRECV: 1,5", " word") + NO_CARRIER == await bench.until(NO_CARRIER)


async def test_mode_1_rings_at_each_arrival_with_all_that_waits() -> None:
    """IP Easy User Guide 5.3.2; a read is no arrival."""
    async with dialled("AT#SCFGEXT=1,1,0,0") as (bench, peer):
        peer.say(b"abc")
        await said(bench, "\r\nSRING: 1,3\r\n")
        peer.say(b"def")
        await said(bench, "\r\nSRING: 1,6\r\n")
        assert information("#SRECV: 1,2", "ab") == await bench.command("AT#SRECV=1,2")
        assert bench.read() == ""
        peer.say(b"g")
        await said(bench, "\r\nSRING: 1,5\r\n")


async def test_data_of_a_peer_that_speaks_first_rings_after_the_ok() -> None:
    """Not within the answer to #SD."""
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        bench.send(f'AT#SD=1,0,80,"{HOST}",0,0,1\r')
        (await peer.client()).say(b"220 hello")
        assert f"{OK}\r\nSRING: 1\r\n" == await bench.until("SRING: 1\r\n")

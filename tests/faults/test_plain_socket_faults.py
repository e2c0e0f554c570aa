"""What faults do to plain sockets, by TCP and UDP, dialled and accepted."""

import asyncio

import pytest

from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, UdpPeer, connection, dialled, has_come, said, socket_bench
from tests.commands.ssl_bench import HOST, NO_CARRIER, OK, PROMPT, cme, information, succeed


@pytest.mark.parametrize(("fault", "code"), [("name-unknown", 558), ("connection-refused", 562)])
@pytest.mark.parametrize("protocol", [0, 1])
async def test_a_dial_fails_once(fault: str, code: int, protocol: int) -> None:
    """By both protocols."""
    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        bench.modem.faults.add(fault, command="#SD", host=HOST)
        assert cme(code) == await bench.command(f'AT#SD=1,{protocol},80,"{HOST}",0,0,1')
        if protocol:
            await succeed(bench, f'AT#SD=1,{protocol},80,"{HOST}",0,0,1')


async def test_a_reset_at_a_byte() -> None:
    """Ten bytes of what the peer says come, and then the connection is gone."""
    async with dialled("AT#SCFGEXT2=1,0,0,0,0,2") as (bench, peer):
        bench.modem.faults.add("connection-reset", byte=10)
        assert PROMPT == await bench.command("AT#SSEND=1")
        bench.send("0123456789abcdef\x1a")
        await said(bench, f"{OK}\r\nNO CARRIER:1,2\r\n")
        await eventually(lambda: peer.ended, "the peer sees it, too")
        assert bytes(peer.received) == b"0123456789"
        assert information("#SLASTCLOSURE: 1,2") == await bench.command("AT#SLASTCLOSURE=1")


async def test_the_registration_goes_and_takes_every_connection() -> None:
    """Those that are open, and those that listen."""
    async with dialled("AT#SL=2,1,0") as (bench, peer):
        bench.modem.faults.add("registration-lost", time="1s")
        await bench.advance(2)
        await said(bench, f"{NO_CARRIER}\r\n#SL: ABORTED\r\n")
        await eventually(lambda: peer.broken, "the peer sees it broken")


async def test_a_slow_network_delays_what_was_accepted() -> None:
    """A connection from outside passes the same network."""
    async with socket_bench() as bench:
        bench.modem.faults.add("slow-network", latency="2s")
        await succeed(bench, "AT#SL=1,1,0")
        address = connection(bench).reachable_at
        assert address is not None
        _, client = await asyncio.get_running_loop().create_connection(TcpClient, *address)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SA=1,1")
        client.say(b"late")
        await asyncio.sleep(0.05)
        assert connection(bench).pending == 0
        await bench.advance(2.5)
        await has_come(bench, 4)


async def test_a_connection_that_the_module_has_closed_is_none_any_more() -> None:
    """What comes next applies to the one that is open, however soon after #SH."""
    async with dialled() as (bench, _):
        await succeed(bench, "AT#SH=1")
        await succeed(bench, f'AT#SD=1,0,80,"{HOST}",0,0,1')
        rule = bench.modem.faults.add("connection-reset")
        await said(bench, NO_CARRIER)
        assert 1 == rule.fired


async def test_open_connections_are_counted_in_the_order_in_which_they_were_opened() -> None:
    """`occurrence = 2` is the second one that is open; the first was closed before."""
    async with dialled("AT#SCFGEXT2=1,0,0,0,0,1", "AT#SCFGEXT2=2,0,0,0,0,1", "AT#SCFGEXT2=3,0,0,0,0,1") as (
        bench,
        _,
    ):
        await succeed(bench, f'AT#SD=2,0,80,"{HOST}",0,0,1', "AT#SH=1", f'AT#SD=3,0,80,"{HOST}",0,0,1')
        bench.modem.faults.add("connection-reset", occurrence=2)
        await said(bench, "\r\nNO CARRIER:3\r\n")


async def test_slow_networks_add_up_and_each_takes_only_itself_away() -> None:
    async with dialled() as (bench, peer):
        first = bench.modem.faults.add("slow-network", latency="1 s")
        second = bench.modem.faults.add("slow-network", latency="2 s")
        for late, ended in ((3, first), (2, second)):
            pending = connection(bench).pending
            peer.say(b"x")
            await asyncio.sleep(0.05)
            await bench.advance(late - 0.1)
            assert pending == connection(bench).pending
            await bench.advance(0.2)
            await has_come(bench, pending + 1)
            bench.modem.faults.remove(ended.number)
        peer.say(b"x")
        await has_come(bench, 3)

"""What faults do to plain sockets, by TCP and UDP, dialled and accepted."""

import asyncio

import pytest

from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, UdpPeer, connection, dialled, has_come, run, said, socket_bench
from tests.commands.ssl_bench import HOST, NO_CARRIER, OK, PROMPT, cme, information, succeed


@pytest.mark.parametrize(("fault", "code"), [("name-unknown", 558), ("connection-refused", 562)])
@pytest.mark.parametrize("protocol", [0, 1])
def test_a_dial_fails_once(fault: str, code: int, protocol: int) -> None:
    """By both protocols."""

    async def scenario() -> None:
        async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
            bench.modem.faults.add(fault, command="#SD", host=HOST)
            assert cme(code) == await bench.command(f'AT#SD=1,{protocol},80,"{HOST}",0,0,1')
            if protocol:
                await succeed(bench, f'AT#SD=1,{protocol},80,"{HOST}",0,0,1')

    run(scenario)


def test_a_reset_at_a_byte() -> None:
    """Ten bytes of what the peer says come, and then the connection is gone."""

    async def scenario() -> None:
        async with dialled("AT#SCFGEXT2=1,0,0,0,0,2") as (bench, peer):
            bench.modem.faults.add("connection-reset", byte=10)
            assert PROMPT == await bench.command("AT#SSEND=1")
            bench.send("0123456789abcdef\x1a")
            await said(bench, f"{OK}\r\nNO CARRIER:1,2\r\n")
            await eventually(lambda: peer.ended, "the peer sees it, too")
            assert bytes(peer.received) == b"0123456789"
            assert information("#SLASTCLOSURE: 1,2") == await bench.command("AT#SLASTCLOSURE=1")

    run(scenario)


def test_the_registration_goes_and_takes_every_connection() -> None:
    """Those that are open, and those that listen."""

    async def scenario() -> None:
        async with dialled("AT#SL=2,1,0") as (bench, peer):
            bench.modem.faults.add("registration-lost", time="1s")
            await bench.advance(2)
            await said(bench, f"{NO_CARRIER}\r\n#SL: ABORTED\r\n")
            await eventually(lambda: peer.broken, "the peer sees it broken")

    run(scenario)


def test_a_slow_network_delays_what_was_accepted() -> None:
    """A connection from outside passes the same network."""

    async def scenario() -> None:
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

    run(scenario)

"""#GDATAVOL: what each context has carried. AT Commands Reference Guide."""

from pathlib import Path

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910
from tests.commands.socket_bench import TcpPeer, UdpPeer, connection, dialled, has_come, open_tcp, said, socket_bench
from tests.commands.ssl_bench import HOST, OK, cme, information, succeed
from tests.commands.test_data_call_network import NAME, connect, look_up, online


async def send(bench: Bench, data: bytes, number: int = 1) -> None:
    """By #SSENDEXT."""
    assert (await bench.command(f"AT#SSENDEXT={number},{len(data)}")).endswith("> ")
    bench.send(data)
    assert (await bench.answer()).endswith(OK)


@EVERY_LINE
async def test_each_context_with_an_apn_is_shown(firmware: str) -> None:
    """Sum, sent, received; nothing of one without an APN."""
    async with socket_bench(firmware) as bench:
        await succeed(bench, 'AT+CGDCONT=2,"IP","other"', 'AT+CGDCONT=3,"IP"')
        for mode in (1, 2):
            shown = information("#GDATAVOL: 1,0,0,0", "#GDATAVOL: 2,0,0,0")
            assert shown == await bench.command(f"AT#GDATAVOL={mode}")
        assert information("#GDATAVOL: (0-2)") == await bench.command("AT#GDATAVOL=?")
        assert cme(4) == await bench.command("AT#GDATAVOL=3")


async def test_a_session_and_the_total() -> None:
    """A session begins with its context; the total goes on until it is reset."""
    async with dialled() as (bench, client):
        await send(bench, b"hello")
        client.say(b"ab")
        await has_come(bench, 2)
        await said(bench, "\r\nSRING: 1\r\n")
        assert information("#GDATAVOL: 1,7,5,2") == await bench.command("AT#GDATAVOL=1")
        assert information("#GDATAVOL: 1,7,5,2") == await bench.command("AT#GDATAVOL=2")

        await bench.command("AT#SGACT=1,0")
        assert "#GDATAVOL: 1,7,5,2" in await bench.command("AT#GDATAVOL=1")
        await bench.command("AT#SGACT=1,1")
        assert information("#GDATAVOL: 1,0,0,0") == await bench.command("AT#GDATAVOL=1")
        await open_tcp(bench, 1)
        await send(bench, b"x")
        assert information("#GDATAVOL: 1,1,1,0") == await bench.command("AT#GDATAVOL=1")
        assert information("#GDATAVOL: 1,8,6,2") == await bench.command("AT#GDATAVOL=2")

        await succeed(bench, "AT#GDATAVOL=0")
        assert information("#GDATAVOL: 1,0,0,0") == await bench.command("AT#GDATAVOL=1")
        assert information("#GDATAVOL: 1,0,0,0") == await bench.command("AT#GDATAVOL=2")


async def test_datagrams_and_echoes_count() -> None:
    """UDP, and the data of #PING both ways."""
    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        assert OK == await bench.command(f'AT#SD=1,1,80,"{HOST}",0,0,1')
        await send(bench, b"abc")
        await peer.heard(b"abc")
        peer.say(b"defg")
        await has_come(bench, 4)
        await said(bench, "\r\nSRING: 1\r\n")
        await bench.command('AT#PING="127.0.0.1",2,32')
        assert information("#GDATAVOL: 1,135,67,68") == await bench.command("AT#GDATAVOL=1")


async def test_data_that_waits_before_a_peer_is_accepted_counts() -> None:
    """Of a connection that comes in."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SLUDP=1,1,0")
        address = bench.modem.device.listening[0]
        async with UdpPeer.opened() as peer:
            peer.say(b"abc", address)
            await has_come(bench, 3)
            await said(bench, "\r\nSRING: 1\r\n")
        assert information("#GDATAVOL: 1,3,0,3") == await bench.command("AT#GDATAVOL=1")
        assert connection(bench).pending == 3


async def test_a_connection_counts_for_its_own_context() -> None:
    """#SCFG ties it to one."""
    settings = ('AT+CGDCONT=2,"IP","other"', "AT#SCFG=2,2,300,90,600,50")
    async with dialled(*settings) as (bench, _):
        assert (await bench.command("AT#SGACT=2,1")).endswith(OK)
        await open_tcp(bench, 2)
        await send(bench, b"four", number=2)
        shown = information("#GDATAVOL: 1,0,0,0", "#GDATAVOL: 2,4,4,0")
        assert shown == await bench.command("AT#GDATAVOL=1")


async def test_the_total_outlasts_the_power(tmp_path: Path) -> None:
    """The session does not."""
    async with dialled(state=tmp_path / "state") as (bench, _):
        await send(bench, b"hello")
        await bench.command("AT#SGACT=1,0")
    async with Bench(state=tmp_path / "state") as bench:
        assert information("#GDATAVOL: 1,0,0,0") == await bench.command("AT#GDATAVOL=1")
        assert information("#GDATAVOL: 1,5,5,0") == await bench.command("AT#GDATAVOL=2")


async def test_a_profile_may_print_the_sum_last() -> None:
    """As a module was recorded."""
    async with dialled(firmware=GE910, settings=["pdp.volume_total_last=true"]) as (bench, _):
        await send(bench, b"hello")
        assert information("#GDATAVOL: 1,5,0,5") == await bench.command("AT#GDATAVOL=1")


async def test_a_data_call_counts() -> None:
    """What its connections carry, without the headers of their packets."""
    async with TcpPeer() as peer, online(routes={NAME: f"127.0.0.1:{peer.port}"}) as (bench, packets):
        packets.send(await connect(packets, await look_up(packets)) / b"hello")
        client = await peer.client()
        await client.heard(b"hello")
        await packets.answer()
        assert OK == await bench.escape()
        assert information("#GDATAVOL: 1,5,5,0") == await bench.command("AT#GDATAVOL=1")


async def test_without_a_context_there_is_nothing_to_show() -> None:
    """OK alone: a host asks before it has defined one."""
    async with Bench(GE910) as bench:
        for mode in (0, 1, 2):
            await succeed(bench, f"AT#GDATAVOL={mode}")

"""What later lines add to the sockets: #SCFGEXT3, states of a dial, datagrams to anyone, more values of #SD, #SSEND."""

import asyncio

import pytest

from emulator.device.connection.states import State
from emulator.net import bearer as bearers
from emulator.testing import Bench
from emulator.trace.events import StateChanged
from tests.commands.later import LE910_V2, LE910C1, ME910C1, ME910G1
from tests.commands.lines import EVERY_LINE
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer, UdpPeer, connection, dialled, has_come, said, socket_bench
from tests.commands.ssl_bench import ERROR, HOST, OK, PROMPT, cme, enter, information, succeed

LATER = [
    "sockets.extension.immediate_responses={choices=[0,1],default=0}",
    "sockets.extension.command_closures={choices=[0,1],default=0}",
    "sockets.extension.fast_rings={choices=[0,1],default=0}",
    "sockets.extension.send_timeouts={range=[10,6000],zero=true,default=0}",
    "sockets.resolving_status=6",
    "sockets.connecting_status=7",
    "sockets.transmission_intervals={range=[0,255],default=0}",
    "sockets.address_types={range=[0,2],default=0}",
    "sockets.release_assistance={range=[0,2],default=1}",
    "sockets.datagram_sizes={range=[1,1500]}",
]
DIAL = f'AT#SD=1,0,80,"{HOST}",0,0,1'


@EVERY_LINE
async def test_older_lines_have_none_of_it(firmware: str) -> None:
    """Neither the commands nor the parameters; and a dial shows as closed."""
    async with socket_bench(firmware) as bench:
        for line in ("AT#SCFGEXT3=1,1", 'AT#SSENDUDP=1,"127.0.0.1",7', 'AT#SSENDUDPEXT=1,5,"127.0.0.1",7'):
            assert ERROR == await bench.command(line)
        for line in (f"{DIAL},0", "AT#SSEND=1,1", "AT#SSENDEXT=1,5,1"):
            assert cme(4) == await bench.command(line)
        bench.modem.faults.add("connection-unanswered")
        bench.send(f"{DIAL}\r")
        await eventually(lambda: connection(bench).state is State.CONNECTING, "it dials")


async def test_a_dial_under_way_is_seen_from_another_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """First the look-up of the name, then the connection; no addresses are shown yet."""
    found: asyncio.Event = asyncio.Event()

    async def slow(host: str) -> str:
        await found.wait()
        return "127.0.0.1"

    monkeypatch.setattr(bearers, "resolve_ipv4", slow)
    async with socket_bench(settings=LATER, ports=2) as bench:
        bench.modem.faults.add("connection-unanswered")
        bench.send('AT#SD=1,0,80,"slow.example.com",0,0,1\r')
        await eventually(lambda: connection(bench).look_up.is_running, "it looks the name up")
        other = bench.hosts[1]
        assert information("#SS: 1,6") == await other.command("AT#SS=1")
        found.set()
        await eventually(lambda: not connection(bench).look_up.is_running, "it has found it")
        assert information("#SS: 1,7") == await other.command("AT#SS=1")
        assert information("#ST: 1,0,0") == await other.command("AT#ST=1")
        await bench.advance(61)
        assert cme(559) == await bench.answer()
        assert information("#SS: 1,0") == await other.command("AT#SS=1")


@pytest.mark.parametrize(("firmware", "state"), [(LE910_V2, 7), (LE910C1, 7), (ME910C1, 6), (ME910G1, 6)])
async def test_the_state_of_a_dial_on_each_line(firmware: str, state: int) -> None:
    """The LE910 V2 tells two of them apart, an ME910 has `opening` alone; neither is closed."""
    async with Bench(firmware, ports=2) as bench:
        await bench.command('AT+CGDCONT=1,"IP","apn"')
        await bench.command("AT#SGACT=1,1")
        bench.modem.faults.add("connection-unanswered")
        bench.send(f"{DIAL}\r")
        await eventually(lambda: connection(bench).state is State.CONNECTING, "it dials")
        assert information(f"#SS: 1,{state}") == await bench.hosts[1].command("AT#SS=1")


async def test_one_ssend_of_an_le910_v2_takes_1024_bytes() -> None:
    """The rest is dropped, as more than 1500 are on other lines."""
    for firmware, most in ((LE910_V2, 1024), (ME910G1, 1500)):
        async with TcpPeer() as peer, Bench(firmware, routes={HOST: f"127.0.0.1:{peer.port}"}) as bench:
            await bench.command('AT+CGDCONT=1,"IP","apn"')
            await bench.command("AT#SGACT=1,1")
            await succeed(bench, DIAL)
            assert (await enter(bench, "AT#SSEND=1", "x" * 1600 + "\x1a")).endswith(OK)
            await (await peer.client()).heard(b"x" * most)


async def test_sd_answers_at_once_and_the_state_tells_the_rest() -> None:
    """<immRsp> 1 in command mode; a server that speaks first rings as soon as it is connected."""
    async with TcpPeer() as peer, socket_bench(port=peer.port, settings=LATER) as bench:
        await succeed(bench, "AT#SCFGEXT3=1,1", DIAL)
        client = await peer.client()
        client.say(b"220")
        await said(bench, "\r\nSRING: 1\r\n")
        assert "#SS: 1,3," in await bench.command("AT#SS=1")
        assert information("#SRECV: 1,3", "220") == await bench.command("AT#SRECV=1,100")


async def test_a_dial_in_the_background_fails_without_a_word() -> None:
    """[choice] only #SS and the trace tell, with the reason; #SH gives an attempt up."""
    async with socket_bench(settings=LATER) as bench:
        await succeed(bench, "AT#SCFGEXT3=1,1", DIAL)
        await eventually(lambda: _failed(bench), "it has failed")
        assert "nobody listens" in _failed(bench)
        assert "" == bench.read()
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")

        bench.modem.faults.add("connection-unanswered")
        await succeed(bench, DIAL)
        await eventually(lambda: connection(bench).state is State.CONNECTING, "it dials")
        assert cme(557) == await bench.command(DIAL)
        await succeed(bench, "AT#SH=1")
        await eventually(lambda: connection(bench).state is State.CLOSED, "it has given up")


def _failed(bench: Bench) -> str:
    """Why a dial in the background has failed; empty as long as it has not."""
    told = [event.after for event in bench.events if isinstance(event, StateChanged) and ", " in event.after]
    return told[-1] if told else ""


@pytest.mark.parametrize(("enabled", "kept"), [(0, False), (1, True)])
async def test_closure_type_255_in_command_mode(enabled: int, kept: bool) -> None:
    """With <closureTypeCmdModeEnabling> the connection stays until the host closes it."""
    async with dialled(f"AT#SCFGEXT3=1,0,{enabled}", settings=LATER, closure=255) as (bench, client):
        client.say(b"x")
        await said(bench, "\r\nSRING: 1\r\n")
        client.close()
        await eventually(lambda: connection(bench).peer_closed, "the peer has closed")
        heard = await bench.command("AT#SRECV=1,10")
        if not kept:
            heard += bench.read()
        assert (information("#SRECV: 1,1", "x") + ("" if kept else "\r\nNO CARRIER\r\n")) == heard
        assert kept is ("#SS: 1,2," in await bench.command("AT#SS=1"))
        await succeed(bench, "AT#SH=1")
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")


@pytest.mark.parametrize(
    ("more", "test", "shown"),
    [
        ([], "(1-6),(0,1),(0,1),(0,1),(0,10-6000)", "1,0,1,0,100"),
        (
            [
                "sockets.extension.linger_times={range=[0,255],default=0}",
                "sockets.extension.datagram_modes={choices=[0,1],default=0}",
            ],
            "(1-6),(0,1),(0,1),(0,1),(0-255),(0,1),(0,10-6000)",
            "1,0,1,0,0,0,100",
        ),
    ],
)
async def test_both_forms_of_scfgext3(more: list[str], test: str, shown: str) -> None:
    """<ssendTimeout> stands last, behind two more values where the line has them."""
    async with socket_bench(settings=[*LATER, *more]) as bench:
        assert information(f"#SCFGEXT3: {test}") == await bench.command("AT#SCFGEXT3=?")
        await succeed(bench, f"AT#SCFGEXT3={shown}")
        assert f"#SCFGEXT3: {shown}\r\n" in await bench.command("AT#SCFGEXT3?")
        await succeed(bench, "AT#SCFGEXT3=1,1")
        zeros = ",0" * (shown.count(",") - 1)
        assert f"#SCFGEXT3: 1,1{zeros}\r\n" in await bench.command("AT#SCFGEXT3?")


async def test_more_values_of_sd_and_ssend() -> None:
    """<txTime> and <rai> have no effect; <userIpType> 2 wants what the network does not have."""
    async with TcpPeer() as peer, socket_bench(port=peer.port, settings=LATER) as bench:
        assert cme(567) == await bench.command(f"{DIAL},0,2")
        await succeed(bench, f"{DIAL},5,1")
        assert OK == await enter(bench, "AT#SSEND=1,1", "a\x1a")
        assert OK == await enter(bench, "AT#SSENDEXT=1,1,0", "b")
        await (await peer.client()).heard(b"ab")
        assert cme(551) == await bench.command('AT#SSENDUDP=1,"127.0.0.1",7')


async def test_datagrams_to_peers_that_are_named() -> None:
    """By a connection that listens and by one that is dialled; what they answer is heard under the name in use."""
    async with UdpPeer.opened() as first, UdpPeer.opened() as second:
        routes = {"10.1.1.1:7": f"127.0.0.1:{first.port}", "10.1.1.2:7": f"127.0.0.1:{second.port}"}
        async with socket_bench(settings=LATER, routes=routes) as bench:
            await succeed(bench, "AT#SCFGEXT=1,0,0,0", "AT#SLUDP=1,1,5005", 'AT#SD=2,1,7,"10.1.1.1",0,0,1')
            assert cme(551) == await bench.command('AT#SSENDUDP=1,"10.1.1.1",7')
            first.say(b"?", bench.modem.device.sockets[1].reachable_at)
            await said(bench, "\r\nSRING: 1\r\n")
            bench.send("AT#SA=1,1\r")
            await said(bench, f"{OK}\r\nSRING: 1\r\n")
            assert information("#SRECV: 1,1", "?") == await bench.command("AT#SRECV=1,1")
            for number in (1, 2):
                assert OK == await enter(bench, f'AT#SSENDUDP={number},"10.1.1.1",7', "one\x1a")
                await first.heard(b"one")
                first.received.clear()
                assert OK == await enter(bench, f'AT#SSENDUDPEXT={number},3,"10.1.1.2",7,1', "two")
                await second.heard(b"two")
                second.received.clear()
                second.say(b"answer")
                await has_come(bench, 6, number)
                assert f"\r\nSRING: {number}\r\n" == bench.read()
                heard = await bench.command(f"AT#SRECV={number},100,1")
                assert information(f'#SRECV: "10.1.1.2",7,{number},6,0', "answer") == heard
            assert information("#SI: 1,6,7,0,0") == await bench.command("AT#SI=1")


async def test_a_datagram_to_a_peer_that_the_firmware_cannot_reach() -> None:
    """A route that leads nowhere; the connection goes on."""
    async with socket_bench(settings=LATER, routes={"10.1.1.1:7": "nowhere.invalid:7"}) as bench:
        await succeed(bench, 'AT#SD=1,1,7,"127.0.0.1",0,0,1')
        assert PROMPT == await bench.command('AT#SSENDUDPEXT=1,1,"10.1.1.1",7')
        bench.send("x")
        assert cme(563) == await bench.answer()
        assert cme(4) == await bench.command('AT#SSENDUDPEXT=1,1,"a.name",7')
        assert cme(551) == await bench.command('AT#SSENDUDPEXT=2,1,"10.1.1.1",7')
        assert "#SS: 1,2," in await bench.command("AT#SS=1")

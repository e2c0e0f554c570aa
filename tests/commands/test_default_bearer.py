"""The default bearer: context 1 of LTE, which comes with the attachment and goes with it."""

import pytest

from emulator.control.state import change, show
from emulator.testing import Bench
from tests.commands.lines import refused
from tests.commands.reasons import say
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import ERROR, HOST, OK, at_once, cme, information, succeed
from tests.commands.test_data_call import asked, dial, open_link
from tests.ppp.host import LCP, TERMINATE, control

LE910, ME910 = "LE910C1", "ME910C1"
ADDRESS = "212.195.45.65"


async def _is_up(bench: Bench) -> bool:
    answer = await bench.command("AT#SGACT?")
    assert ("#SGACT: 1,1\r\n" in answer) is not ("#SGACT: 1,0\r\n" in answer)
    return "#SGACT: 1,1\r\n" in answer


@pytest.mark.parametrize("firmware", ["LE910", "LE910-V2", LE910, ME910, "ME310G1"])
async def test_it_is_up_after_the_attachment_and_down_without(firmware: str) -> None:
    """Detached, radio off, no coverage: each takes it down, and what ends that brings it back."""
    async with Bench(firmware) as bench:
        assert await _is_up(bench)
        for down, up in (("AT+CGATT=0", "AT+CGATT=1"), ("AT+CFUN=4", "AT+CFUN=1"), ("AT+COPS=2", "AT+COPS=0")):
            await succeed(bench, down)
            assert not await _is_up(bench)
            await succeed(bench, up)
            assert await _is_up(bench)
        bench.modem.faults.add("registration-lost", duration="5 s")
        await bench.advance(0)
        assert not await _is_up(bench)
        await bench.advance(5)
        assert await _is_up(bench)


async def test_activating_it_shows_the_address_or_is_refused() -> None:
    """As the profile says; once it is down, every line shows the address."""
    async with Bench(LE910) as bench:
        assert information(f"#SGACT: {ADDRESS}") == await bench.command("AT#SGACT=1,1")
        bench.modem.faults.add("activation-refused")
        await succeed(bench, "AT+CMEE=1")
        assert cme(133) == await bench.command("AT#SGACT=1,1")
        assert await _is_up(bench)
    async with Bench(ME910) as bench:
        reason = await say(bench, "AT#SGACT=1,1")
        assert "context 1 is active already: it comes with the attachment to LTE, and sockets can use it" == reason
        await succeed(bench, "AT#SGACT=1,0")
        assert not await _is_up(bench)
        assert information(f"#SGACT: {ADDRESS}") == await bench.command("AT#SGACT=1,1")
        assert ERROR == await bench.command("AT#SGACT=1,1")


async def test_sockets_use_it_without_any_activation() -> None:
    """From power-on; when the network drops it they end."""
    async with TcpPeer() as peer, Bench(ME910, routes={HOST: f"127.0.0.1:{peer.port}"}) as bench:
        assert OK == await bench.command(f'AT#SD=1,0,80,"{HOST}",0,0,1')
        bench.modem.faults.add("context-dropped")
        await bench.advance(0)
        assert "NO CARRIER" in bench.read()
        assert not await _is_up(bench)


async def test_a_data_call_uses_it_and_leaves_it_up() -> None:
    """Beside the module's own sockets: the host has the address that #SGACT shows."""
    async with Bench(LE910) as bench:
        await succeed(bench, "AT#GAUTH=0")
        await bench.command("AT#SGACT=1,1")
        for line in ("ATD*99***1#", 'AT+CGDATA="PPP",1'):
            end = await dial(bench, line)
            await open_link(bench, end)
            end.send(LCP, control(TERMINATE, 9))
            await bench.advance(3)
            assert "NO CARRIER" in bench.read()
            assert await _is_up(bench)
        bench.modem.faults.add("activation-refused")
        end = await dial(bench, "ATD*99#")
        end.ask(LCP)
        end.acknowledge(asked(end, LCP))
        await bench.advance(30)
        assert "NO CARRIER" in bench.read()
        assert await _is_up(bench)


async def test_it_takes_the_definition_at_the_next_attachment() -> None:
    """So that hosts can define it while it is up; a context of another number is refused as before."""
    async with Bench(LE910) as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"', 'AT+CGDCONT=2,"IP","two"', "AT#SCFG=1,2,300,90,600,50")
        assert await _is_up(bench)
        assert "#SGACT: 212.195.45.66" in await bench.command("AT#SGACT=2,1")
        await refused(bench, 'AT+CGDCONT=2,"IP","other"', code=553)
        await succeed(bench, "AT+CGATT=0", 'AT+CGDCONT=1,"IPV6","apn"', "AT+CGATT=1")
        assert not await _is_up(bench), "the network has IPv4 alone"
        await succeed(bench, 'AT+CGDCONT=1,"IPV4V6","apn"')
        assert information(f"#SGACT: {ADDRESS}") == await bench.command("AT#SGACT=1,1")


async def test_gsm_has_none() -> None:
    """A module that attaches there waits for the host."""
    async with Bench(ME910) as bench:
        await succeed(bench, "AT+CGATT=0", "AT+WS46=12", "AT+CGATT=1")
        assert not await _is_up(bench)
        await succeed(bench, "AT+WS46=30")
        assert await _is_up(bench)


async def test_an_me910c1_shows_every_context() -> None:
    """Six rows, with a long address of zeros where the type has an address of IPv6."""
    zeros = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
    async with Bench(ME910) as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","catm"')
        rows = [f'+CGDCONT: {cid},"IPV4V6","","{zeros}",0,0,0,0' for cid in range(2, 7)]
        assert information('+CGDCONT: 1,"IP","catm","",0,0,0,0', *rows) == await bench.command("AT+CGDCONT?")
        addresses = [f'+CGPADDR: {cid},""' for cid in range(2, 7)]
        assert information(f'+CGPADDR: 1,"{ADDRESS}"', *addresses) == await bench.command("AT+CGPADDR=")
        await succeed(bench, 'AT+CGDCONT=2,"IP","two","0.0.0.0",0,0,1,1')
        assert '\r\n+CGDCONT: 2,"IP","two","0.0.0.0",0,0,1,1\r\n' in await bench.command("AT+CGDCONT?")
        await succeed(bench, "AT+CGDCONT=2")
        assert f"{rows[0]}\r\n" in await bench.command("AT+CGDCONT?")
        for line in ("AT+CGQREQ=3,1", "AT+CGACT=1,3", "AT+CGACT=0,3"):
            await succeed(bench, line)


async def test_the_parameters_of_a_context_are_shown() -> None:
    """+CGCONTRDP: bearer, APN, address and name servers of those that are active."""
    async with Bench(ME910) as bench:
        first = f'+CGCONTRDP: 1,5,"internet","{ADDRESS}",,"8.8.8.8","8.8.4.4"'
        assert information(first) == await bench.command("AT+CGCONTRDP")
        await succeed(bench, 'AT+CGDCONT=2,"IP","two"', "AT+CGACT=1,2")
        second = '+CGCONTRDP: 2,6,"two","212.195.45.66",,"8.8.8.8","8.8.4.4"'
        assert information(first, second) == await bench.command("AT+CGCONTRDP")
        assert information(second) == await bench.command("AT+CGCONTRDP=2")
        assert OK == await bench.command("AT+CGCONTRDP=3")
        assert information("+CGCONTRDP: (1,2)") == await bench.command("AT+CGCONTRDP=?")


async def test_a_login_is_kept_and_used() -> None:
    """+CGAUTH: for the attachment, and for an activation that names none; it is not in the trace."""
    required = ["pdp.username='user'", "pdp.password='public-demo'"]
    async with Bench(LE910, settings=required) as bench:
        assert not await _is_up(bench)
        await succeed(bench, "AT+CMEE=1")
        assert cme(149) == await bench.command("AT#SGACT=1,1")
        await succeed(bench, 'AT+CGAUTH=1,1,"user","public-demo"', "AT+CGATT=0", "AT+CGATT=1")
        assert await _is_up(bench)
        assert information('+CGAUTH: 1,1,"user","public-demo"') == await bench.command("AT+CGAUTH?")
        await succeed(bench, "AT+CGAUTH=1,0")
        assert OK == await bench.command("AT+CGAUTH?")
        assert cme(149) == await bench.command("AT#SGACT=1,1")
        assert not any("public-demo" in str(event) for event in bench.events)


async def test_events_of_contexts_are_reported() -> None:
    """+CGEREP: who has activated or deactivated which context."""
    async with Bench(LE910) as bench:
        await succeed(bench, 'AT+CGDCONT=2,"IP","two"', "AT+CGEREP=1")
        for line, told in (
            ("AT+CGACT=1,2", "ME PDN ACT 2"),
            ("AT+CGACT=0,2", "ME PDN DEACT 2"),
            ("AT#SGACT=1,0", "ME PDN DEACT 1"),
            ("AT+CGACT=1,1", "ME PDN ACT 1"),
            ("AT+CGATT=0", "ME PDN DEACT 1"),
            ("AT+CGATT=1", "EPS PDN ACT 1"),
        ):
            bench.send(f"{line}\r")
            await bench.advance(0)
            assert f"{OK}\r\n+CGEV: {told}\r\n" == bench.read()
        bench.modem.faults.add("context-dropped")
        await bench.advance(0)
        assert "\r\n+CGEV: NW PDN DEACT 1\r\n" == bench.read()
        await succeed(bench, "AT+CGEREP=0")
        assert OK == at_once(bench, "AT+CFUN=4")


async def test_ctl_takes_it_down_and_shows_it() -> None:
    """By its keys registration, attached and contexts."""
    async with Bench(ME910) as bench:
        await succeed(bench, "AT+CEREG=1")
        assert {"1": ADDRESS} == show(bench.modem)["contexts"]
        change(bench.modem, {"attached": "no"})
        assert {} == show(bench.modem)["contexts"]
        change(bench.modem, {"attached": "yes"})
        assert {"1": ADDRESS} == show(bench.modem)["contexts"]
        assert "\r\n+CEREG: 0\r\n\r\n+CEREG: 1\r\n" == bench.read()
        change(bench.modem, {"registration": 5})
        assert "\r\n+CEREG: 5\r\n" == bench.read()

"""Events that the host asks the module to watch, its ports, and the place that cells tell."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import GE910, GL865, LINES, refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, cme, information, succeed

EVERY_LINE = pytest.mark.parametrize("firmware", LINES)


async def shown(bench: Bench, label: str) -> str:
    """An event's line, without the name of the command."""
    lines = (await bench.command("AT#EVMONI?")).split("\r\n")
    (line,) = (line for line in lines if line.startswith(f'#EVMONI: "{label}"'))
    return line.removeprefix(f'#EVMONI: "{label}",')


@EVERY_LINE
async def test_an_event_has_its_own_parameters(firmware: str) -> None:
    """As public parsers of the answer read them."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#EVMONI=?")
        assert '0,"",""' == await shown(bench, "SMSIN")
        assert '0,"",1,0,0' == await shown(bench, "GPIO1")
        assert '0,"",1' == await shown(bench, "RING")
        assert '0,"",0,0' == await shown(bench, "VBATT")
        assert '0,""' == await shown(bench, "STARTUP")
        await succeed(bench, 'AT#EVMONI="SMSIN",0,0,"AT#GPIO=1,1,1"', 'AT#EVMONI="SMSIN",1,1,"go"')
        assert '1,"AT#GPIO=1,1,1","go"' == await shown(bench, "SMSIN")
        await succeed(bench, r'AT#EVMONI=RING,0,0,"AT+CMGS=\22123\22"', "AT#EVMONI=RING,1,1,5")
        assert r'1,"AT+CMGS=\22123\22",5' == await shown(bench, "RING")
        await succeed(bench, 'AT#EVMONI=RING,0,0,""', "AT#EVMONI=GPIO2,1,1,3", "AT#EVMONI=GPIO2,1,3,200")
        assert '0,"",5' == await shown(bench, "RING")
        assert '1,"",3,0,200' == await shown(bench, "GPIO2")


async def test_what_is_no_event_is_refused() -> None:
    """Nor a parameter that it lacks, nor a line without AT; while events are watched nothing is changed."""
    async with Bench(GSM) as bench:
        await refused(bench, "AT#EVMONI=NOSUCH,1", "AT#EVMONI=RING,2", "AT#EVMONI=RING,1,2,5", "AT#EVMONI=RING,1,1,51")
        await refused(bench, "AT#EVMONI=RING,1,1,x", 'AT#EVMONI=RING,1,0,"hello"', "AT#EVMONI=STARTUP,1,1,1")
        await refused(bench, f'AT#EVMONI=RING,1,0,"AT{"x" * 95}"', f'AT#EVMONI=SMSIN,1,1,"{"x" * 81}"')
        assert information("#ENAEVMONI: (0,1)") == await bench.command("AT#ENAEVMONI=?")
        assert information("#ENAEVMONI: 0,0") == await bench.command("AT#ENAEVMONI?")
        await succeed(bench, "AT#ENAEVMONI=1")
        assert information("#ENAEVMONI: 1,1") == await bench.command("AT#ENAEVMONI?")
        await refused(bench, "AT#EVMONI=RING,1", code=3)
        await succeed(bench, "AT#ENAEVMONI=0", "AT#EVMONI=RING,1", "AT#ENAEVMONICFG=2,0,9")
        assert information("#ENAEVMONICFG: 2,0,9") == await bench.command("AT#ENAEVMONICFG?")


async def test_a_release_before_the_application_note_watches_nothing() -> None:
    """The note names the first ones."""
    for firmware in ("GE865-QUAD@10.00.006", "GL865-DUAL-V3@16.00.002", "HE910@12.00.003", "GE910-QUAD@13.00.002"):
        async with Bench(firmware) as bench:
            for name in ("#EVMONI", "#ENAEVMONI", "#ENAEVMONICFG"):
                assert ERROR == await bench.command(f"AT{name}?")


async def test_a_layout_of_ports_counts_from_the_next_start() -> None:
    """Only on 12.00."""
    async with Bench(UMTS) as bench:
        assert information("#PORTCFG: (0-12)") == await bench.command("AT#PORTCFG=?")
        assert information("#PORTCFG: 8,8") == await bench.command("AT#PORTCFG?")
        await succeed(bench, "AT#PORTCFG=3")
        await refused(bench, "AT#PORTCFG=13")
        assert information("#PORTCFG: 3,8") == await bench.command("AT#PORTCFG?")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(60)
        await bench.command("ATE0")
        assert information("#PORTCFG: 3,3") == await bench.command("AT#PORTCFG?")
    for firmware in (GSM, GE910, GL865):
        async with Bench(firmware) as bench:
            assert ERROR == await bench.command("AT#PORTCFG?")


@pytest.mark.parametrize("firmware", ["HE910@12.00.006", "GE910-QUAD@13.00.008"])
async def test_late_releases_have_a_directory(firmware: str) -> None:
    """Until power-off."""
    async with Bench(firmware) as bench:
        assert information('#M2MCHDIR: "/"') == await bench.command("AT#M2MCHDIR?")
        await succeed(bench, 'AT#M2MCHDIR="/mod"', "AT#M2MCHDIR=?")
        assert information('#M2MCHDIR: "/mod"') == await bench.command("AT#M2MCHDIR?")


@pytest.mark.parametrize("firmware", [UMTS, GE910, GL865])
async def test_the_place_by_cells_is_the_profiles(firmware: str) -> None:
    """A URC tells it behind the OK; context 1 must be up."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1", "AT#AGPSSND=?", 'AT+CGDCONT=1,"IP","apn"')
        assert cme(556) == await bench.command("AT#AGPSSND")
        assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        bench.send("AT#AGPSSND\r")
        assert OK + "\r\n#AGPSRING: 200,45.713643,13.738041,100.0\r\n" == bench.read()


@pytest.mark.parametrize("model", [GE910, "LE910C1", "ME910C1", "ME310G1"])
async def test_the_network_refuses_a_context_of_ipv6(model: str) -> None:
    """By its cause 50, as +CEER tells; where there is no network, that is what is wrong."""
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=2,"IPV6","apn"')
        assert information("+CEER: No error") == await bench.command("AT+CEER")
        for command in ("AT#SGACT=2,1", "AT+CGACT=1,2"):
            assert cme(132) == await bench.command(command)
            assert information("+CEER: PDP type IPv4 only allowed") == await bench.command("AT+CEER")
            assert information("#CEER: 0") == await bench.command("AT#CEER")
        assert information("+CGACT: 2,0") in await bench.command("AT+CGACT?") or "+CGACT: 2,0\r" in await bench.command(
            "AT+CGACT?"
        )
        bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        assert cme(30) == await bench.command("AT+CGACT=1,2")


async def test_a_module_that_knows_no_ipv6_refuses_it_by_itself() -> None:
    """The network is not asked, and +CEER has nothing to tell."""
    async with Bench("LE910", settings=["pdp.refusals.type=wrong_pdp"]) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=2,"IPV6","apn"')
        assert cme(568) == await bench.command("AT+CGACT=1,2")
        assert information("+CEER: No error") == await bench.command("AT+CEER")


@EVERY_LINE
async def test_the_extended_error_tells_why_a_context_was_refused(firmware: str) -> None:
    """27.007 6.10: the last of calls and contexts."""
    async with Bench(firmware, settings=["pdp.username=me", "pdp.password=secret"]) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"')
        assert cme(149) == await bench.command('AT#SGACT=1,1,"me","wrong"')
        assert information("+CEER: User authentication failed") == await bench.command("AT+CEER")
        bench.modem.faults.add("activation-refused", cause="service_option_out_of_order")
        assert cme(134) == await bench.command('AT#SGACT=1,1,"me","secret"')
        assert information("+CEER: Service option temporarily out of order") == await bench.command("AT+CEER")


@EVERY_LINE
async def test_a_context_may_be_of_another_type(firmware: str) -> None:
    """A line of =? for each; the module's own sockets want IPv4, and the network has no IPv6."""
    types = ["IP", "PPP", "IPV6"] if firmware == GE910 else ["IP", "PPP"]
    async with Bench(firmware) as bench:
        lines = (f'+CGDCONT: (1-5),"{kind}",,,(0,1),(0,1)' for kind in types)
        assert information(*lines).replace("(0,1)", "(0-1)") == (await bench.command("AT+CGDCONT=?")).replace(
            "(0,1)", "(0-1)"
        )
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"PPP","apn"')
        assert information('+CGDCONT: 1,"PPP","apn","",0,0') == await bench.command("AT+CGDCONT?")
        assert cme(132) == await bench.command("AT#SGACT=1,1")
        await succeed(bench, "AT+CGACT=1,1", "AT+CGACT=0,1")
        if firmware == GE910:
            await succeed(bench, 'AT+CGDCONT=1,"IPV6","apn"')
            assert cme(132) == await bench.command("AT#SGACT=1,1")
            assert cme(132) == await bench.command("AT+CGACT=1,1")
        else:
            await refused(bench, 'AT+CGDCONT=1,"IPV6","apn"')

"""Registration, operator, signal, attachment, contexts and addresses."""

import pytest

from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, at_once, cme, information, succeed

_UNSUPPORTED = "\r\n+CME ERROR: operation not supported\r\n"


async def _set_up(bench: Bench) -> None:
    await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,IP,"apn"')


async def test_registration_is_shown_as_the_family_shows_it() -> None:
    """Quotes, access technology and the routing area differ."""
    umts = '"EF8D","52D2388",2'
    for firmware, place, packet_place in ((GSM, "55FA,12EB", "55FA,12EB"), (UMTS, umts, f'{umts},"01"')):
        async with Bench(firmware) as bench:
            for name, shown in (("+CREG", place), ("+CGREG", packet_place)):
                assert information(f"{name}: (0-2)") == await bench.command(f"AT{name}=?")
                assert information(f"{name}: 0,1") == await bench.command(f"AT{name}?")
                await succeed(bench, f"AT{name}=2")
                assert information(f"{name}: 2,1,{shown}") == await bench.command(f"AT{name}?")
                await succeed(bench, f"AT{name}=")
                assert information(f"{name}: 0,1") == await bench.command(f"AT{name}?")


async def test_changes_of_the_registration_are_reported_where_wanted() -> None:
    """The registration after the OK, the attachment before it (facts 4, +CGATT)."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CREG=2", "AT+CGREG=1")
        assert f"{OK}\r\n+CREG: 0\r\n\r\n+CGREG: 0\r\n" == at_once(bench, "AT+CFUN=4")
        answer = at_once(bench, "AT+CFUN=1")
        assert f"{OK}\r\n+CREG: 1,55FA,12EB\r\n\r\n+CGREG: 1\r\n" == answer
        assert information("+CGREG: 0") == await bench.command("AT+CGATT=0")
        assert information("+CGREG: 1") == await bench.command("AT+CGATT=1")
        assert OK == await bench.command("AT+CGATT=1")
        assert information("+CGATT: 1") == await bench.command("AT+CGATT?")
        assert information("+CGATT: (0,1)") == await bench.command("AT+CGATT=?")


async def test_the_operator_is_shown_listed_and_selected() -> None:
    """+COPS: by name, by number, out of reach, deregistered, and the format alone."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1")
        listed = '+COPS: (2,"I TIM",,"22201"),(1,"I WIND",,"22288"),,(0-4),(0,2)'
        assert information(listed) == await bench.command("AT+COPS=?")
        assert information('+COPS: 0,0,"I TIM"') == await bench.command("AT+COPS?")
        await succeed(bench, "AT+COPS=3,2")
        assert information('+COPS: 0,2,"22201"') == await bench.command("AT+COPS?")
        await succeed(bench, "AT+COPS=1,2,22288")
        assert information('+COPS: 1,2,"22288"') == await bench.command("AT+COPS?")
        assert '(1,"I TIM",,"22201"),(2,"I WIND"' in await bench.command("AT+COPS=?")
        assert cme(30) == await bench.command('AT+COPS=1,0,"Nobody"')
        assert cme(30) == await bench.command("AT+COPS=1")
        await succeed(bench, 'AT+COPS=4,0,"Nobody"')
        assert information('+COPS: 4,0,"I TIM"') == await bench.command("AT+COPS?")
        await succeed(bench, "AT+COPS=2")
        assert information("+COPS: 2") == await bench.command("AT+COPS?")
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?")
        assert information("+CSQ: 99,99") == await bench.command("AT+CSQ")
        assert cme(30) == await bench.command("AT+CGATT=1")
        await succeed(bench, "AT+COPS=0,0")
        assert information('+COPS: 0,0,"I TIM"') == await bench.command("AT+COPS?")
    async with Bench(UMTS) as bench:
        assert information('+COPS: 0,0,"I TIM",2') == await bench.command("AT+COPS?")
        assert '(2,"I TIM",,"22201",2)' in await bench.command("AT+COPS=?")


@pytest.mark.parametrize("setting", ["sim.present=false", "sim.pin=1234"])
async def test_without_an_unlocked_sim_there_is_no_network(setting: str) -> None:
    """Nothing registers, whatever is asked for."""
    code = 10 if "present" in setting else 11
    async with Bench(GSM, settings=[setting]) as bench:
        await _set_up(bench)
        for command in ("AT+COPS=0", "AT+COPS=?", "AT+CIMI", "AT#CIMI", "AT#CCID"):
            assert cme(code) == await bench.command(command)
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?")
        assert cme(30) == await bench.command("AT#SGACT=1,1")
        await succeed(bench, "AT+CFUN=1", "AT+CIMI=?", "AT#CIMI=?", "AT#CCID=?")
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?")


async def test_a_radio_that_is_off_finds_no_network() -> None:
    """+CFUN=4: no scan, no registration."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1", "AT+CFUN=4")
        for command in ("AT+COPS=?", "AT+COPS=0"):
            assert cme(30) == await bench.command(command)
        assert information("+CFUN: 4") == await bench.command("AT+CFUN?")
        assert information("+CFUN: (0,1,2,4,5,7,9),(0,1)") == await bench.command("AT+CFUN=?")


async def test_the_signal_has_no_read_form() -> None:
    """And a registration mode that is none is not supported either (Software User Guide 2.11)."""
    async with Bench(GSM) as bench:
        for command in ("AT+CSQ?", "AT+CREG=9"):
            assert ERROR == await bench.command(command)
        await succeed(bench, "AT+CMEE=2")
        for command in ("AT+CSQ?", "AT+CREG=9"):
            assert _UNSUPPORTED == await bench.command(command)
        assert information("+CSQ: 20,0") == await bench.command("AT+CSQ")
        assert information("+CSQ: (0-31,99),(0-7,99)") == await bench.command("AT+CSQ=?")


async def test_contexts_are_defined_shown_and_undefined() -> None:
    """Every form of +CGDCONT (guide 2.1.1); `=?` has a line for each type (27.007 10.1.1)."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1", "AT+CGDCONT?", "AT+CGDCONT", "AT+CGDCONT=")
        await succeed(bench, "AT+CGDCONT=1,IP,ibox.tim.it", 'AT+CGDCONT = 5, "ip", "apn", "10.0.0.1", 1, 0')
        lines = ('+CGDCONT: 1,"IP","ibox.tim.it","",0,0', '+CGDCONT: 5,"IP","apn","10.0.0.1",1,0')
        for form in ("?", ""):
            assert information(*lines) == await bench.command(f"AT+CGDCONT{form}")
        types = [f'+CGDCONT: (1-5),"{kind}",,,(0-1),(0-1)' for kind in ("IP", "PPP")]
        assert information(*types) == await bench.command("AT+CGDCONT=?")
        for wrong in ("6,IP,a", "0,IP,a", "1,X25,a", "1,IP,a,,2", '"1",IP,a', "1,IP,a,b,0,0,0"):
            assert cme(4) == await bench.command(f"AT+CGDCONT={wrong}")
        await succeed(bench, "AT+CGDCONT=5")
        assert information(lines[0]) == await bench.command("AT+CGDCONT?")


async def test_a_context_is_activated_and_taken_down() -> None:
    """#SGACT, its answer and its refusals (guide 2.1.2)."""
    async with Bench(GSM) as bench:
        await _set_up(bench)
        assert OK == await bench.command("AT#SGACT=1,0")
        assert information("#SGACT: 212.195.45.65") == await bench.command('AT#SGACT=1,1,"user","secret"')
        assert cme(553) == await bench.command("AT#SGACT=1,1")
        assert cme(555) == await bench.command("AT#SGACT=2,1")
        assert cme(4) == await bench.command("AT#SGACT=6,1")
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"', 'AT+CGDCONT=2,"IP","other"')
        assert cme(553) == await bench.command('AT+CGDCONT=1,"IP","other"')
        assert information("#SGACT: 1,1", "#SGACT: 2,0") == await bench.command("AT#SGACT?")
        assert information("#SGACT: (0-5),(0,1)") == await bench.command("AT#SGACT=?")
        assert information("#SGACT: 212.195.45.66") == await bench.command("AT#SGACT=2,1")
        addresses = ('1,"212.195.45.65"', '2,"212.195.45.66"')
        for name in ("#CGPADDR", "+CGPADDR"):
            lines = [f"{name}: {address}" for address in addresses]
            for form in ("", "=", "=1,2"):
                assert information(*lines) == await bench.command(f"AT{name}{form}")
            assert information(lines[1]) == await bench.command(f"AT{name}=2")
            assert information(f"{name}: (1,2)") == await bench.command(f"AT{name}=?")
            assert cme(3) == await bench.command(f"AT{name}=1,3")
        await succeed(bench, "AT#SGACT=2,0", "AT+CGATT=0")
        assert information('#CGPADDR: 1,""', '#CGPADDR: 2,""') == await bench.command("AT#CGPADDR")
        assert cme(555) == await bench.command("AT#SGACT=1,1")


async def test_the_standards_own_activation_knows_several_contexts() -> None:
    """+CGACT, one by one or all."""
    async with Bench(GSM) as bench:
        await _set_up(bench)
        assert OK == await bench.command('AT+CGDCONT=2,"IP","b";+CGACT=1')
        assert information("+CGACT: 1,1", "+CGACT: 2,1") == await bench.command("AT+CGACT?")
        await succeed(bench, "AT+CGACT=0,2", "AT+CGACT=1,1")
        assert information("+CGACT: 1,1", "+CGACT: 2,0") == await bench.command("AT+CGACT?")
        await succeed(bench, "AT+CGACT=0,1,2")
        assert information("+CGACT: (0,1)") == await bench.command("AT+CGACT=?")
        await succeed(bench, "AT+CGDCONT=1", "AT+CGDCONT=2", "AT+CGACT?", "AT#CGPADDR", "AT#SGACT?")


async def test_the_network_may_ask_for_user_and_password() -> None:
    """As the profile says; #SGACTAUTH is kept until power-off."""
    settings = ["pdp.username=me", "pdp.password=open sesame"]
    async with Bench(GSM, settings=settings) as bench:
        await _set_up(bench)
        for wrong in ("", ',"me"', ',"me","wrong"', ',"you","open sesame"'):
            assert cme(149) == await bench.command(f"AT#SGACT=1,1{wrong}")
        assert information("#SGACT: 212.195.45.65") == await bench.command('AT#SGACT=1,1,"me","open sesame"')
        assert information("#SGACTAUTH: 1") == await bench.command("AT#SGACTAUTH?")
        assert information("#SGACTAUTH: (0-2)") == await bench.command("AT#SGACTAUTH=?")
        await succeed(bench, "AT#SGACTAUTH=2")
        assert information("#SGACTAUTH: 2") == await bench.command("AT#SGACTAUTH?")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert information("#SGACTAUTH: 1") == await bench.command("AT#SGACTAUTH?")

"""Calls that never come, and what the network keeps for the subscriber."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910, refused
from tests.commands.ssl_bench import ERROR, GSM, NO_CARRIER, OK, UMTS, at_once, cme, information, succeed


@EVERY_LINE
@pytest.mark.parametrize(("name", "values", "provided"), [("CLIP", "0,1", 1), ("CLIR", "0-2", 4), ("COLP", "0,1", 1)])
async def test_lines_are_presented_where_wanted(firmware: str, name: str, values: str, provided: int) -> None:
    """The choice, and whether the network provides the service."""
    async with Bench(firmware) as bench:
        assert information(f"+{name}: ({values})") == await bench.command(f"AT+{name}=?")
        assert information(f"+{name}: 0,{provided}") == await bench.command(f"AT+{name}?")
        await succeed(bench, f"AT+{name}=1")
        assert information(f"+{name}: 1,{provided}") == await bench.command(f"AT+{name}?")
        await refused(bench, f"AT+{name}=3", f"AT+{name}")
        await succeed(bench, "AT+CFUN=4")
        await refused(bench, f"AT+{name}?", code=30)


@EVERY_LINE
async def test_calls_wait_by_class(firmware: str) -> None:
    """+CCWA: the report is the terminal's, the service the network's."""
    async with Bench(firmware) as bench:
        assert information("+CCWA: (0,1)") == await bench.command("AT+CCWA=?")
        await succeed(bench, "AT+CCWA=1")
        assert information("+CCWA: 1") == await bench.command("AT+CCWA?")
        assert information("+CCWA: 0,1", "+CCWA: 0,2", "+CCWA: 0,4") == await bench.command("AT+CCWA=1,2")
        await succeed(bench, "AT+CCWA=1,1,1")
        assert information("+CCWA: 1,1") == await bench.command("AT+CCWA=1,2,1")
        await refused(bench, "AT+CCWA=2", "AT+CCWA=1,3", "AT+CCWA=1,1,0", "AT+CCWA")


@EVERY_LINE
async def test_calls_are_forwarded_by_reason_and_class(firmware: str) -> None:
    """+CCFC: registered, shown, disabled, enabled, erased; kept by the network, not by the module."""
    async with Bench(firmware) as bench:
        assert information("+CCFC: (0-5)") == await bench.command("AT+CCFC=?")
        none = ("+CCFC: 0,1", "+CCFC: 0,2", "+CCFC: 0,4")
        assert information(*none) == await bench.command("AT+CCFC=0,2")
        await succeed(bench, 'AT+CCFC=2,3,"+39040111",145,1,,,20', 'AT+CCFC=0,3,"0404",,1')
        assert information('+CCFC: 1,1,"+39040111",145,,,20') == await bench.command("AT+CCFC=2,2,,,1")
        assert information('+CCFC: 1,1,"0404",129', *none[1:]) == await bench.command("AT+CCFC=0,2")
        await succeed(bench, "AT+CCFC=4,0", "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert information('+CCFC: 0,1,"0404",129', *none[1:]) == await bench.command("AT+CCFC=0,2")
        await succeed(bench, "AT+CCFC=0,1", "AT+CCFC=5,4")
        assert information('+CCFC: 1,1,"0404",129', *none[1:]) == await bench.command("AT+CCFC=0,2")
        assert information(*none) == await bench.command("AT+CCFC=2,2")
        await refused(bench, "AT+CCFC=6,2", "AT+CCFC=0,5", "AT+CCFC=0,3", "AT+CCFC=0")
        await refused(bench, 'AT+CCFC=0,3,"x"', code=27)


@EVERY_LINE
async def test_codes_are_answered_by_the_network(firmware: str) -> None:
    """+CUSD: those of the profile; others it does not know; without a report nothing is said."""
    ussd = 'network.services.ussd=[{code="*100#",answer="Credit: 5 EUR"}]'
    async with Bench(firmware, settings=[ussd]) as bench:
        assert information("+CUSD: (0-2)") == await bench.command("AT+CUSD=?")
        assert OK == at_once(bench, 'AT+CUSD=0,"*100#"')
        await succeed(bench, "AT+CUSD=1")
        assert information("+CUSD: 1") == await bench.command("AT+CUSD?")
        assert f'{OK}\r\n+CUSD: 0,"Credit: 5 EUR",15\r\n' == at_once(bench, 'AT+CUSD=1,"*100#",15')
        assert f"{OK}\r\n+CUSD: 4\r\n" == at_once(bench, 'AT+CUSD=1,"*101#"')
        await succeed(bench, "AT+CUSD=2")
        await refused(bench, "AT+CUSD=3", "AT+CUSD", 'AT+CUSD=1,"*100#",256')
        await succeed(bench, "AT+CFUN=4")
        await refused(bench, 'AT+CUSD=1,"*100#"', code=30)


@EVERY_LINE
async def test_without_a_call_there_is_nothing_to_show(firmware: str) -> None:
    """To list, to end or to give a reason for."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CLCC", "AT+CLCC=?", "AT+CHUP", "AT+CHUP=?", "AT+CEER=?")
        assert information("+CPAS: 0") == await bench.command("AT+CPAS")
        assert information("+CPAS: (0-4)") == await bench.command("AT+CPAS=?")
        assert information("+CEER: No error") == await bench.command("AT+CEER")
        await refused(bench, "AT+CLCC=1", "AT+CPAS?", "AT+CEER=1", "AT+CHUP=1")


@EVERY_LINE
@pytest.mark.parametrize(
    ("name", "values", "factory", "other", "wrong"),
    [
        ("+CRC", "(0,1)", "0", "1", "2"),
        ("+CR", "(0,1)", "0", "1", "2"),
        ("+FCLASS", "(0,1,8)", "0", "8", "2"),
        ("#CMEEMODE", "(0,1)", "0", "1", "2"),
        ("+CSSN", "(0,1),(0,1)", "0,0", "1,1", "1,2"),
        ("+CGSMS", "(0-3)", "1", "3", "4"),
        ("+CGEREP", "(0-2),(0,1)", "0,0", "2,1", "3"),
    ],
)
async def test_settings_are_kept(firmware: str, name: str, values: str, factory: str, other: str, wrong: str) -> None:
    """Set, read, tested, refused; in the profile, where &F1 takes them back."""
    async with Bench(firmware) as bench:
        assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?")
        assert information(f"{name}: {factory}") == await bench.command(f"AT{name}?")
        await succeed(bench, f"AT{name}={other}")
        assert information(f"{name}: {other}") == await bench.command(f"AT{name}?")
        await refused(bench, f"AT{name}={wrong}")
        await succeed(bench, "AT&F1E0", f"AT{name}=")
        assert information(f"{name}: {factory}") == await bench.command(f"AT{name}?")


@pytest.mark.parametrize(
    ("firmware", "speeds", "known", "unknown"),
    [
        (GSM, "(0-7,12,14,65,66,68,70,71,75)", 1, 8),
        (UMTS, "(0,4-7,12,14-17,68,70,71,75,79-84,115,116,120,121,130-134)", 134, 1),
    ],
)
async def test_data_calls_have_a_bearer(firmware: str, speeds: str, known: int, unknown: int) -> None:
    """Many speeds in a row are shown as a range (Software User Guide 2.13)."""
    async with Bench(firmware) as bench:
        assert information(f"+CBST: {speeds},(0),(0,1)") == await bench.command("AT+CBST=?")
        await succeed(bench, f"AT+CBST={known},0,1")
        assert information(f"+CBST: {known},0,1") == await bench.command("AT+CBST?")
        await refused(bench, f"AT+CBST={unknown},0,1")


async def test_umts_has_qualities_of_its_own() -> None:
    """+CGEQREQ and +CGEQMIN, as IP Easy User Guide 2.1 prints them; forgotten at power-off."""
    values = '1,4,0,0,0,0,2,0,"0E0","0E0",3,0,0'
    async with Bench(UMTS) as bench:
        await refused(bench, "AT+CGEQREQ=1,4", code=3)
        await succeed(bench, "AT+CGDCONT=1,IP,apn")
        for name in ("+CGEQREQ", "+CGEQMIN"):
            await succeed(bench, f"AT{name}?", f"AT{name}={values}")
            assert information(f"{name}: {values}") == await bench.command(f"AT{name}?")
            await refused(bench, f"AT{name}=1,5", f"AT{name}=1,4,0,0,0,0,3", f'AT{name}=1,4,0,0,0,0,2,0,"E0"')
            await succeed(bench, f"AT{name}=1,3")
            assert information(f'{name}: 1,3,0,0,0,0,0,0,"0E0","0E0",0,0,0') == await bench.command(f"AT{name}?")
            await succeed(bench, f"AT{name}=1")
            assert OK == await bench.command(f"AT{name}?")


async def test_a_pin_may_have_its_alternative_function() -> None:
    """Software User Guide 3.8: direction 2; its level is then not the host's."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT#GPIO=5,0,2")
        assert information("#GPIO: 2,0") == await bench.command("AT#GPIO=5,2")
        await refused(bench, "AT#GPIO=5,1", code=3)
        await refused(bench, "AT#GPIO=5,0,3")


@EVERY_LINE
async def test_packet_service_has_a_class_and_qualities(firmware: str) -> None:
    """+CGCLASS, +CGQMIN and +CGQREQ, with a line for each type (27.007 10.1.4); forgotten at power-off."""
    async with Bench(firmware) as bench:
        assert information('+CGCLASS: "B"') == await bench.command("AT+CGCLASS?")
        assert information('+CGCLASS: ("B","CG","CC")') == await bench.command("AT+CGCLASS=?")
        await succeed(bench, 'AT+CGCLASS="cg"', "AT+CGDCONT=1,IP,apn")
        assert information('+CGCLASS: "CG"') == await bench.command("AT+CGCLASS?")
        types = ("IP", "PPP", "IPV6") if firmware == GE910 else ("IP", "PPP")
        for name in ("+CGQMIN", "+CGQREQ"):
            ranges = [f'{name}: "{kind}",(0-3),(0-4),(0-5),(0-9),(0-18,31)' for kind in types]
            assert information(*ranges) == await bench.command(f"AT{name}=?")
            await succeed(bench, f"AT{name}?", f"AT{name}=1,0,0,3,0,31")
            assert information(f"{name}: 1,0,0,3,0,31") == await bench.command(f"AT{name}?")
            await refused(bench, f"AT{name}=1,4", f"AT{name}=1,0,0,3,0,19", f"AT{name}=6", f"AT{name}")
            await refused(bench, f"AT{name}=2,0", code=3)
            await succeed(bench, f"AT{name}=1", f"AT{name}?")
        await refused(bench, 'AT+CGCLASS="X"', "AT+CGCLASS")


@EVERY_LINE
async def test_the_module_measures_itself(firmware: str) -> None:
    """+CBC, #CBC, #TEMPMON, #GPIO."""
    pins = 10 if firmware == UMTS else 8
    async with Bench(firmware) as bench:
        for line, answer in (
            ("AT+CBC", "+CBC: 0,100"),
            ("AT+CBC?", "+CBC: 0,100"),
            ("AT+CBC=?", "+CBC: (0-2),(0-100)"),
            ("AT#CBC", "#CBC: 0,402"),
            ("AT#TEMPMON=1", "#TEMPMEAS: 0,28"),
            ("AT#TEMPMON?", "#TEMPMON: 0,0"),
            ("AT#GPIO=1,2", "#GPIO: 0,0"),
            ("AT#GPIO=?", f"#GPIO: (1-{pins}),(0-2),(0-2)"),
        ):
            assert information(answer) == await bench.command(line)
        await succeed(bench, "AT#CBC=?", "AT#TEMPMON=0,1,0", "AT#GPIO=1,1,1", "AT#GPIO=2,0,0", "AT#GPIO=1,1")
        assert information("#TEMPMON: 1,0") == await bench.command("AT#TEMPMON?")
        assert information("#GPIO: 1,1", *["#GPIO: 0,0"] * (pins - 1)) == await bench.command("AT#GPIO?")
        await refused(bench, "AT+CBC=1", "AT#CBC?", "AT#TEMPMON=2", "AT#TEMPMON", "AT#GPIO=11,2", "AT#GPIO=1,3")
        await refused(bench, "AT#GPIO=2,1", code=3)


@EVERY_LINE
async def test_the_lamp_is_driven_until_power_off_unless_that_is_stored(firmware: str) -> None:
    """#SLED and #SLEDSAV."""
    async with Bench(firmware) as bench:
        assert information("#SLED: (0-3),(1-100),(1-100)") == await bench.command("AT#SLED=?")
        assert information("#SLED: 2,10,10") == await bench.command("AT#SLED?")
        await succeed(bench, "AT#SLEDSAV=?", "AT#SLED=3,5,20", "AT#SLEDSAV", "AT#SLED=0")
        assert information("#SLED: 0,10,10") == await bench.command("AT#SLED?")
        await refused(bench, "AT#SLED=4", "AT#SLED=3,0", "AT#SLED", "AT#SLEDSAV=1")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert information("#SLED: 3,5,20") == await bench.command("AT#SLED?")


@pytest.mark.parametrize(("celsius", "level"), [(-41, -2), (-31, -1), (0, 0), (81, 1), (86, 2)])
async def test_a_dangerous_temperature_has_a_level(celsius: int, level: int) -> None:
    """Beyond the ranges of the profile."""
    async with Bench(GSM, settings=[f"hardware.temperature={celsius}"]) as bench:
        assert information(f"#TEMPMEAS: {level},{celsius}") == await bench.command("AT#TEMPMON=1")


async def test_a_network_service_needs_a_sim() -> None:
    """What the network keeps cannot be reached without one."""
    async with Bench(GSM, settings=["sim.pin=1234"]) as bench:
        await succeed(bench, "AT+CMEE=1")
        for line in ("AT+CLIP?", "AT+CCWA=1,2", "AT+CCFC=0,2", 'AT+CUSD=1,"*100#"', "AT+CPBS?"):
            assert cme(11) == await bench.command(line)


@pytest.mark.parametrize(("firmware", "answer"), [("HE910-D", ERROR), ("UE910-NAD", ERROR), (UMTS, NO_CARRIER)])
async def test_a_module_for_data_only_cannot_answer_calls(firmware: str, answer: str) -> None:
    """Software User Guide 2.12.11; nor dial them."""
    async with Bench(firmware) as bench:
        assert answer == await bench.command("ATA")
        assert (NO_CARRIER if answer == ERROR else OK) == await bench.command("ATD0404190000;")


@EVERY_LINE
async def test_settings_of_the_radio_are_kept_without_effect(firmware: str) -> None:
    """#REGMODE and #TXMONMODE, which hosts of every line send."""
    async with Bench(firmware) as bench:
        for name in ("#REGMODE", "#TXMONMODE"):
            assert information(f"{name}: (0,1)") == await bench.command(f"AT{name}=?")
            await succeed(bench, f"AT{name}=1")
            assert information(f"{name}: 1") == await bench.command(f"AT{name}?")
            await refused(bench, f"AT{name}=2")


@pytest.mark.parametrize(("firmware", "lists"), [(GSM, 2), ("GL865-QUAD-V3", 2), ("GE910-QUAD", 1), (UMTS, 1)])
async def test_speeds_are_listed_twice_where_the_module_finds_that_of_its_host(firmware: str, lists: int) -> None:
    """V.250 6.2.10: those that are found, and those that can be set."""
    async with Bench(firmware) as bench:
        assert lists == (await bench.command("AT+IPR=?")).count(",115200")


@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_levels_that_save_power_leave_the_registration(firmware: str) -> None:
    """+CFUN of Software User Guide 3.6: 5, 7 and 9; 4 ends it, and 2 on GSM modules."""
    async with Bench(firmware) as bench:
        for level in (5, 7, 9):
            await succeed(bench, f"AT+CFUN={level}")
            assert information("+CREG: 0,1") == await bench.command("AT+CREG?")
        await succeed(bench, "AT+CFUN=4" if firmware == UMTS else "AT+CFUN=2")
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?")
        await succeed(bench, "AT+CFUN=1")
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")

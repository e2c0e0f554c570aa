"""Settings that are kept without effect: their values, their answers, and how long they last.

The values are those of the AT Commands Reference Guide, 27.007 and V.250, as the profiles of all lines have them.
"""

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910, GL865, LINES, refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, information, succeed

PROFILE, NVM, POWER = "profile", "at once", "until power-off"

SETTINGS = [
    # name, values as =? shows them, factory value, another one, one out of range, kept
    ("+ILRR", "(0,1)", "0", "1", "2", PROFILE),
    ("+DR", "(0,1)", "0", "1", "2", PROFILE),
    ("+CRLP", "(1-61),(1-61),(39-255),(1-255),(0)", "61,61,78,6,0", "1,2,40,3,0", "62", PROFILE),
    ("+CVHU", "(0-2)", "2", "0", "3", PROFILE),
    ("#ACAL", "(0,1)", "0", "1", "2", PROFILE),
    ("#ECAM", "(0,1)", "0", "1", "2", PROFILE),
    ("#CAP", "(0-2)", "0", "2", "3", PROFILE),
    ("#SRP", "(0-3)", "3", "1", "4", PROFILE),
    ("#STM", "(0-2)", "1", "2", "3", PROFILE),
    ("+CALM", "(0-2)", "0", "1", "3", PROFILE),
    ("+CRSL", "(0-4)", "3", "4", "5", PROFILE),
    ("+CMUT", "(0,1)", "0", "1", "2", POWER),
    ("+VTD", "(0-255)", "0", "7", "256", PROFILE),
    ("#CODEC", "(0-31)", "0", "3", "32", PROFILE),
    ("#CODECINFO", "(0,1),(0-2)", "0,0", "1,2", "2", PROFILE),
    *((f"#{path}", "(0-1)", "0", "1", "2", PROFILE) for path in ("SHFEC", "SHSEC", "SHFAGC", "SHSAGC", "SHFNR")),
    *((f"#{path}", "(0-1)", "0", "1", "2", PROFILE) for path in ("SHSNR", "SHFSD", "SHSSD")),
    ("#HFMICG", "(0-7)", "0", "7", "8", PROFILE),
    ("#HSMICG", "(0-7)", "0", "7", "8", PROFILE),
    ("#E2SLRI", "(0,50-1150)", "0", "50", "49", PROFILE),
    ("#E2SMSRI", "(0,50-1150)", "0", "1150", "1151", PROFILE),
    ("#DIALMODE", "(0-2)", "0", "2", "3", NVM),
    ("#TTY", "(0-1)", "0", "1", "2", NVM),
    ("#NWSCANTMR", "(5-3600)", "5", "60", "4", NVM),
    ("#CMUXMODE", "(0,1)", "0", "1", "2", NVM),
    ("#ENS", "(0,1)", "0", "1", "2", NVM),
    ("#TCPMAXDAT", "(0,496-1420)", "0", "1000", "495", NVM),
    ("#GAUTH", "(0-3)", "1", "0", "4", PROFILE),
    ("+CTZU", "(0,1)", "0", "1", "2", PROFILE),
    ("#TCPREASS", "(0,1)", "0", "1", "2", NVM),
]
"""On every line."""

OF_A_LINE = [
    (GSM, "+CLVL", "(0-14)", "10", "14", "15", PROFILE),
    (UMTS, "+CLVL", "(0-15)", "10", "15", "16", PROFILE),
    (GSM, "+CSNS", "(0,2,4)", "0", "2", "3", NVM),
    (UMTS, "+CSNS", "(0,4)", "0", "4", "2", NVM),
    (GSM, "#DVI", "(0-2),(1,2),(0,1)", "0,2,1", "1,1,0", "3", PROFILE),
    (UMTS, "#DVI", "(0-2),(1,2),(0,1)", "0,1,1", "1,2,0", "3", PROFILE),
    (GSM, "#SMSMODE", "(0,1)", "0", "1", "2", PROFILE),
    (GSM, "#COPSMODE", "(0,1)", "0", "1", "2", NVM),
    (GSM, "#OSC32KHZ", "(0,1)", "0", "1", "2", NVM),
]

EVERY_SETTING = [(model, *setting) for setting in SETTINGS for model in LINES] + OF_A_LINE


@pytest.mark.parametrize(("model", "name", "values", "factory", "other", "outside", "kept"), EVERY_SETTING)
async def test_a_setting_is_shown_refused_and_kept(
    model: str, name: str, values: str, factory: str, other: str, outside: str, kept: str
) -> None:
    """`AT<name>=` changes nothing; &W is for those in the user profile, and the others last as long as they do."""
    async with Bench(model) as bench:
        assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?")
        assert information(f"{name}: {factory}") == await bench.command(f"AT{name}?")
        await succeed(bench, f"AT{name}={other}", f"AT{name}=")
        await refused(bench, f"AT{name}={outside}")
        assert information(f"{name}: {other}") == await bench.command(f"AT{name}?")

        await succeed(bench, "AT&P0")
        await restart(bench)
        assert information(f"{name}: {other if kept == NVM else factory}") == await bench.command(f"AT{name}?")

        await succeed(bench, f"AT{name}={other}", "AT&W", "AT&P0")
        await restart(bench)
        assert information(f"{name}: {factory if kept == POWER else other}") == await bench.command(f"AT{name}?")


async def restart(bench: Bench) -> None:
    """Restart, as power that is cut and comes back does."""
    await succeed(bench, "AT#REBOOT")
    await bench.advance(60)
    await bench.command("ATE0")


@EVERY_LINE
async def test_a_multislot_class_is_kept_at_once(firmware: str) -> None:
    """Its second number says when it counts, and is not shown."""
    factory, values = ("33", "(1-33)") if firmware == UMTS else ("10", "(1-6,8,9,10)")
    async with Bench(firmware) as bench:
        assert information(f"#MSCLASS: {values},(0,1)") == await bench.command("AT#MSCLASS=?")
        assert information(f"#MSCLASS: {factory}") == await bench.command("AT#MSCLASS?")
        await succeed(bench, "AT#MSCLASS=8,1", "AT#MSCLASS=")
        await refused(bench, "AT#MSCLASS=34", "AT#MSCLASS=8,2")
        await restart(bench)
        assert information("#MSCLASS: 8") == await bench.command("AT#MSCLASS?")


@EVERY_LINE
async def test_the_short_flow_control_is_that_of_both_directions(firmware: str) -> None:
    """+FLO, +IFC and &K are one setting."""
    async with Bench(firmware) as bench:
        assert information("+FLO: (0-2)") == await bench.command("AT+FLO=?")
        assert information("+FLO: 2") == await bench.command("AT+FLO?")
        for kind in ("1", "0", "2"):
            await succeed(bench, f"AT+FLO={kind}", "AT+FLO=")
            assert information(f"+FLO: {kind}") == await bench.command("AT+FLO?")
            assert information(f"+IFC: {kind},{kind}") == await bench.command("AT+IFC?")
        await refused(bench, "AT+FLO=3")
        await succeed(bench, "AT&K4")
        assert information("+FLO: 1") == await bench.command("AT+FLO?")


async def test_alert_and_signalling_tones_are_set_together() -> None:
    """+CALM=2 is #STM=0, and +CALM=0 is #STM=1."""
    async with Bench(GSM) as bench:
        for line, alert, tones in (("+CALM=2", 2, 0), ("+CALM=0", 0, 1), ("#STM=0", 2, 0), ("#STM=1", 0, 1)):
            await succeed(bench, f"AT{line}")
            assert information(f"+CALM: {alert}") == await bench.command("AT+CALM?")
            assert information(f"#STM: {tones}") == await bench.command("AT#STM?")


@EVERY_LINE
async def test_what_landline_modems_have_is_accepted(firmware: str) -> None:
    """It has no effect; +DS and +GCI have one value."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT%L", "AT%Q", "AT%E", "AT%E0", r"AT\B", r"AT\K1", r"AT\N0", r"AT\K5\N5")
        await refused(bench, r"AT\K6", r"AT\N6", "AT+DS=1", "AT+GCI=1")
        for name, value in (("+DS", 0), ("+GCI", 59)):
            await succeed(bench, f"AT{name}={value}")
            assert information(f"{name}: {value}") == await bench.command(f"AT{name}?")
            assert information(f"{name}: ({value})") == await bench.command(f"AT{name}=?")


async def test_the_fax_identity_is_that_of_the_module() -> None:
    """Without the name of the command."""
    async with Bench(GSM) as bench:
        for fax, plain in (("+FMI", "+GMI"), ("+FMM", "+GMM"), ("+FMR", "+GMR")):
            assert await bench.command(f"AT{fax}?") == await bench.command(f"AT{plain}")


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (UMTS, ("#SMSMODE", "#COPSMODE", "#OSC32KHZ", "+FMI", "+FMM", "+FMR", "+FPR", "+FDD")),
        (GE910, ("#COPSMODE", "#OSC32KHZ")),
        (GL865, ("#COPSMODE", "#OSC32KHZ")),
    ],
)
async def test_a_line_lacks_what_its_guide_lacks(model: str, names: tuple[str, ...]) -> None:
    """As a host that asks finds out."""
    async with Bench(model) as bench:
        for name in names:
            assert ERROR == await bench.command(f"AT{name}?")


@EVERY_LINE
async def test_the_list_of_commands_is_that_of_the_firmware(firmware: str) -> None:
    """A name a line, without more."""
    async with Bench(firmware) as bench:
        names = (await bench.command("AT+CLAC")).split()
        assert OK == await bench.command("AT+CLAC=?")

    assert {"+CGMI", "+CLAC", "#SSLD", "&K"} <= set(names)
    assert ("#SSLFASTD" in names) == (firmware != UMTS)
    assert names[-1] == "OK"


async def test_no_call_has_ended() -> None:
    """And there is no cause of it."""
    async with Bench(GSM) as bench:
        assert information("#CEER: 0") == await bench.command("AT#CEER")


@EVERY_LINE
async def test_the_link_of_data_calls_is_configured(firmware: str) -> None:
    """As hosts do, in quotes; no address is none of its own."""
    async with Bench(firmware) as bench:
        values = '#GPPPCFG: "000.000.000.000"-"255.255.255.255",(10-600),(0-2)'
        assert information(values) == await bench.command("AT#GPPPCFG=?")
        assert information('#GPPPCFG: "000.000.000.000",25,0') == await bench.command("AT#GPPPCFG?")
        await succeed(bench, 'AT#GPPPCFG="10.1.2.30",100,2', "AT#GPPPCFG=", "AT&W", "AT&P0")
        await refused(bench, 'AT#GPPPCFG="10.1.2"', 'AT#GPPPCFG="",9', 'AT#GPPPCFG="",25,3')
        await restart(bench)
        assert information('#GPPPCFG: "010.001.002.030",100,2') == await bench.command("AT#GPPPCFG?")
        await succeed(bench, 'AT#GPPPCFG="0.0.0.0",25,1')
        assert information('#GPPPCFG: "000.000.000.000",25,1') == await bench.command("AT#GPPPCFG?")


@EVERY_LINE
async def test_the_time_of_the_network_sets_the_clock_where_the_host_wants_it(firmware: str) -> None:
    """At once, and at each registration; +CTZU=1 is #NITZ=1 by another name."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#NITZ=0", 'AT+CCLK="02/11/07,12:26:47+04"')
        assert '"02/11/07' in await bench.command("AT+CCLK?")
        await succeed(bench, "AT+CTZU=1")
        assert '"02/11/07' not in await bench.command("AT+CCLK?")

        await succeed(bench, 'AT+CCLK="02/11/07,12:26:47+04"', "AT+COPS=2", "AT+COPS=0")
        await bench.advance(60)
        assert '"02/11/07' not in await bench.command("AT+CCLK?")

        await succeed(bench, 'AT+CCLK="02/11/07,12:26:47+04"', "AT&W", "AT&P0")
        await restart(bench)
        assert '"02/11/07' not in await bench.command("AT+CCLK?")

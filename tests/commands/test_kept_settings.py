"""Settings that are kept without effect: their values, their answers, and how long they last.

The values are those of the AT Commands Reference Guide, 27.007 and V.250, as the profiles of all lines have them.
"""

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910, GL865, GSM_LINES, LINES, refused
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
    ("#ACALEXT", "(0-2),(0-250)", "0,0", "2,7", "3", PROFILE),
    ("+CCUG", "(0,1),(0-10),(0-3)", "0,0,0", "1,10,2", "2", POWER),
    ("#SMOV", "(0,1)", "0", "1", "2", PROFILE),
    ("#ENHSIM", "(0-2)", "0", "1", "3", NVM),
    ("#DAC", "(0,1),(0-1023)", "0,0", "1,512", "1", POWER),
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
    *((model, "#JDR", "(0-5),(0-127),(0-254)", "0,70,5", "2,60,7", "6", PROFILE) for model in GSM_LINES),
    *((model, "#PSEL", "(0-3)", "0", "2", "4", NVM) for model in (GSM, GL865)),
    (GSM, "#SGPO", "(0,1)", "0", "1", "2", POWER),
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
        (UMTS, ("+MS", "#AXE", "#PRST", "#PSAV", "#PSEL", "#PSET", "#SGPO", "#GGPI", "#QTEMP", "#JDR", "#CSURVP")),
        (GE910, ("#COPSMODE", "#OSC32KHZ", "#AXE", "#PRST", "#PSAV", "#PSEL", "#PSET", "#SGPO", "#GGPI", "#CSURVP")),
        (GL865, ("#COPSMODE", "#OSC32KHZ", "#SGPO", "#GGPI", "#CSURVP", "#CSURVPC")),
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


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_the_modulation_of_data_calls_is_kept(firmware: str) -> None:
    """The names of modulations stand without quotes."""
    async with Bench(firmware) as bench:
        values = "(V21,V22,V22B,V23C,V32,V34),(0,1),(0,300-14400),(0,300-14400)"
        assert information(f"+MS: {values}") == await bench.command("AT+MS=?")
        await succeed(bench, "AT+MS=V32,1,300,9600", "AT+MS=", "AT&W", "AT&P0")
        await refused(bench, "AT+MS=V90", "AT+MS=V32,1,200")
        await restart(bench)
        assert information("+MS: V32,1,300,9600") == await bench.command("AT+MS?")


@EVERY_LINE
async def test_volumes_are_set_by_a_sum_of_classes(firmware: str) -> None:
    """Those that are not in it keep theirs."""
    async with Bench(firmware) as bench:
        assert information("#TSVOL: (1-255),(0,1),(0-10)") == await bench.command("AT#TSVOL=?")
        await succeed(bench, "AT#TSVOL=84,1,5", "AT#TSVOL=128,1,3")
        await refused(bench, "AT#TSVOL=1,1", "AT#TSVOL=1,0,5", "AT#TSVOL=256,0", "AT#TSVOL=1,1,11")
        classes = ("1,0", "2,0", "4,1,5", "8,0", "16,1,5", "32,0", "64,1,5")
        assert information(*(f"#TSVOL: {one}" for one in classes)) == await bench.command("AT#TSVOL?")
        await succeed(bench, "AT#TSVOL=255,0")
        assert information(*(f"#TSVOL: {one},0" for one in (1, 2, 4, 8, 16, 32, 64))) == await bench.command(
            "AT#TSVOL?"
        )


@EVERY_LINE
async def test_the_ringer_plays_for_as_long_as_it_was_told(firmware: str) -> None:
    """By the module's clock; the sound is kept at once."""
    async with Bench(firmware) as bench:
        assert information("#SRS: (0-33),(0-60)") == await bench.command("AT#SRS=?")
        await succeed(bench, "AT#SRS=7,10")
        assert information("#SRS: 7,1") == await bench.command("AT#SRS=")
        await bench.advance(9)
        assert information("#SRS: 7,1") == await bench.command("AT#SRS?")
        await bench.advance(1)
        assert information("#SRS: 7,0") == await bench.command("AT#SRS?")

        await succeed(bench, "AT#SRS=0,10", "AT#SRS=3,0")
        await refused(bench, "AT#SRS=34,0", "AT#SRS=1,61")
        await restart(bench)
        assert information("#SRS: 3,0") == await bench.command("AT#SRS?")
        await succeed(bench, "AT#SRS=0,0")
        assert information("#SRS: 1,0") == await bench.command("AT#SRS?")


@EVERY_LINE
async def test_a_tone_is_named_by_one_character(firmware: str) -> None:
    """The vendor's list of them is what =? shows."""
    async with Bench(firmware) as bench:
        assert information("#TONE: (0-9,#,*,A-D,G-L,Y,Z),(1-300)") == await bench.command("AT#TONE=?")
        await succeed(bench, "AT#TONE=1", "AT#TONE=Z,300", "AT#TONE=#,1", "AT#TONE=*")
        await refused(bench, "AT#TONE=E", "AT#TONE=1,301", "AT#TONE=12")


@pytest.mark.parametrize("firmware", [GSM, GL865])
async def test_gains_of_sound_are_kept_in_profiles(firmware: str) -> None:
    """#PSET counts until power-off, unless #PSAV keeps it; #PRST forgets it all."""
    async with Bench(firmware) as bench:
        zeros = ",".join("0" * 15)
        await succeed(bench, "AT#PSET=5,,7", "AT#PSAV=2", "AT#PSET=9")
        assert information(f"#PSET: 9,0,7,{zeros[:-2]}") == await bench.command("AT#PSET?")
        await refused(bench, "AT#PSAV=0", "AT#PSAV=4")
        await restart(bench)
        assert information(f"#PSET: 0,0,{zeros}") == await bench.command("AT#PSET?")
        await succeed(bench, "AT#PSEL=2")
        await restart(bench)
        assert information(f"#PSET: 5,0,7,{zeros[:-2]}") == await bench.command("AT#PSET?")
        await succeed(bench, "AT#PRST")
        assert information("#PSEL: 0") == await bench.command("AT#PSEL?")
        await succeed(bench, "AT#PSEL=2")
        assert information(f"#PSET: 0,0,{zeros}") == await bench.command("AT#PSET?")


@EVERY_LINE
async def test_the_context_of_circuit_switched_data_is_kept(firmware: str) -> None:
    """Undefined it shows nothing."""
    async with Bench(firmware) as bench:
        assert information('#GSMCONT: (0),"IP"') == await bench.command("AT#GSMCONT=?")
        await succeed(bench, "AT#GSMCONT?", 'AT#GSMCONT=0,"IP","+39331234567"')
        await refused(bench, 'AT#GSMCONT=1,"IP","123"', 'AT#GSMCONT=0,"PPP","123"')
        await restart(bench)
        assert information('#GSMCONT: 0,"IP","+39331234567"') == await bench.command("AT#GSMCONT?")
        await succeed(bench, "AT#GSMCONT=0", "AT#GSMCONT?")


@EVERY_LINE
async def test_the_count_of_rings_cannot_be_set(firmware: str) -> None:
    """And =? is none of its forms."""
    async with Bench(firmware) as bench:
        await succeed(bench, "ATS1")
        assert information("000") == await bench.command("ATS1?")
        await refused(bench, "ATS1=3", "ATS1=?")


@EVERY_LINE
async def test_the_card_has_no_toolkit(firmware: str) -> None:
    """It may be switched on, which is kept; there is no menu, and nothing waits for a response."""
    async with Bench(firmware) as bench:
        assert information("#STIA: (0-3,17-19,33-35),(1,2)") == await bench.command("AT#STIA=?")
        await succeed(bench, "AT#STIA=2,1", "AT#STIA=")
        await refused(bench, "AT#STIA=4", "AT#STIA=1,3")
        await restart(bench)
        assert (await bench.command("AT#STIA?")).startswith('\r\n#STIA: 0,2,1,"')
        assert information("#STGI: (0-255)") == await bench.command("AT#STGI=?")
        assert ERROR == await bench.command("AT#STGI=37")
        await succeed(bench, "AT#STSR=37,0", "AT#STSR")


@EVERY_LINE
async def test_another_devices_card_never_comes(firmware: str) -> None:
    """It may be asked for."""
    async with Bench(firmware) as bench:
        assert information("#RSEN: (0,1),(0),(0),(1-3),(0-100)") == await bench.command("AT#RSEN=?")
        await succeed(bench, "AT#RSEN=1,0,0,2,50", "AT#RSEN=0")
        assert information("#RSEN: 0") == await bench.command("AT#RSEN?")


@EVERY_LINE
async def test_both_parts_of_a_user_profile_are_loaded_by_the_extended_reset(firmware: str) -> None:
    """As by ATZ."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=2", "ATS7=9", "AT&W1", "AT+CMEE=0", "ATS7=60", "AT#Z=1", "AT#Z=?")
        assert information("+CMEE: 2") == await bench.command("AT+CMEE?")
        assert information("009") == await bench.command("ATS7?")
        await refused(bench, "AT#Z=2")


@EVERY_LINE
async def test_messages_that_wait_are_none(firmware: str) -> None:
    """A start says so, where the host wants reports of them."""
    async with Bench(firmware) as bench:
        assert information("#MWI: (0,1)") == await bench.command("AT#MWI=?")
        await succeed(bench, "AT#MWI=1", "AT&W", "AT&P0", "AT#REBOOT")
        await bench.advance(60)
        assert "\r\n#MWI: 0\r\n" == bench.read()
        assert (await bench.command("AT#MWI?")).endswith(information("#MWI: 1,0"))

"""#CSURV, #CSURVC, #CSURVU, #CSURVB and their formats (AT Commands Reference Guide)."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GSM_LINES, refused
from tests.commands.ssl_bench import GSM, OK, UMTS, cme, information, succeed

PACKET = (
    "pbcch: 0 nom: 2 rac: 1 spgc: 0 pat: 6 nco: 0 t3168: 5 t3192: 0 drxmax: 2 ctrlAck: 1 bsCVmax: 10 alpha: 0"
    " pcMeasCh: 0"
)
SERVING = (
    "arfcn: 979 bsic: 56 rxLev: -73 ber: 0.00 mcc: 222 mnc: 01 lac: 22010 cellId: 4843 cellStatus: CELL_SUITABLE"
    f" numArfcn: 1 arfcn: 979 numChannels: 2 array: 756 1001 {PACKET}"
)
FIRST = (
    "arfcn: 756 bsic: 57 rxLev: -94 ber: 0.00 mcc: 222 mnc: 01 lac: 22010 cellId: 7543 cellStatus: CELL_SUITABLE"
    " numArfcn: 1 arfcn: 756"
)
SECOND = (
    "arfcn: 1001 bsic: 61 rxLev: -99 ber: 0.00 mcc: 222 mnc: 01 lac: 22010 cellId: 4844 cellStatus: CELL_SUITABLE"
    " numArfcn: 1 arfcn: 1001"
)
UTRAN = (
    "uarfcn: 10638 rxLev: -73 mcc: 222 mnc: 01 scr code: 49 cellId: 86844296 lac: 61325 cellStatus: CELL_SUITABLE"
    " rscp: -76 ecio: -2.5"
)


def survey(*carriers: str, end: str = "Network survey ended") -> str:
    """The whole answer, with three line ends behind each carrier."""
    lines = ["Network survey started ...", ""]
    for carrier in carriers:
        lines += [carrier, "", ""]
    return information(*lines, end)


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_gsm_cells_are_shown_in_words_and_in_numbers(firmware: str) -> None:
    async with Bench(firmware) as bench:
        assert survey(SERVING, FIRST, SECOND) == await bench.command("AT#CSURV")
        numbers = (
            "979,56,-73,0.00,222,01,22010,4843,0,1,979,2,756 1001,0,2,1,0,6,0,5,0,2,1,10,0,0",
            "756,57,-94,0.00,222,01,22010,7543,0,1,756",
            "1001,61,-99,0.00,222,01,22010,4844,0,1,1001",
        )
        assert survey(*numbers) == await bench.command("AT#CSURVC")


async def test_a_utran_cell_is_shown() -> None:
    async with Bench(UMTS) as bench:
        assert survey(UTRAN) == await bench.command("AT#CSURV")
        assert survey("10638,-73,222,01,49,86844296,61325,0,-76,-2.5") == await bench.command("AT#CSURVC")
        await succeed(bench, "AT#CSURVF=1")
        assert survey("10638,-73,222,01,49,052D2388,EF8D,0,-76,-2.5") == await bench.command("AT#CSURVC")
        assert survey("10638,-73,222,01,49,052D2388,EF8D,0,-76,-2.5", "1,-110") == await bench.command(
            "AT#CSURVUC=10638,1"
        )


async def test_the_format_is_hexadecimal_and_counts() -> None:
    """#CSURVF: 1 areas and cells in hexadecimal, colours in octal digits; 2 the same, and counts at the end."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT#CSURVF=1")
        assert survey("756,71,-94,0.00,222,01,55FA,1D77,0,1,756") == await bench.command("AT#CSURVC=700,800")
        await succeed(bench, "AT#CSURVF=2")
        end = "Network survey ended (Carrier: 101 BCCh: 1)"
        assert survey("756,71,-94,0.00,222,01,55FA,1D77,0,1,756", end=end) == await bench.command("AT#CSURVC=700,800")
        assert (await bench.command("AT#CSURV")).endswith("(Carrier: 1024 BCCh: 3)\r\n" + OK)


async def test_the_extended_survey_tells_all_of_every_cell() -> None:
    async with Bench(GSM) as bench:
        await succeed(bench, "AT#CSURVEXT=1")
        extended = f"{FIRST} numChannels: 2 array: 979 1001 {PACKET}"
        assert survey(extended) == await bench.command("AT#CSURVU=756")


async def test_empty_lines_can_be_left_out() -> None:
    async with Bench(GSM) as bench:
        await succeed(bench, "AT#CSURVNLF=1")
        lines = ("Network survey started ...", "", SERVING, FIRST, "Network survey ended")
        assert information(*lines) == await bench.command("AT#CSURVB=2")


async def test_channels_are_named_or_counted() -> None:
    async with Bench(GSM) as bench:
        empty = "arfcn: 1 rxLev: -110"
        assert survey(empty, FIRST) == await bench.command("AT#CSURVU=1,756")
        assert survey("1,-110") == await bench.command("AT#CSURVUC=1")
        assert survey(SERVING) == await bench.command("AT#CSURVB=1")
        assert (await bench.command("AT#CSURVBC=9")).count(",0.00,") == 3
        assert survey() == await bench.command("AT#CSURV=0,100")
        await succeed(bench, "AT#CSURVF=2")
        assert (await bench.command("AT#CSURVU=1,756")).endswith("(Carrier: 2 BCCh: 1)\r\n" + OK)


@EVERY_LINE
async def test_what_surveys_do_not_take_is_refused(firmware: str) -> None:
    async with Bench(firmware) as bench:
        for name in ("#CSURV", "#CSURVC", "#CSURVU", "#CSURVUC", "#CSURVB", "#CSURVBC"):
            await succeed(bench, f"AT{name}=?")
            await refused(bench, f"AT{name}?", f"AT{name}=20000,20001", f"AT{name}=x")
        await refused(bench, "AT#CSURV=5,4", "AT#CSURV=5", "AT#CSURVB=0", "AT#CSURVB", "AT#CSURVU")
        await refused(bench, "AT#CSURVU=1,2,3,4,5,6,7,8,9,10,11")
        for name, most in (("#CSURVF", 2), ("#CSURVNLF", 1), ("#CSURVEXT", 2)):
            shown = "(0,1)" if most == 1 else f"(0-{most})"
            assert information(f"{name}: {shown}") == await bench.command(f"AT{name}=?")
            assert information(f"{name}: 0") == await bench.command(f"AT{name}?")
            await succeed(bench, f"AT{name}={most}")
            assert information(f"{name}: {most}") == await bench.command(f"AT{name}?")
            await refused(bench, f"AT{name}={most + 1}")


async def test_where_nothing_is_heard_the_survey_is_aborted() -> None:
    """A module that is not registered hears the cells all the same."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1", "AT+COPS=2")
        assert survey(SERVING, FIRST, SECOND) == await bench.command("AT#CSURV")
        await succeed(bench, "AT+COPS=0")
        bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        assert cme(660) == await bench.command("AT#CSURV")
        await succeed(bench, "AT+CMEE=2")
        bench.send("AT#CSURVC\r")
        await bench.advance(0)
        assert "\r\n+CME ERROR: Network survey error (Aborted)\r\n" == bench.read()
        await succeed(bench, "AT+CMEE=1", "AT+CFUN=4")
        assert cme(3) == await bench.command("AT#CSURV")


async def test_a_survey_takes_its_time_where_it_is_asked_for() -> None:
    async with Bench(GSM, settings=["network.survey.duration=10"]) as bench:
        bench.send("AT#CSURVU=1\r")
        await bench.advance(9)
        assert "" == bench.read()
        await bench.advance(1)
        assert survey("arfcn: 1 rxLev: -110") == bench.read()

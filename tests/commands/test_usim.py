"""A card with a USIM: its files, its instructions, both PINs, and which application a module uses."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import GSM_LINES, refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, cme, information, succeed
from tests.commands.test_card_files import answer, transmit
from tests.commands.test_kept_settings import restart

USIM = 'sim.applications=["GSM","USIM"]'
TEMPLATES = {
    12258: "62178202412183022FE28A01058B032F06048002000A880110",
    28423: "62178202412183026F078A01058B036F060580020009880138",
    28589: "62178202412183026FAD8A01058B036F060480020004880118",
    28480: "621782054221001C0283026F408A01058B036F060380020038",
}


async def test_hosts_read_the_files_of_a_usim() -> None:
    """Templates in the place of headers; EF_ECC has records, and PHASE is not there."""
    async with Bench(UMTS, settings=[USIM]) as bench:
        for file, template in TEMPLATES.items():
            assert information(f"+CRSM: 144,0,{template}") == await bench.command(f"AT+CRSM=192,{file}")
        for line, shown in (
            ("176,12258,0,0,10", "144,0,989310000000000000F9"),
            ("176,28423,0,0,9", "144,0,082922100000000010"),
            ("176,28589,0,0,4", "144,0,00000002"),
            ("176,28599,0,0,15", "105,129"),
            ("178,28599,1,4,14", f"144,0,11F2FF{'FF' * 10}00"),
            ("178,28599,9,4,14", "106,131"),
            ("176,28590,0,0,1", "106,130"),
            ("192,28590", "106,130"),
            ("176,28589,0,0,5", "108,4"),
            ("214,12258,0,0,1,FF", "105,130"),
            ("176,28421,0,0,0", "144,0,656EFFFF"),
            ("178,12032,1,4,32", f"144,0,61124F10A0000000871002FFFFFFFF8903020000{'FF' * 12}"),
        ):
            assert information(f"+CRSM: {shown}") == await bench.command(f"AT+CRSM={line}"), line
        assert information("+CRSM: 144,0,00000002") == await bench.command('AT+CRSM=176,28589,0,0,4,,"7FFF"')
        assert information("+CRSM: 106,130") == await bench.command('AT+CRSM=176,28589,0,0,4,,"7F10"')
        assert information("#SPN: TIM") == await bench.command("AT#SPN")
        await succeed(bench, "AT+CPOL=1,2,20801,1,0,0")
        assert information("+CRSM: 144,0,02F8100080") == await bench.command("AT+CRSM=176,28512,0,0,5")


async def test_instructions_have_the_class_of_a_usim() -> None:
    """Select by identifier, application and path; get response; read, also by short identifier."""
    async with Bench(UMTS, settings=[USIM]) as bench:
        for command, expected in (
            ("A0A40000023F00", "6E00"),
            ("00A4000C023F00", "9000"),
            ("00B000000A", "6986"),
            ("00A40004022FE2", "6119"),
            ("00C0000019", TEMPLATES[12258] + "9000"),
            ("00B000000A", "989310000000000000F99000"),
            ("00B0000000", "6C0A"),
            ("00B0820003", "9893109000"),
            ("00A4000C026F07", "6A82"),
            ("00A4040C07A0000000871002", "9000"),
            ("00A4040C07A0000000871004", "6A82"),
            ("00A4000C026F07", "9000"),
            ("00B0000009", "0829221000000000109000"),
            ("00B0870009", "0829221000000000109000"),
            ("00A4080C047FFF6FAD", "9000"),
            ("00B0000004", "000000029000"),
            ("00A4080C047FFE6FAD", "6A82"),
            ("00A4080C017F", "6A82"),
            ("00A4030C00", "6A86"),
            ("00A4080C047FFF6FB7", "9000"),
            ("00B0000001", "6981"),
            ("00B202040E", f"19F1FF{'FF' * 10}009000"),
            ("00B203040E", "6A83"),
            ("00B2010C0E", f"11F2FF{'FF' * 10}009000"),
            ("00B201050E", "6A86"),
            ("80F2000C00", "9000"),
            ("80F20000FF", "6C2F"),
            ("0088000010" + "00" * 16, "6D00"),
            ("00A4000C037FFF00", "6A82"),
        ):
            assert answer(expected) == await transmit(bench, command), command


async def test_tries_are_asked_for_and_counted() -> None:
    """An empty VERIFY; #PCT and +CPIN agree with what is tried."""
    async with Bench(UMTS, settings=[USIM, "sim.pin=1234"]) as bench:
        for command, expected in (
            ("0020000100", "63C3"),
            ("002C000100", "63CA"),
            ("0020008100", "63C3"),
            ("002C008100", "63CA"),
            ("0020000200", "6A88"),
            ("002000010830303030FFFFFFFF", "63C2"),
            ("0020000104303030", "6700"),
            ("0026000208" + "FF" * 8, "6A88"),
        ):
            assert answer(expected) == await transmit(bench, command), command
        assert information("#PCT: 2") == await bench.command("AT#PCT")
        assert answer("9000") == await transmit(bench, "002000010831323334FFFFFFFF")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        assert answer("6984") == await transmit(bench, "002800010831323334FFFFFFFF")
        for expected in ("63C2", "63C1", "6983", "6983"):
            assert answer(expected) == await transmit(bench, "002000010830303030FFFFFFFF")
        assert information("+CPIN: SIM PUK") == await bench.command("AT+CPIN?")
        assert answer("6983") == await transmit(bench, "0020000100")
        assert answer("6A80") == await transmit(bench, "002C0001103132333435363738" + "FF" * 8)
        assert answer("9000") == await transmit(bench, "002C00011031323334353637383433" + "3231FFFFFFFF")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")


@pytest.mark.parametrize(
    ("settings", "verify", "wrong", "unblock"),
    [
        ([], "A020000208{}", ("9804", "9804", "9840"), "A02C000210{}"),
        ([USIM], "0020008108{}", ("63C2", "63C1", "6983"), "002C008110{}"),
    ],
)
async def test_the_second_pin_opens_fixed_dialling_numbers(
    settings: list[str], verify: str, wrong: tuple[str, ...], unblock: str
) -> None:
    """Until power-off; three wrong ones block it, and its PUK gives another one, which stays."""
    pin, no_pin, new = "35363738FFFFFFFF", "30303030FFFFFFFF", "31313131FFFFFFFF"
    async with Bench(UMTS, settings=settings) as bench:
        await refused(bench, 'AT+CPBS="FD"', code=17)
        assert information(f"+CRSM: {'105,130' if settings else '152,4'}") == await bench.command(
            f"AT+CRSM=220,28475,1,4,28,{'FF' * 28}"
        )
        assert answer("9000") == await transmit(bench, verify.format(pin))
        await succeed(bench, 'AT+CPBS="FD"', 'AT+CPBW=1,"12345",129,"Ann"')
        record = "416E6E" + "FF" * 11 + "0481" + "2143F5" + "FF" * 9
        assert information(f"+CRSM: 144,0,{record}") == await bench.command("AT+CRSM=178,28475,1,4,28")
        await restart(bench)
        await refused(bench, 'AT+CPBS="FD"', code=17)
        for word in wrong:
            assert answer(word) == await transmit(bench, verify.format(no_pin))
        assert answer(wrong[-1]) == await transmit(bench, verify.format(pin))
        assert information("#PCT: 3") == await bench.command("AT#PCT")
        assert answer("9000") == await transmit(bench, unblock.format("3837363534333231" + new))
        await succeed(bench, 'AT+CPBS="FD"')
        await restart(bench)
        assert answer("9000") == await transmit(bench, verify.format(new))


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_the_gsm_lines_choose_the_application_at_a_start(firmware: str) -> None:
    """#ENAUSIM, which NVM keeps; 12.00 has no such command, and a card without a USIM leaves no choice."""
    async with Bench(firmware, settings=[USIM]) as bench:
        assert information("#ENAUSIM: 0") == await bench.command("AT#ENAUSIM?")
        assert answer("6E00") == await transmit(bench, "00A4000C023F00")
        await succeed(bench, "AT#ENAUSIM=1")
        assert answer("9F16") == await transmit(bench, "A0A40000023F00")
        await restart(bench)
        assert answer("9000") == await transmit(bench, "00A4000C023F00")
        await succeed(bench, "AT+CPOL=1,2,20801", "AT+CNUM")
        assert information('+CPOL: 1,2,"20801"') == await bench.command("AT+CPOL?")


async def test_12_00_has_no_choice() -> None:
    """It takes the USIM where there is one."""
    async with Bench(UMTS) as bench:
        assert ERROR == await bench.command("AT#ENAUSIM?")
        assert answer("9F16") == await transmit(bench, "A0A40000023F00")
    async with Bench(GSM, settings=['sim.applications=["USIM"]']) as bench:
        assert answer("9000") == await transmit(bench, "00A4000C023F00")
        assert OK == await bench.command("AT+CSIM=?")
        assert cme(4) == (await bench.command("AT+CMEE=1;+CSIM=8,00A4000C")).replace(OK, "")

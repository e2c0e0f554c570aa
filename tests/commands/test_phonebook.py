"""+CPBS, +CPBR, +CPBF, +CPBW, +CNUM: the numbers on the card."""

from pathlib import Path

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import GSM, OK, cme, information, succeed


@EVERY_LINE
async def test_numbers_are_written_read_found_and_deleted(firmware: str) -> None:
    """By index, at the first free one, with and without a type."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CPBW=3,"0404192701",129,"Tom"', 'AT+CPBW=,"+39040111",,"tim"')
        tim, tom = '1,"+39040111",145,"tim"', '3,"0404192701",129,"Tom"'
        assert information(f"+CPBR: {tim}", f"+CPBR: {tom}") == await bench.command("AT+CPBR=1,100")
        assert information(f"+CPBR: {tom}") == await bench.command("AT+CPBR=3")
        assert OK == await bench.command("AT+CPBR=2")
        assert information(f"+CPBF: {tim}", f"+CPBF: {tom}") == await bench.command('AT+CPBF="T"')
        assert information(f"+CPBF: {tom}") == await bench.command('AT+CPBF="to"')
        assert cme(22) == await bench.command('AT+CPBF="Zoe"')
        assert information('+CPBS: "SM",2,100') == await bench.command("AT+CPBS?")
        await succeed(bench, "AT+CPBW=3", "AT+CPBW=3")
        assert information(f"+CPBR: {tim}") == await bench.command("AT+CPBR=1,100")


@EVERY_LINE
async def test_the_phonebook_says_what_it_takes_and_refuses_the_rest(firmware: str) -> None:
    """Storages, indices, lengths."""
    async with Bench(firmware) as bench:
        for line, answer in (
            ("AT+CPBS=?", '+CPBS: ("SM","FD","LD","MC","RC")'),
            ("AT+CPBR=?", "+CPBR: (1-100),21,14"),
            ("AT+CPBF=?", "+CPBF: 21,14"),
            ("AT+CPBW=?", "+CPBW: (1-100),21,(129,145),14"),
        ):
            assert information(answer) == await bench.command(line)
        await refused(bench, 'AT+CPBS="ME"', "AT+CPBR", "AT+CPBR=x", "AT+CPBW=", "AT+CPBF", 'AT+CPBW=1,"1",144')
        await refused(bench, "AT+CPBR=0", "AT+CPBR=1,101", 'AT+CPBW=101,"1"', code=21)
        await succeed(bench, 'AT+CPBS="LD"')
        await refused(bench, 'AT+CPBW=1,"1"', code=3)
        assert information('+CPBS: "LD",0,10') == await bench.command("AT+CPBS?")
        await refused(bench, 'AT+CPBS="FD"', code=17)
        assert information('+CPBS: "LD",0,10') == await bench.command("AT+CPBS?")


async def test_a_full_storage_takes_no_more() -> None:
    """Its size is the card's."""
    settings = ['sim.phonebook.storages=[{name="SM",size=2,writable=true}]']
    async with Bench(GSM, settings=settings) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CPBW=,"1"', 'AT+CPBW=,"2"')
        assert cme(20) == await bench.command('AT+CPBW=,"3"')


async def test_the_card_keeps_its_numbers_between_runs(tmp_path: Path) -> None:
    """In the folder of --state; another card has none of them."""
    async with Bench(GSM, state=tmp_path) as bench:
        await succeed(bench, 'AT+CPBW=7,"112"')
    async with Bench(GSM, state=tmp_path) as bench:
        assert information('+CPBR: 7,"112",129,""') == await bench.command("AT+CPBR=1,100")
    async with Bench(GSM, settings=["identity.iccid=8939010000000000017"], state=tmp_path) as bench:
        assert OK == await bench.command("AT+CPBR=1,100")


@EVERY_LINE
async def test_the_cards_own_numbers_come_from_the_profile(firmware: str) -> None:
    """A new card has none."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CNUM", "AT+CNUM=?")
        await refused(bench, "AT+CNUM?", "AT+CNUM=1")
    numbers = 'sim.numbers=[{name="me",number="+39040111"},{number="0404"}]'
    async with Bench(firmware, settings=[numbers]) as bench:
        lines = ('+CNUM: "me","+39040111",145', '+CNUM: "","0404",129')
        assert information(*lines) == await bench.command("AT+CNUM")

"""+CSCS: the texts that follow it, in both directions. 27.007 5.5 and 7.1, 7.15, 8.12 to 8.14."""

import pytest

from emulator.device.sim.alpha import octets_needed
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE
from tests.commands.ssl_bench import GSM, OK, at_once, cme, information, succeed

ENCODED = {
    "GSM": "Zo{ }",
    "HEX": "5A6F7B207D",
    "8859-1": "Zoä ñ",
    "PCCP437": "Zo\x84 \xa4",
    "PCDN": "Zo\x84 \xa4",
    "UCS2": "005A006F00E4002000F1",
    "UTF-8": "Zo\xc3\xa4 \xc3\xb1",
}
"""`Zoä ñ` as the host writes it: a byte in each character."""
ALPHABETS = f"sms.alphabets=['IRA',{','.join(map(repr, ENCODED))}]"


@pytest.mark.parametrize(("name", "encoded"), ENCODED.items())
async def test_names_in_the_phonebook_are_in_the_set_of_the_host(name: str, encoded: str) -> None:
    """They are written, read and found in it; numbers never are."""
    async with Bench(GSM, settings=[ALPHABETS, "settings.'+CSCS'={range=[0,7],default=0,part='extended'}"]) as bench:
        await succeed(bench, f'AT+CSCS="{name}"', f'AT+CPBW=1,"+391234",145,"{encoded}"')
        entry = f'1,"+391234",145,"{encoded}"'
        assert information(f"+CPBR: {entry}") == await bench.command("AT+CPBR=1")
        assert information(f"+CPBF: {entry}") == await bench.command(f'AT+CPBF="{encoded}"')
        await succeed(bench, 'AT+CSCS="IRA"')
        assert information('+CPBR: 1,"+391234",145,"Zo? ?"') == await bench.command("AT+CPBR=1")


@EVERY_LINE
async def test_the_network_texts_are_in_the_set_of_the_host(firmware: str) -> None:
    """Codes and their answers, names of operators, names of the card's own numbers."""
    settings = ['network.services.ussd=[{code="*100#",answer="5 €"}]', 'sim.numbers=[{name="me",number="+39040111"}]']
    async with Bench(firmware, settings=settings) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CSCS="UCS2"')
        answer = f'{OK}\r\n+CUSD: 0,"0035002020AC",15\r\n'
        assert answer == at_once(bench, 'AT+CUSD=1,"002A0031003000300023",15')
        assert cme(25) == await bench.command('AT+CUSD=1,"*100#",15')
        assert information('+CNUM: "006D0065","+39040111",145') == await bench.command("AT+CNUM")
        assert '+COPS: 0,0,"0049002000540049004D"' in await bench.command("AT+COPS?")
        assert '(2,"0049002000540049004D",,"22201"' in await bench.command("AT+COPS=?")
        await succeed(bench, 'AT+COPS=1,0,"0049002000540049004D"', 'AT+COPS=1,2,"22201"')
        assert '+COPS: 1,2,"22201"' in await bench.command("AT+COPS?")


@EVERY_LINE
async def test_service_codes_are_written_as_their_coding_scheme_says(firmware: str) -> None:
    """Digits of UCS2 or of octets, whatever the set of the host; the network answers in UCS2 what needs it."""
    ussd = 'network.services.ussd=[{code="*100#",answer="5 €"},{code="*1#",answer="Жук"}]'
    async with Bench(firmware, settings=[ussd]) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CSCS="GSM"')
        answer = f'{OK}\r\n+CUSD: 0,"5 \x1be",15\r\n'
        assert answer == at_once(bench, 'AT+CUSD=1,"*100#",15')
        assert answer == at_once(bench, 'AT+CUSD=1,"002A0031003000300023",72')
        assert answer == at_once(bench, 'AT+CUSD=1,"2A31303023",68')
        assert f'{OK}\r\n+CUSD: 0,"04160443043A",72\r\n' == at_once(bench, 'AT+CUSD=1,"*1#"')
        assert cme(25) == await bench.command('AT+CUSD=1,"*100#",72')
        assert cme(24) == await bench.command(f'AT+CUSD=1,"{"1" * 183}"')


async def test_names_of_operators_can_be_left_as_they_are() -> None:
    """As the modules of some makers leave them."""
    async with Bench(GSM, settings=["network.encoded_names=false"]) as bench:
        await succeed(bench, 'AT+CSCS="UCS2"', 'AT+COPS=1,0,"I TIM"')
        assert '+COPS: 1,0,"I TIM"' in await bench.command("AT+COPS?")


@EVERY_LINE
async def test_a_text_that_is_wrong_has_its_own_cause(firmware: str) -> None:
    """Of 27.007 9.2.1: too long, or of other characters; names and numbers apart."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1")
        for line, code in (
            ('AT+CPBW=1,"1",129,"fifteen letters"', 24),
            ('AT+CPBW=1,"1",129,"é"', 25),
            ('AT+CPBW=1,"1",129,"\x81"', 25),
            (f'AT+CPBW=1,"{"1" * 22}"', 26),
            ('AT+CPBW=1,"12a"', 27),
        ):
            assert cme(code) == await bench.command(line), line
        await succeed(bench, 'AT+CSCS="UCS2"')
        for line, code in (
            (f'AT+CPBW=1,"1",129,"{"0041" * 15}"', 24),
            (f'AT+CPBW=1,"1",129,"{"0416" * 12}"', 24),
            ('AT+CPBW=1,"1",129,"Zoe"', 25),
            ('AT+CPBW=1,"1",129,"00410"', 25),
            ('AT+CPBF="D800"', 25),
        ):
            assert cme(code) == await bench.command(line), line
        await succeed(bench, f'AT+CPBW=1,"1",129,"{"0041" * 14}"', f'AT+CPBW=2,"1",129,"{"0416" * 11}"')


@pytest.mark.parametrize(
    ("text", "octets"),
    [("", 0), ("Zoé", 3), ("€", 2), ("ë", 3), ("Zoë", 6), ("Жукова", 9), ("Ж", 3), ("Ж€", 5), ("Жё上", 7)],
)
def test_a_name_takes_as_many_octets_as_its_shortest_coding(text: str, octets: int) -> None:
    """51.011 annex B: the default alphabet, UCS2, or UCS2 of one half page with the default alphabet."""
    assert octets == octets_needed(text)


def test_a_profile_that_names_another_set_is_refused() -> None:
    """It would fail at the first text."""
    with pytest.raises(UserError, match="alphabets"):
        load_firmware(GSM, ["sms.alphabets=['8859-2']"])

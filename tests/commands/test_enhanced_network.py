"""Settings that change what others do: #ENS at the next start, and #SMSMODE."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GSM_LINES, refused
from tests.commands.ssl_bench import GSM, OK, UMTS, enter, information, succeed


async def restart(bench: Bench) -> str:
    """Restart; what the module says at its start."""
    await succeed(bench, "AT#REBOOT")
    await bench.advance(60)
    said = bench.read()
    await bench.command("ATE0")
    return said


@EVERY_LINE
async def test_enhanced_support_brings_its_settings_at_the_next_start(firmware: str) -> None:
    """Bands, names of operators, the toolkit; the start says whether the card lets the user choose an operator."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#ENS=1", "AT#BND=1")
        assert information("#AUTOBND: 0") == await bench.command("AT#AUTOBND?")

        assert "\r\n+PACSP1\r\n" == await restart(bench)
        assert information("#ENS: 1") == await bench.command("AT#ENS?")
        assert information("#AUTOBND: 2") == await bench.command("AT#AUTOBND?")
        assert information("#PLMNMODE: 1") == await bench.command("AT#PLMNMODE?")
        assert (await bench.command("AT#BND?")).startswith("\r\n#BND: 3")
        assert (await bench.command("AT#STIA?")).startswith("\r\n#STIA: 0,2,1,")
        await refused(bench, "AT#BND=1", "AT#BND=2")
        await succeed(bench, "AT#BND=0")

        assert "\r\n+PACSP1\r\n" == await restart(bench)
        assert (await bench.command("AT#BND?")).startswith("\r\n#BND: 0")
        await succeed(bench, "AT#ENS=0")
        assert "" == await restart(bench)
        await succeed(bench, "AT#BND=1")


async def test_enhanced_support_changes_the_multislot_class_of_12_00() -> None:
    """From 33 to 12."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT#ENS=1")
        await restart(bench)
        assert information("#MSCLASS: 12") == await bench.command("AT#MSCLASS?")


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_improved_messages_have_one_memory(firmware: str) -> None:
    """Without them <mem1> may be one for a message of class 0."""
    async with Bench(firmware) as bench:
        assert information('+CPMS: ("ME","SM"),("SM"),("SM")') == await bench.command("AT+CPMS=?")
        assert information("+CPMS: 0,1,0,20,0,20") == await bench.command('AT+CPMS="ME"')
        assert information('+CPMS: "ME",0,1,"SM",0,20,"SM",0,20') == await bench.command("AT+CPMS?")
        await refused(bench, 'AT+CPMS="SM","ME"')

        await succeed(bench, "AT#SMSMODE=1")
        assert information('+CPMS: ("SM"),("SM"),("SM")') == await bench.command("AT+CPMS=?")
        await refused(bench, 'AT+CPMS="ME"')


async def test_improved_messages_may_be_long() -> None:
    """A text is sent in parts; without them it is refused."""
    text = "x" * 200 + "\x1a"
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMGF=1")
        assert OK not in await enter(bench, 'AT+CMGS="+39331"', text)
        await succeed(bench, "AT#SMSMODE=1")
        assert OK in await enter(bench, 'AT+CMGS="+39331"', text)

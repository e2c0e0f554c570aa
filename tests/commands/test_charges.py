"""Charges of calls: the meter stands still, its maximum and the price of a unit are the card's."""

import pytest

from emulator.device.sim.charges import UnitPrice, coded_price, price_of
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import GSM, OK, cme, information, succeed


@EVERY_LINE
async def test_no_call_costs_anything(firmware: str) -> None:
    """The mode lasts until power-off."""
    async with Bench(firmware) as bench:
        assert information("+CAOC: (0-2)") == await bench.command("AT+CAOC=?")
        assert information('+CAOC: "000000"') == await bench.command("AT+CAOC=0")
        assert information('+CAOC: "000000"') == await bench.command("AT+CAOC")
        assert information("+CAOC: 1") == await bench.command("AT+CAOC?")
        await succeed(bench, "AT+CAOC=2")
        assert information("+CAOC: 2") == await bench.command("AT+CAOC?")
        await refused(bench, "AT+CAOC=3")


@EVERY_LINE
async def test_meter_maximum_and_price_are_kept_on_the_card(firmware: str) -> None:
    """With the PIN2: in the command, or given before."""
    async with Bench(firmware) as bench:
        for name in ("+CACM", "+CAMM", "+CPUC"):
            await succeed(bench, f"AT{name}=?")
        assert information('+CACM: "000000"') == await bench.command("AT+CACM?")
        assert information('+CAMM: "000000"') == await bench.command("AT+CAMM?")
        assert information('+CPUC: "",""') == await bench.command("AT+CPUC?")
        pin2 = bench.modem.device.profile.sim.pin2
        await refused(bench, "AT+CACM=", 'AT+CAMM="0"', 'AT+CPUC="EUR","1"', code=17)
        await refused(bench, 'AT+CAMM="0","87654321"', code=16)
        await succeed(bench, f'AT+CACM="{pin2}"', f'AT+CAMM="2F00a1","{pin2}"', 'AT+CPUC="EUR","0.25"')
        await refused(bench, 'AT+CAMM="1234567"', 'AT+CPUC="EUR","4.0961"', 'AT+CPUC="EUR","x"', "AT+CPUC=")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(60)
        await bench.command("ATE0")
        assert information('+CAMM: "2F00A1"') == await bench.command("AT+CAMM?")
        assert information('+CPUC: "EUR","0.25"') == await bench.command("AT+CPUC?")
        assert information("+CRSM: 144,0,2F00A1") == await bench.command("AT+CRSM=176,28471,0,0,3")


async def test_a_locked_card_tells_nothing() -> None:
    """It wants its PIN first."""
    async with Bench(GSM, settings=['sim.pin="1111"']) as bench:
        await succeed(bench, "AT+CMEE=1")
        for line in ("+CACM?", "+CAMM?", "+CPUC?", "#MBN", "+PACSP?"):
            assert cme(11) == await bench.command(f"AT{line}")


@pytest.mark.parametrize("price", ["0.25", "12.5", "1000", "4095000", "0.0001", "0"])
def test_a_price_comes_back(price: str) -> None:
    """As mantissa and exponent (51.011 10.3.25)."""
    assert UnitPrice("EUR", price) == price_of(coded_price(UnitPrice("EUR", price)))


@EVERY_LINE
async def test_mailboxes_are_those_of_the_profile(firmware: str) -> None:
    """None says nothing."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#MBN", "AT#MBN=?")
    own = 'sim.mailboxes=[{name="box",number="+393358"},{number="41"}]'
    async with Bench(firmware, settings=[own]) as bench:
        expected = information('#MBN: 1,"+393358",145,"box"', '#MBN: 2,"41",129')
        assert expected == await bench.command("AT#MBN")


@EVERY_LINE
async def test_the_card_may_let_the_user_choose_an_operator(firmware: str) -> None:
    """A name and a digit, without colon or blank."""
    async with Bench(firmware) as bench:
        assert information("+PACSP1") == await bench.command("AT+PACSP?")
    async with Bench(firmware, settings=["sim.operator_menu=false"]) as bench:
        assert information("+PACSP0") == await bench.command("AT+PACSP?")


async def test_a_memory_of_messages_that_is_full_is_reported() -> None:
    """When the last place is taken."""
    async with Bench(GSM, settings=['sms.storages=[{name="SM",size=2}]']) as bench:
        await succeed(bench, "AT#SMOV=1")
        bench.modem.receive_sms("+39331", "one")
        assert "" == bench.read()
        bench.modem.receive_sms("+39331", "two")
        assert '\r\n#SMOV: "SM"\r\n' == bench.read()
        assert OK == await bench.command("AT#SMOV=0")

"""+CLCK, +CPWD, #PCT, #SIMDET: the card's lock, its tries, and what outlasts power and runs."""

from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import GSM, OK, UMTS, at_once, cme, information, succeed


async def _restarted(bench: Bench) -> None:
    await succeed(bench, "AT#REBOOT")
    await bench.advance(6)
    await bench.command("ATE0")
    await succeed(bench, "AT+CMEE=1")


@EVERY_LINE
async def test_the_pin_is_asked_for_once_the_card_is_locked(firmware: str) -> None:
    """From the next start on, until it is unlocked again."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1")
        assert information("+CLCK: 0") == await bench.command('AT+CLCK="SC",2')
        assert cme(3) == await bench.command('AT+CLCK="SC",0,"1234"')
        await succeed(bench, 'AT+CLCK="SC",1,"1234"')
        assert information("+CLCK: 1") == await bench.command("AT+CLCK=sc,2")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        await _restarted(bench)
        assert information("+CPIN: SIM PIN") == await bench.command("AT+CPIN?")
        assert cme(11) == await bench.command('AT+CLCK="SC",2')
        await succeed(bench, "AT+CPIN=1234", 'AT+CLCK="SC",0,1234')
        await _restarted(bench)
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")


@EVERY_LINE
async def test_the_lock_says_what_it_knows_and_refuses_the_rest(firmware: str) -> None:
    """The facilities, the lengths of passwords, and what is missing or wrong."""
    async with Bench(firmware) as bench:
        facilities = ",".join(f'"{name}"' for name in bench.modem.device.profile.sim.facilities)
        assert information(f"+CLCK: ({facilities})") == await bench.command("AT+CLCK=?")
        assert information('+CPWD: ("SC",8)') == await bench.command("AT+CPWD=?")
        assert OK == await bench.command("AT#PCT=?")
        assert information("#PCT: 3") == await bench.command("AT#PCT")
        for facility in ("FD", "PN", "PU"):
            assert information("+CLCK: 0") == await bench.command(f'AT+CLCK="{facility}",2')
        await refused(bench, 'AT+CLCK="SC",1', 'AT+CLCK="XX",2', 'AT+CLCK="SC"', 'AT+CLCK="SC",3', "AT+CLCK?")
        await refused(bench, 'AT+CPWD="SC",1234', 'AT+CPWD="SC",123,1234', 'AT+CPWD="AB",1234,1234', "AT#PCT?")
        await refused(bench, 'AT+CLCK="FD",1,1234', code=17)
        await refused(bench, 'AT+CLCK="PN",1,1234', 'AT+CPWD="SC",1234,4321', code=3)


async def test_three_wrong_pins_block_a_card_that_was_unlocked() -> None:
    """It wants its PUK, and the network lets the module go (#QSS, +CREG)."""
    async with Bench(GSM, settings=["sim.pin=1234", "sim.puk=87654321"]) as bench:
        await succeed(bench, "AT+CMEE=1", "AT+CPIN=1234", "AT#QSS=1", "AT+CREG=1")
        for left in (2, 1):
            assert cme(16) == await bench.command('AT+CPWD="SC",0000,4321')
            assert information(f"#PCT: {left}") == await bench.command("AT#PCT")
        answer = at_once(bench, 'AT+CLCK="SC",0,0000')
        assert f"{cme(16)}\r\n+CREG: 0\r\n\r\n#QSS: 1\r\n" == answer
        assert information("#PCT: 10") == await bench.command("AT#PCT")
        assert cme(12) == await bench.command('AT+CLCK="SC",0,1234')
        assert cme(16) == await bench.command("AT+CPIN=00000000,4321")
        assert information("#PCT: 9") == await bench.command("AT#PCT")
        assert f"{OK}\r\n+CREG: 1\r\n" == at_once(bench, "AT+CPIN=87654321,4321")
        await succeed(bench, 'AT+CPWD="SC",4321,5555', 'AT+CLCK="SC",0,5555')


async def test_the_card_remembers_its_pin_and_tries_between_runs(tmp_path: Path) -> None:
    """As it lies in the folder of --state; a card that the profile describes otherwise is another one."""
    settings = ["sim.pin=1234"]
    async with Bench(GSM, settings=settings, state=tmp_path) as bench:
        await succeed(bench, "AT+CPIN=1234", 'AT+CPWD="SC",1234,5678')
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert "ERROR" in await bench.command("AT+CPIN=1234")
    async with Bench(GSM, settings=settings, state=tmp_path) as bench:
        assert information("#PCT: 2") == await bench.command("AT#PCT")
        await succeed(bench, "AT+CPIN=5678")
        assert information("#PCT: 3") == await bench.command("AT#PCT")
    async with Bench(GSM, settings=["sim.pin=9999"], state=tmp_path) as bench:
        await succeed(bench, "AT+CPIN=9999")
    async with Bench(GSM, state=tmp_path) as bench:
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")


async def test_without_a_card_nothing_is_locked() -> None:
    """Every command that needs one says so."""
    async with Bench(UMTS, settings=["sim.present=false"]) as bench:
        await succeed(bench, "AT+CMEE=1")
        for line in ('AT+CLCK="SC",2', 'AT+CPWD="SC",1234,4321', "AT#PCT", "AT+CPBS?", "AT+CNUM", "AT+CPBR=1"):
            assert cme(10) == await bench.command(line)


@EVERY_LINE
async def test_calls_are_barred_by_the_network_with_its_password(firmware: str) -> None:
    """One kind by class of call, several kinds only off."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1")
        none = ("+CLCK: 0,1", "+CLCK: 0,2", "+CLCK: 0,4")
        assert information(*none) == await bench.command('AT+CLCK="AO",2')
        assert cme(16) == await bench.command('AT+CLCK="AO",1,"9999"')
        await succeed(bench, 'AT+CLCK="AO",1,"0000",1', 'AT+CLCK="AI",1,"0000"')
        assert information("+CLCK: 1,1", *none[1:]) == await bench.command('AT+CLCK="AO",2')
        assert cme(3) == await bench.command('AT+CLCK="AG",1,"0000"')
        await succeed(bench, 'AT+CLCK="AG",0,"0000"')
        assert information(*none) == await bench.command('AT+CLCK="AO",2')
        assert information("+CLCK: 1,1") == await bench.command('AT+CLCK="AI",2,,1')
        await succeed(bench, "AT+CFUN=4")
        assert cme(30) == await bench.command('AT+CLCK="AO",2')


@EVERY_LINE
async def test_a_card_can_be_taken_for_removed(firmware: str) -> None:
    """#SIMDET=0, which NVM keeps; the slot is shown as it is (Software User Guide 2.10.5)."""
    async with Bench(firmware) as bench:
        assert information("#SIMDET: 2,1") == await bench.command("AT#SIMDET?")
        assert information("#SIMDET: (0-2)") == await bench.command("AT#SIMDET=?")
        await refused(bench, "AT#SIMDET=3", "AT#SIMDET")
        await succeed(bench, "AT#QSS=2")
        assert f"{OK}\r\n#QSS: 0\r\n" == at_once(bench, "AT#SIMDET=0")
        assert cme(10) == await bench.command("AT+CPIN?")
        await _restarted(bench)
        assert information("#SIMDET: 0,1") == await bench.command("AT#SIMDET?")
        assert cme(10) == await bench.command("AT+CIMI")
        await succeed(bench, "AT#QSS=2")
        assert f"{OK}\r\n#QSS: 1\r\n\r\n#QSS: 2\r\n\r\n#QSS: 3\r\n" == at_once(bench, "AT#SIMDET=1")
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")


@pytest.mark.parametrize("line", ['AT+CLCK="SC",1,"1234"', 'AT+CPWD="SC",1234,5678'])
async def test_a_trace_shows_no_password(line: str) -> None:
    """Neither the PIN nor the new one."""
    async with Bench(GSM) as bench:
        shown = bench.modem.instance.table.redacted(line.removeprefix("AT"))
        assert "1234" not in shown and "5678" not in shown and "SC" in shown


@EVERY_LINE
@pytest.mark.parametrize("line", ["AT+CLCK=OI,2", "AT+CCFC=0,2", "AT+CCWA=1,2", 'AT+CUSD=1,"*100#"'])
async def test_services_that_the_network_has_to_be_asked_for_are_unknown_without_it(firmware: str, line: str) -> None:
    """Software User Guide 3.4.4.2 prints 100 for the first."""
    async with Bench(firmware, settings=["network.registration=0"]) as bench:
        await refused(bench, line, code=100)

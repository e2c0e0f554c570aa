"""What the module measures on its board, and what it drives: the profile and `ctl` give the values."""

import pytest

from emulator.control.state import change, show
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910, GSM_LINES, refused
from tests.commands.ssl_bench import GSM, UMTS, information, succeed


def set_board(bench: Bench, **values: str) -> None:
    """Change the board, as `ctl set` does."""
    change(bench.modem, values)


@EVERY_LINE
async def test_the_temperature_is_the_boards(firmware: str) -> None:
    """A URC tells of another level, where the host wants it."""
    async with Bench(firmware) as bench:
        assert information("#TEMPMEAS: 0,28") == await bench.command("AT#TEMPMON=1")
        set_board(bench, temperature="81")
        assert "" == bench.read()
        assert information("#TEMPMEAS: 1,81") == await bench.command("AT#TEMPMON=1")

        await succeed(bench, "AT#TEMPMON=0,1")
        set_board(bench, temperature="83")
        assert "" == bench.read()
        set_board(bench, temperature="90")
        assert "\r\n#TEMPMEAS: 2,90\r\n" == bench.read()


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_a_temperature_out_of_range_is_told_when_the_host_asks(firmware: str) -> None:
    """That is the only mode."""
    async with Bench(firmware) as bench:
        assert information("#QTEMP: (0)") == await bench.command("AT#QTEMP=?")
        await succeed(bench, "AT#QTEMP=0")
        await refused(bench, "AT#QTEMP=1")
        assert information("#QTEMP: 0") == await bench.command("AT#QTEMP?")
        set_board(bench, temperature="-31")
        assert information("#QTEMP: 1") == await bench.command("AT#QTEMP?")


@EVERY_LINE
async def test_supply_and_charge_are_the_boards(firmware: str) -> None:
    """In hundredths of a volt, and in percent."""
    async with Bench(firmware) as bench:
        set_board(bench, voltage="3450", charge="12")
        assert information("#CBC: 0,345") == await bench.command("AT#CBC")
        assert information("+CBC: 0,12") == await bench.command("AT+CBC")


@pytest.mark.parametrize(("firmware", "inputs"), [("GE864-QUAD", 2), (GSM, 1), (UMTS, 1), (GE910, 1)])
async def test_analog_inputs_are_read_in_millivolts(firmware: str, inputs: int) -> None:
    """The vendor's example of 885; how many there are is the model's."""
    async with Bench(firmware) as bench:
        numbers = "(1)" if inputs == 1 else f"(1-{inputs})"
        assert information(f"#ADC: {numbers},(2),(0)") == await bench.command("AT#ADC=?")
        assert information("#ADC: 885") == await bench.command("AT#ADC=1,2,0")
        set_board(bench, adc="1:1200")
        assert information("#ADC: 1200") == await bench.command("AT#ADC=1,2")
        assert information("#ADC: 1200", *["#ADC: 885"] * (inputs - 1)) == await bench.command("AT#ADC?")
        await refused(bench, f"AT#ADC={inputs + 1},2,0", "AT#ADC=1,1,0")


@EVERY_LINE
async def test_a_pin_that_is_an_input_has_the_boards_level(firmware: str) -> None:
    """One that is an output has the host's."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#GPIO=1,0,0", "AT#GPIO=2,1,1")
        set_board(bench, gpio="1:1")
        set_board(bench, gpio="2:0")
        assert information("#GPIO: 0,1") == await bench.command("AT#GPIO=1,2")
        assert information("#GPIO: 1,1") == await bench.command("AT#GPIO=2,2")
        assert {"1": 1, "2": 0} == show(bench.modem)["gpio"]


async def test_the_oldest_modules_have_an_input_and_a_pin_for_sound() -> None:
    """Their levels are the board's."""
    async with Bench(GSM) as bench:
        assert information("#GGPI: (0)") == await bench.command("AT#GGPI=?")
        await succeed(bench, "AT#GGPI=0", "AT#AXE=?")
        assert information("#GGPI: 0,0") == await bench.command("AT#GGPI?")
        assert information("#AXE: 0") == await bench.command("AT#AXE")
        set_board(bench, input="1", axe="1")
        assert information("#GGPI: 0,1") == await bench.command("AT#GGPI?")
        assert information("#AXE: 1") == await bench.command("AT#AXE")


@EVERY_LINE
async def test_the_auxiliary_supply_is_kept_when_it_is_saved(firmware: str) -> None:
    """Until then it lasts as long as the power."""
    async with Bench(firmware) as bench:
        assert information("#VAUX: (1),(0-2)") == await bench.command("AT#VAUX=?")
        await succeed(bench, "AT#VAUX=1,1")
        assert information("#VAUX: 1") == await bench.command("AT#VAUX=1,2")
        await refused(bench, "AT#VAUX=2,1", "AT#VAUX=1,3")
        await restart(bench)
        assert information("#VAUX: 0") == await bench.command("AT#VAUX?")
        await succeed(bench, "AT#VAUX=1,1", "AT#VAUXSAV", "AT#VAUXSAV=?")
        await restart(bench)
        assert information("#VAUX: 1") == await bench.command("AT#VAUX?")


async def restart(bench: Bench) -> None:
    """Restart, and wait for the end of it."""
    await succeed(bench, "AT#REBOOT")
    await bench.advance(60)
    await bench.command("ATE0")


@EVERY_LINE
async def test_a_pin_of_the_serial_port_is_driven_once_it_is_free(firmware: str) -> None:
    """DTR and RTS are inputs; all of it ends with the power."""
    async with Bench(firmware) as bench:
        assert information("#V24CFG: (0-5),(0,1)") == await bench.command("AT#V24CFG=?")
        assert information("#V24: (0-5),(0,1)") == await bench.command("AT#V24=?")
        await refused(bench, "AT#V24=2,1", "AT#V24=6,1", "AT#V24CFG=2,2")
        await succeed(bench, "AT#V24CFG=2,1", "AT#V24=2,1", "AT#V24CFG=4,1")
        await refused(bench, "AT#V24=4,1", "AT#V24=5,0")
        assert information("#V24: 2,1") == await bench.command("AT#V24=2")
        modes = (f"#V24CFG: {pin},{int(pin in (2, 4))}" for pin in range(6))
        assert information(*modes) == await bench.command("AT#V24CFG?")
        assert information(*(f"#V24: {pin},{int(pin == 2)}" for pin in range(6))) == await bench.command("AT#V24?")
        await restart(bench)
        assert information(*(f"#V24CFG: {pin},0" for pin in range(6))) == await bench.command("AT#V24CFG?")


@EVERY_LINE
async def test_the_antenna_is_found(firmware: str) -> None:
    """At once, or by a URC when it goes."""
    async with Bench(firmware) as bench:
        assert information("#GSMAD: (0-6),(0,1),(45-3600),(1-10),(1-10)") == await bench.command("AT#GSMAD=?")
        assert information("#GSMAD: 0") == await bench.command("AT#GSMAD=3")
        set_board(bench, antenna="3")
        assert "" == bench.read()
        assert information("#GSMAD: 3") == await bench.command("AT#GSMAD=3")
        assert information("#GSMAD: 0,0,120,1,2") == await bench.command("AT#GSMAD?")

        await succeed(bench, "AT#GSMAD=1,1,60")
        await refused(bench, "AT#GSMAD=7", "AT#GSMAD=1,1,44", "AT#GSMAD=1,1,60,11")
        set_board(bench, antenna="0")
        assert "\r\n#GSMAD: 0\r\n" == bench.read()
        await succeed(bench, "AT&W", "AT&P0")
        await restart(bench)
        assert information("#GSMAD: 1,1,60,1,2") == await bench.command("AT#GSMAD?")


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_jamming_is_reported_as_the_host_wants(firmware: str) -> None:
    """Once, or every three seconds; nothing of the network is heard meanwhile."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#JDR=2")
        set_board(bench, jammed="yes")
        assert "\r\n#JDR: JAMMED\r\n" == bench.read()
        assert information("+CSQ: 99,99") == await bench.command("AT+CSQ")
        await bench.advance(7)
        assert "" == bench.read()
        set_board(bench, jammed="no")
        assert "\r\n#JDR: OPERATIVE\r\n" == bench.read()
        assert information("+CSQ: 20,0") == await bench.command("AT+CSQ")

        await succeed(bench, "AT#JDR=4")
        set_board(bench, jammed="yes")
        await bench.advance(7)
        assert "\r\n#JDR: JAMMED\r\n" * 3 == bench.read()
        set_board(bench, jammed="no")
        await bench.advance(7)
        assert "\r\n#JDR: OPERATIVE\r\n" == bench.read()

        await succeed(bench, "AT#JDR=0")
        set_board(bench, jammed="yes")
        assert "" == bench.read()
        await succeed(bench, "AT#JDR=4", "AT#REBOOT")
        await bench.advance(60)
        assert "" == bench.read()


async def test_a_clock_that_has_lost_its_time_says_so_until_the_host_takes_note() -> None:
    """As after a cold start without a battery."""
    async with Bench(GSM) as bench:
        assert information("#RTCSTAT: 0") == await bench.command("AT#RTCSTAT?")
    async with Bench(GSM, settings=['calendar.power_up="factory"']) as bench:
        assert information("#RTCSTAT: 1") == await bench.command("AT#RTCSTAT?")
        await succeed(bench, "AT#RTCSTAT=0")
        assert information("#RTCSTAT: 0") == await bench.command("AT#RTCSTAT?")

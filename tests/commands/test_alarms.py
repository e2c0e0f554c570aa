"""Alarms ring at their time, whether the module is on or off: +CALA, +CALD, #WAKE."""

from pathlib import Path

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import ERROR, GSM, UMTS, information, succeed

NOON = 'AT+CCLK="26/03/02,12:00:00+04"'
"""A Monday."""
RINGS = "\r\n+CALA: wake up\r\n"


def power(bench: Bench) -> str:
    """Whether the module is on."""
    return bench.modem.device.power.state.value


async def at_noon(bench: Bench) -> None:
    """Set the calendar, which no network changes."""
    await succeed(bench, "AT#NITZ=0", NOON)


@EVERY_LINE
async def test_an_alarm_is_shown_and_deleted(firmware: str) -> None:
    """By +CALD, and by an empty time."""
    async with Bench(firmware) as bench:
        await at_noon(bench)
        assert information("+CALA: (0),(0-7),40,13,(0,1)") == await bench.command("AT+CALA=?")
        assert information("+CALD: (0)") == await bench.command("AT+CALD=?")
        await succeed(bench, "AT+CALA?", 'AT+CALA="26/03/02,12:10:00+04",0,2,"wake up"')
        assert information('+CALA: "26/03/02,12:10:00+04",0,2,"wake up"') == await bench.command("AT+CALA?")
        await succeed(bench, "AT+CALD=0", "AT+CALA?")
        await succeed(bench, 'AT+CALA="26/03/02,12:10:00+04"')
        assert information('+CALA: "26/03/02,12:10:00+04",0,1,""') == await bench.command("AT+CALA?")
        await succeed(bench, 'AT+CALA=""', "AT+CALA?")
        await succeed(bench, 'AT+CALA="08:00:00+04",0,4,"work","1,2,3,4,5",1')
        shown = '+CALA: "08:00:00+04",0,4,"work","1,2,3,4,5",1'
        assert information(shown) == await bench.command("AT+CALA?")


@EVERY_LINE
async def test_what_is_no_time_is_refused(firmware: str) -> None:
    """Nor is one that has passed."""
    async with Bench(firmware) as bench:
        await at_noon(bench)
        for time in ('"26/03/02,11:59:59+04"', '"26/02/30,12:00:00+04"', '"26/03/02,12:10:00"', '"noon"'):
            await refused(bench, f"AT+CALA={time}")
        later = '"26/03/02,12:10:00+04"'
        await refused(bench, f"AT+CALA={later},1", f"AT+CALA={later},0,0", f"AT+CALA={later},0,8")
        await refused(bench, f'AT+CALA={later},0,2,"{"x" * 41}"', f'AT+CALA={later},0,2,"x","1"', "AT+CALD=1")
        await refused(bench, 'AT+CALA="12:10:00+04",0,2,"x"', 'AT+CALA="25:10:00+04",0,2,"x","0"')


@EVERY_LINE
async def test_a_module_that_is_on_says_the_text_for_a_minute_and_a_half(firmware: str) -> None:
    """Every three seconds; other commands go on, and the alarm is over then."""
    async with Bench(firmware) as bench:
        await at_noon(bench)
        await succeed(bench, 'AT+CALA="26/03/02,12:00:10+04",0,2,"wake up"')
        await bench.advance(9)
        assert "" == bench.read()
        await bench.advance(1)
        assert RINGS == bench.read()
        assert information("#WAKE: 0") == await bench.command("AT#WAKE?")
        await bench.advance(3)
        assert RINGS == bench.read()
        await bench.advance(600)
        assert RINGS * 28 == bench.read()
        await succeed(bench, "AT+CALA?")
        assert "running" == power(bench)


async def test_waking_ends_the_text() -> None:
    """At once."""
    async with Bench(GSM) as bench:
        await at_noon(bench)
        await succeed(bench, 'AT+CALA="26/03/02,12:00:10+04",0,2,"wake up"')
        await bench.advance(10)
        assert RINGS == bench.read()
        assert information("#WAKE: (0)") == await bench.command("AT#WAKE=?")
        await refused(bench, "AT#WAKE=1")
        await succeed(bench, "AT#WAKE=0")
        await bench.advance(100)
        assert "" == bench.read()


async def off_until_the_alarm(bench: Bench, kind: int) -> None:
    """Shut down, with an alarm a minute ahead, and let that minute pass."""
    await at_noon(bench)
    await succeed(bench, f'AT+CALA="26/03/02,12:01:00+04",0,{kind},"wake up"', "AT#SHDN")
    assert "off" == power(bench)
    await bench.advance(59)
    assert "off" == power(bench)
    await bench.advance(1 + bench.modem.device.profile.power.boot)
    assert "running" == power(bench)


@EVERY_LINE
async def test_a_module_that_was_off_starts_in_alarm_mode(firmware: str) -> None:
    """Where it takes #WAKE and #SHDN alone."""
    async with Bench(firmware) as bench:
        await off_until_the_alarm(bench, 2)
        assert RINGS == bench.read()
        await bench.command("AT")
        assert ERROR in await bench.command("AT+CSQ")
        assert (await bench.command("AT#WAKE?")).endswith(information("#WAKE: 1"))
        await bench.command("AT#WAKE=0")
        await bench.command("ATE0")
        assert information("#WAKE: 0") == await bench.command("AT#WAKE?")
        assert (await bench.command("AT+CSQ")).startswith("\r\n+CSQ: ")


async def test_nobody_who_wakes_it_lets_it_power_off_again() -> None:
    """A minute and a half later."""
    async with Bench(GSM) as bench:
        await off_until_the_alarm(bench, 2)
        await bench.advance(91)
        assert "off" == power(bench)
        assert RINGS * 30 == bench.read()


async def test_an_alarm_of_type_1_starts_the_module_and_no_more() -> None:
    """It works as usual at once."""
    async with Bench(UMTS) as bench:
        await off_until_the_alarm(bench, 1)
        await bench.command("ATE0")
        assert information("#WAKE: 0") == await bench.command("AT#WAKE?")
        assert (await bench.command("AT+CSQ")).startswith("\r\n+CSQ: ")
        await bench.advance(100)
        assert "" == bench.read()


async def test_an_alarm_that_recurs_rings_on_its_days() -> None:
    """On Tuesday and on Sunday, and again in the week after."""
    async with Bench(GSM) as bench:
        await at_noon(bench)
        await succeed(bench, 'AT+CALA="07:00:00+04",0,2,"wake up","2,7"')
        day = 24 * 3600.0
        heard = []
        for _ in range(14):
            await bench.advance(day)
            heard.append(RINGS in bench.read())
        # from noon to noon: the first is Tuesday's
        assert [True, False, False, False, False, True, False] * 2 == heard


async def test_an_alarm_follows_a_calendar_that_is_set() -> None:
    """Forward and back."""
    async with Bench(GSM) as bench:
        await at_noon(bench)
        await succeed(bench, 'AT+CALA="26/03/02,18:00:00+04",0,2,"wake up"', 'AT+CCLK="26/03/02,17:59:50+04"')
        await bench.advance(9)
        await succeed(bench, NOON)
        await bench.advance(60)
        assert "" == bench.read()
        await succeed(bench, 'AT+CCLK="26/03/02,17:59:50+04"')
        await bench.advance(10)
        assert RINGS == bench.read()


async def test_an_alarm_outlasts_the_emulator(tmp_path: Path) -> None:
    """It is kept in NVM."""
    async with Bench(GSM, state=tmp_path / "state") as bench:
        await succeed(bench, 'AT+CALA="09:00:00+04",0,2,"wake up","0"')
    async with Bench(GSM, state=tmp_path / "state") as bench:
        assert information('+CALA: "09:00:00+04",0,2,"wake up","0"') == await bench.command("AT+CALA?")
        await bench.advance(24 * 3600)
        assert RINGS in bench.read()

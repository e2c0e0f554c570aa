"""The satellite receiver of models that have one: power, starts, position and NMEA sentences. Facts 8."""

import re

import pytest

from emulator import VirtualModem
from emulator.clock import ManualClock
from emulator.errors import UserError
from emulator.testing import Bench
from tests.commands.lines import EVERY_MODEL
from tests.commands.ssl_bench import CONNECT, ERROR, NO_CARRIER, OK, cme, information, succeed

SIRF, HSPA, COMBINED = "GE864-GPS", "HE910", "GE910-GNSS"
RECEIVERS = (SIRF, HSPA, COMBINED)
LATER_WITH_RECEIVER = {
    "LE910-EUG", "LE910C1-EU", "LE910C1-EUX", "ME910C1-E1", "ME310G1-WW", "ME310G1-WWV", "ME910G1-WW", "ME910G1-WWV",
}  # fmt: skip
WITH_RECEIVER = {SIRF, HSPA, "HE910-GA", "HE910-EUG", "HE910-NAG", COMBINED, *LATER_WITH_RECEIVER}
ON_ALL = {
    "$GPSP": "(0,1)",
    "$GPSR": "(0-3)",
    "$GPSAT": "(0,1)",
    "$GPSNMUN": "(0-3),(0,1),(0,1),(0,1),(0,1),(0,1),(0,1)",
}
ON_SIRF = {"$GPSD": "(0-2)", "$GPSPS": "(0-2),(0-7200)"}
WITHOUT_VALUES = ("$GPSACP", "$GPSSAV", "$GPSRST", "$GPSSW")
WITHOUT_VALUES_ON_SIRF = ("$GPSAV", "$GPSAI", "$GPSWK")
NO_FIX = {SIRF: "$GPSACP: ,,,,,0,,,,,", HSPA: "$GPSACP: ,,,,,1,,,,,", COMBINED: "$GPSACP: ,,,,,1,,,,,"}
GGA = "$GPGGA,120{},4542.8269,N,01344.2682,E,1,09,0.90,57.0,M,,M,,0000*"


async def on(bench: Bench) -> None:
    """Switch the receiver on, where it is not from the start."""
    if "1" not in await bench.command("AT$GPSP?"):
        await succeed(bench, "AT$GPSP=1")


async def fixed(bench: Bench) -> None:
    """And wait for its first fix."""
    await on(bench)
    await bench.advance(35)


async def acp(bench: Bench) -> list[str]:
    """The fields of a position."""
    answer = await bench.command("AT$GPSACP")
    match = re.fullmatch(r"\r\n\$GPSACP: (.*)\r\n\r\nOK\r\n", answer)
    assert match is not None, answer
    return match[1].split(",")


@EVERY_MODEL
async def test_models_with_a_receiver_have_the_commands(model: str) -> None:
    """Others answer ERROR; the later receivers lack what only SiRF's has."""
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMEE=1")
        has, sirf = model in WITH_RECEIVER, model == SIRF
        for names, there in ((ON_ALL, has), (ON_SIRF, sirf)):
            for name, values in names.items():
                assert (information(f"{name}: {values}") if there else ERROR) == await bench.command(f"AT{name}=?")
        for plain, there in ((WITHOUT_VALUES, has), (WITHOUT_VALUES_ON_SIRF, sirf)):
            for name in plain:
                assert (OK if there else ERROR) == await bench.command(f"AT{name}=?")


@pytest.mark.parametrize(("version", "answer"), [("10.00.004", ERROR), ("10.00.005", OK), ("10.00.007", OK)])
async def test_ge864_gps_has_its_receiver_from_release_5_on(version: str, answer: str) -> None:
    """Before, its commands are unknown."""
    async with Bench(f"{SIRF}@{version}") as bench:
        assert answer == await bench.command("AT$GPSSAV=?")


@pytest.mark.parametrize("model", RECEIVERS)
async def test_power_is_on_from_the_start_on_sirf_alone(model: str) -> None:
    """And can be switched."""
    async with Bench(model) as bench:
        before = int(model == SIRF)
        assert information(f"$GPSP: {before}") == await bench.command("AT$GPSP?")
        await succeed(bench, f"AT$GPSP={1 - before}")
        assert information(f"$GPSP: {1 - before}") == await bench.command("AT$GPSP?")


@pytest.mark.parametrize(("model", "answer"), [(SIRF, OK), (HSPA, cme(3)), (COMBINED, OK)])
async def test_the_same_power_again(model: str, answer: str) -> None:
    """An error on 12.00."""
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMEE=1")
        await on(bench)
        assert answer == await bench.command("AT$GPSP=1")
        await succeed(bench, "AT$GPSP=0")
        assert answer == await bench.command("AT$GPSP=0")


@pytest.mark.parametrize("model", RECEIVERS)
async def test_a_cold_start_takes_35_seconds(model: str) -> None:
    """All commas are there before."""
    async with Bench(model) as bench:
        await on(bench)
        assert information(NO_FIX[model]) == await bench.command("AT$GPSACP")
        await bench.advance(34.9)
        assert NO_FIX[model].rpartition(",,,,,")[0][-1] == (await acp(bench))[5]

        await bench.advance(0.1)

        motion = "2.10,0.00,0.00" if model == SIRF else "2.1,0.0,0.0"
        line = f"$GPSACP: 120035.000,4542.8269N,01344.2682E,0.9,57.0,3,{motion},010614,09"
        assert information(line) == await bench.command("AT$GPSACP")
        assert information(line) == await bench.command("AT$GPSACP?")


async def test_sirf_shows_the_time_before_the_fix() -> None:
    """As soon as it is known; the others show nothing."""
    for model, line in ((SIRF, "$GPSACP: 120012.000,,,,,0,,,,010614,00"), (HSPA, NO_FIX[HSPA])):
        async with Bench(model) as bench:
            await on(bench)
            await bench.advance(12)
            assert information(line) == await bench.command("AT$GPSACP")


@pytest.mark.parametrize(("model", "answer"), [(SIRF, cme(3)), (HSPA, information("$GPSACP: ,,,,,0,,,,,"))])
async def test_a_receiver_that_is_off(model: str, answer: str) -> None:
    """Has no position, and does not start."""
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMEE=1")
        await fixed(bench)
        await succeed(bench, "AT$GPSP=0")
        assert answer == await bench.command("AT$GPSACP")
        assert cme(3) == await bench.command("AT$GPSR=0")


@pytest.mark.parametrize(("start", "seconds"), [(1, 35), (2, 30), (3, 1), (0, 1)])
async def test_starts(start: int, seconds: float) -> None:
    """Cold, warm, hot; a reset is as hot as it can be."""
    async with Bench(HSPA) as bench:
        await fixed(bench)
        await succeed(bench, f"AT$GPSR={start}")
        await bench.advance(seconds - 0.1)
        assert "1" == (await acp(bench))[5]
        await bench.advance(0.1)
        assert "3" == (await acp(bench))[5]


@pytest.mark.parametrize(("pause", "seconds"), [(7200, 1), (7201, 30)])
async def test_power_off_makes_orbits_old(pause: float, seconds: float) -> None:
    """Two hours later the start is warm."""
    async with Bench(HSPA) as bench:
        await fixed(bench)
        await succeed(bench, "AT$GPSP=0")
        await bench.advance(pause)
        await succeed(bench, "AT$GPSP=1")
        await bench.advance(seconds - 0.1)
        assert "1" == (await acp(bench))[5]
        await bench.advance(0.1)
        assert "3" == (await acp(bench))[5]


async def test_starts_want_the_modules_control() -> None:
    """$GPSD=2; the hardware reset does without."""
    async with Bench(SIRF) as bench:
        await succeed(bench, "AT+CMEE=1")
        assert information("$GPSD: 2") == await bench.command("AT$GPSD?")
        await succeed(bench, "AT$GPSD=0")
        for start in (1, 2, 3):
            assert cme(3) == await bench.command(f"AT$GPSR={start}")
        await succeed(bench, "AT$GPSR=0", "AT$GPSD=2", "AT$GPSR=1")


async def test_what_sirf_shows() -> None:
    """Software, supply of the antenna, power saving."""
    async with Bench(SIRF) as bench:
        assert information("$GPSSW: GSD4e_3.01") == await bench.command("AT$GPSSW")
        assert information("$GPSAV: 3962") == await bench.command("AT$GPSAV?")
        assert information("$GPSAI: 0") == await bench.command("AT$GPSAI?")
        assert information("$GPSAT: 1") == await bench.command("AT$GPSAT?")
        await succeed(bench, "AT$GPSAT=0", "AT$GPSPS=2,60", "AT$GPSWK")
        assert information("$GPSAT: 0") == await bench.command("AT$GPSAT?")
        assert information("$GPSPS: 2,60") == await bench.command("AT$GPSPS?")
        await succeed(bench, "AT$GPSP=0", "AT+CMEE=1")
        assert cme(3) == await bench.command("AT$GPSWK")


@pytest.mark.parametrize("model", RECEIVERS)
async def test_settings_are_saved_by_gpssav(model: str) -> None:
    """And the factory's come back by $GPSRST, at once and at the next start."""
    async with Bench(model) as bench:
        factory = int(model == SIRF)

        async def restart() -> None:
            await succeed(bench, "AT#REBOOT")
            await bench.advance(6)
            await bench.command("ATE0")

        async def shown() -> list[int]:
            return [int((await bench.command(f"AT{name}?"))[len(name) + 4]) for name in ("$GPSP", "$GPSAT")]

        await succeed(bench, f"AT$GPSP={1 - factory}", "AT$GPSAT=0")
        await restart()
        assert [factory, 1] == await shown()
        await succeed(bench, f"AT$GPSP={1 - factory}", "AT$GPSAT=0", "AT$GPSSAV")
        await restart()
        assert [1 - factory, 0] == await shown()
        await succeed(bench, "AT$GPSRST")
        assert [factory, 1] == await shown()
        await restart()
        assert [factory, 1] == await shown()


# The place.


async def test_the_place_is_the_profiles() -> None:
    """South and west, below the sea, in motion."""
    values = "fix=2", "latitude=-33.5", "longitude=-70.25", "altitude=-27.8", "speed=36", "course=286.17"
    settings = [f"gnss.place.{value}" for value in (*values, "satellites=7", "dilution=1.24")]
    async with Bench(SIRF, settings=settings) as bench:
        await fixed(bench)
        line = "$GPSACP: 120035.000,3330.0000S,07015.0000W,1.2,-27.8,2,286.17,36.00,19.44,010614,07"
        assert information(line) == await bench.command("AT$GPSACP")


async def test_satellites_that_are_out_of_view() -> None:
    """No fix until they are back for a second; the place may have changed."""
    async with Bench(HSPA, settings=["gnss.place.fix=0"]) as bench:
        sky = bench.modem.device.sky
        await on(bench)
        await bench.advance(1000)
        assert "1" == (await acp(bench))[5]
        sky.move(fix=3, latitude=1.5)
        await bench.advance(0.9)
        assert "1" == (await acp(bench))[5]
        await bench.advance(0.1)
        assert ["0130.0000N", "3"] == [(await acp(bench))[place] for place in (1, 5)]
        sky.move(fix=0)
        assert "1" == (await acp(bench))[5]
        sky.move(fix=2)
        await bench.advance(1)
        assert "2" == (await acp(bench))[5]


async def test_satellites_come_into_view_during_the_start() -> None:
    """It goes on as long as it would have."""
    async with Bench(HSPA, settings=["gnss.place.fix=0"]) as bench:
        await on(bench)
        await bench.advance(10)
        bench.modem.device.sky.move(fix=3)
        await bench.advance(24.9)
        assert "1" == (await acp(bench))[5]
        await bench.advance(0.1)
        assert "3" == (await acp(bench))[5]


@pytest.mark.parametrize("values", [{"latitude": 91}, {"fix": 1}, {"height": 3}, {"course": 360}, {"speed": "fast"}])
async def test_a_wrong_place_is_refused(values: dict[str, float]) -> None:
    """In one line; nothing has changed."""
    async with Bench(HSPA) as bench:
        sky = bench.modem.device.sky
        before = sky.place
        with pytest.raises(UserError, match=r"^place: "):
            sky.move(**values)
        assert before == sky.place


def test_python_moves_a_modem() -> None:
    """From any thread, while it runs; a restart does not bring it back."""
    with VirtualModem(HSPA, clock=ManualClock()) as modem:
        modem.move(latitude=48.1, longitude=11.6, fix=3)
        assert "<Sky above 48.1000, 11.6000, fix 3>" == modem.call(lambda modem: repr(modem.device.sky))
        modem.call(lambda modem: modem.device.power.restart())
        assert 48.1 == modem.call(lambda modem: modem.device.sky.place.latitude)


# Sentences.


async def test_sentences_come_as_urcs_once_a_second() -> None:
    """Mode 1 with the command's name, mode 2 bare; each that was chosen, and none while the receiver is off."""
    async with Bench(HSPA) as bench:
        assert information("$GPSNMUN: 0,0,0,0,0,0,0") == await bench.command("AT$GPSNMUN?")
        await succeed(bench, "AT$GPSNMUN=1,1")
        await bench.advance(5)
        assert "" == bench.read()
        await succeed(bench, "AT$GPSP=1")
        await bench.advance(1)
        assert "\r\n$GPSNMUN: $GPGGA,,,,,,0,,,,M,,M,,*66\r\n" == bench.read()
        assert information("$GPSNMUN: 1,1,0,0,0,0,0") == await bench.command("AT$GPSNMUN?")
        await bench.advance(33)
        bench.read()
        await bench.advance(1)
        assert bench.read().startswith("\r\n$GPSNMUN: " + GGA.format("040.000"))
        await succeed(bench, "AT$GPSNMUN=2,1,1,1,1,1,1")
        assert information("$GPSNMUN: 2,1,1,1,1,1,1") == await bench.command("AT$GPSNMUN?")
        await bench.advance(1)
        kinds = [line[:6] for line in bench.read().split("\r\n") if line]
        assert ["$GPGGA", "$GPGLL", "$GPGSA", "$GPGSV", "$GPGSV", "$GPGSV", "$GPRMC", "$GPVTG"] == kinds
        await succeed(bench, "AT$GPSP=0")
        await bench.advance(5)
        assert "" == bench.read()
        await succeed(bench, "AT$GPSP=1")
        await bench.advance(1)
        assert bench.read()
        await succeed(bench, "AT$GPSNMUN=0")
        await bench.advance(5)
        assert "" == bench.read()


async def test_a_stream_ends_with_the_escape_sequence() -> None:
    """CONNECT, sentences alone, +++, NO CARRIER; what the host types is dropped, and the mode is 0 again."""
    async with Bench(HSPA) as bench:
        await fixed(bench)
        assert CONNECT == await bench.command("AT$GPSNMUN=3,1,0,0,0,1,0")
        bench.send("AT\r")
        await bench.advance(2)
        lines = bench.read().split("\r\n")
        assert ["$GPGGA", "$GPRMC", "$GPGGA", "$GPRMC", ""] == [line[:6] for line in lines]
        assert (await bench.escape()).endswith(NO_CARRIER)
        await bench.advance(5)
        assert "" == bench.read()
        assert information("$GPSNMUN: 0,0,0,0,0,0,0") == await bench.command("AT$GPSNMUN?")


@pytest.mark.parametrize("reaction", [1, 2])
async def test_a_stream_ends_when_the_host_leaves(reaction: int) -> None:
    """As &D says; nothing of it reaches the next host."""
    async with Bench(HSPA) as bench:
        await succeed(bench, f"AT&D{reaction}")
        await fixed(bench)
        assert CONNECT == await bench.command("AT$GPSNMUN=3,1")
        bench.port.host_close()
        bench.port.host_open()
        await bench.advance(3)
        bench.read()
        assert OK == await bench.command("AT")
        await bench.advance(3)
        assert "" == bench.read()


async def test_a_stream_goes_on_beside_another_instance() -> None:
    """Which switches the receiver, and has sentences of its own."""
    async with Bench(HSPA, ports=2) as bench:
        other = bench.hosts[1]
        await fixed(bench)
        assert CONNECT == await bench.command("AT$GPSNMUN=3,1")
        assert OK == await other.command("AT$GPSNMUN=2,0,0,0,0,0,1")
        await bench.advance(1)
        assert bench.read().startswith(GGA.format("036.000"))
        assert "\r\n$GPVTG,2.10,T,,M,0.00,N,0.0,K,A*0E\r\n" == other.read()
        assert OK == await other.command("AT$GPSP=0")
        await bench.advance(3)
        assert "" == bench.read() + other.read()
        assert NO_CARRIER == await bench.escape()


async def test_a_host_that_reads_nothing_misses_sentences() -> None:
    """None waits for it, as URC or in the stream."""
    async with Bench(HSPA, ports=2) as bench:
        other = bench.hosts[1]
        await fixed(bench)
        assert OK == await other.command("AT$GPSNMUN=2,0,0,0,0,0,1")
        assert CONNECT == await bench.command("AT$GPSNMUN=3,1")
        await bench.advance(3000)
        assert 3000 > bench.read().count("$GPGGA") > 0 < other.read().count("$GPVTG") < 3000
        await bench.advance(0)
        assert 1 >= other.read().count("$GPVTG")  # the latest
        await bench.advance(2)
        assert 2 == bench.read().count("$GPGGA") == other.read().count("$GPVTG")


async def test_a_host_at_a_prompt_gets_the_latest_sentences() -> None:
    """However long it types; those of before are gone, and with $GPSNMUN=0 all of them."""
    async with Bench(HSPA) as bench:
        await fixed(bench)
        await succeed(bench, "AT+CMGF=1", "AT$GPSNMUN=2,1")
        assert "\r\n> " == await bench.command('AT+CMGW="+39333"')
        await bench.advance(1000)
        bench.send("\x1b")
        await bench.advance(0.5)
        heard = bench.read()
        assert OK in heard and 1 == heard.count("$GPGGA")
        assert "\r\n> " == await bench.command('AT+CMGW="+39333"')
        await bench.advance(10)
        bench.send("\x1bAT$GPSNMUN=0\r")
        await bench.advance(10)
        heard = bench.read()
        assert heard.endswith(OK) and 1 >= heard.count("$GPGGA")


async def test_a_restart_ends_all_sentences() -> None:
    """And leaves no timer behind."""
    async with Bench(SIRF) as bench:
        await succeed(bench, "AT$GPSNMUN=2,1")
        await bench.advance(1)
        assert bench.read()
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        await bench.advance(10)
        assert "" == bench.read()
        assert information("$GPSNMUN: 0,0,0,0,0,0,0") == await bench.command("AT$GPSNMUN?")


# What hosts send.


async def test_the_sequence_of_modemmanager() -> None:
    """It switches the receiver off at its start and ignores the error; then it wants bare sentences."""
    async with Bench(HSPA) as bench:
        assert ERROR == await bench.command("AT$GPSP=0")
        await succeed(bench, "AT$GPSP=1", "AT$GPSNMUN=2,1,1,1,1,1,1")


async def test_the_sequence_of_janus() -> None:
    """For a GE864-GPS."""
    async with Bench(SIRF) as bench:
        assert "$GPSD: 2" in await bench.command("AT$GPSD?")
        await succeed(bench, "AT$GPSAT=0", "AT$GPSAT=1")

"""+CIND and +CMER: the state in a row of numbers, and its changes."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import GSM, OK, at_once, information, succeed


@EVERY_LINE
async def test_indicators_are_shown(firmware: str) -> None:
    """Their names and values, and how they stand."""
    async with Bench(firmware) as bench:
        listed = (
            '+CIND: (("battchg",(0-5,99)),("signal",(0-7,99)),("service",(0,1)),("sounder",(0,1)),'
            '("message",(0,1)),("call",(0,1)),("roam",(0,1)),("smsfull",(0,1)),("rssi",(0-5,99)))'
        )
        assert information(listed) == await bench.command("AT+CIND=?")
        assert information("+CIND: 5,0,1,0,0,0,0,0,3") == await bench.command("AT+CIND?")
        await succeed(bench, "AT+COPS=2")
        assert information("+CIND: 5,99,0,0,0,0,0,0,99") == await bench.command("AT+CIND?")
        await refused(bench, "AT+CIND", "AT+CIND=2", "AT+CIND=1,1,1,1,1,1,1,1,1,1")


@pytest.mark.parametrize(("signal", "shown"), [(0, 0), (1, 1), (8, 1), (9, 2), (30, 4), (31, 5)])
async def test_the_signal_is_shown_in_steps(signal: int, shown: int) -> None:
    """Of 15 dB, from -112 to -51 dBm."""
    async with Bench(GSM, settings=[f"network.signal={signal}"]) as bench:
        assert information(f"+CIND: 5,0,1,0,0,0,0,0,{shown}") == await bench.command("AT+CIND?")


@EVERY_LINE
async def test_changes_of_the_indicators_are_reported_where_wanted(firmware: str) -> None:
    """By name, in the order of the list."""
    async with Bench(firmware) as bench:
        assert information("+CMER: 0,0,0,0,0") == await bench.command("AT+CMER?")
        assert information("+CMER: (0-3),(0),(0),(0-2),(0,1)") == await bench.command("AT+CMER=?")
        coverage = bench.modem.device.coverage
        coverage.hear(5)
        assert "" == bench.read()
        await succeed(bench, "AT+CMER=2,0,0,2")
        assert information("+CMER: 2,0,0,2,0") == await bench.command("AT+CMER?")
        coverage.hear(31)
        assert "\r\n+CIEV: rssi,5\r\n" == bench.read()
        coverage.hear(31)
        assert "" == bench.read()
        coverage.offer(5)
        assert "\r\n+CIEV: roam,1\r\n" == bench.read()
        await succeed(bench, "AT+CIND=1,0,1,1,1,1,1,1,0")
        gone = "\r\n+CIEV: service,0\r\n\r\n+CIEV: roam,0\r\n"
        assert f"{OK}{gone}" == at_once(bench, "AT+COPS=2")
        await succeed(bench, "AT+CIND=,,0,,,,,,1")
        coverage.hear(8)
        assert "" == bench.read()
        offered = "\r\n+CIEV: roam,1\r\n\r\n+CIEV: rssi,1\r\n"
        assert f"{OK}{offered}" == at_once(bench, "AT+COPS=0")
        await succeed(bench, "AT+CMER=", "AT+COPS=2")
        await refused(bench, "AT+CMER=4", "AT+CMER=1,1", "AT+CMER")

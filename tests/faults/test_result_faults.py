"""Commands that are refused, and results in other forms."""

from typing import Any

import pytest

from emulator.errors import Cause
from emulator.testing import Bench
from emulator.trace.events import FaultTally, Refused
from tests.commands.ssl_bench import CONNECT, ERROR, OK, cme, information

DIAL = "ATD*99***1#"


async def test_a_command_is_refused_once_and_does_nothing() -> None:
    """As +CMEE says, and the trace tells that it was the fault; the next one is carried out."""
    async with Bench() as bench:
        bench.modem.faults.add("command-refused", command="+CFUN", cause="sim_busy", occurrence=2)
        await bench.command("AT+CMEE=1")
        assert OK == await bench.command("AT+CFUN=1")
        assert cme(14) == await bench.command("AT+CFUN=4")
        assert information("+CFUN: 1") == await bench.command("AT+CFUN?")
        assert OK == await bench.command("AT+CFUN=4")

    (refused,) = [event for event in bench.events if isinstance(event, Refused)]
    assert (Cause.SIM_BUSY, "fault 1 refuses it") == (refused.cause, refused.reason)


@pytest.mark.parametrize(
    ("report", "heard"), [(0, ERROR), (1, cme(3)), (2, "\r\n+CME ERROR: operation not allowed\r\n")]
)
async def test_a_refusal_ends_its_line_in_the_form_that_the_host_wants(report: int, heard: str) -> None:
    async with Bench() as bench:
        bench.modem.faults.add("command-refused", command="+CREG?")
        await bench.command(f"AT+CMEE={report}")

        assert "\r\n+CSQ: 20,0\r\n" + heard == await bench.command("AT+CSQ;+CREG?;+CGMM")


async def test_basic_commands_are_not_refused() -> None:
    """Nothing that can fail has to do with them; the next command is refused."""
    async with Bench() as bench:
        rule = bench.modem.faults.add("command-refused", cause="no_network_service")
        assert OK == await bench.command("ATE0")
        assert "ATE depends on nothing that could refuse it" == rule.obstacle
        assert ERROR == await bench.command("AT+CSQ")


async def test_of_two_refusals_the_first_one_is_told() -> None:
    async with Bench() as bench:
        for cause in ("sim_busy", "no_network_service"):
            bench.modem.faults.add("command-refused", command="+CSQ", cause=cause)
        reboot = bench.modem.faults.add("signal", command="+CSQ", rssi=3, occurrence=2)
        await bench.command("AT+CMEE=1")
        assert cme(14) == await bench.command("AT+CSQ")
        assert cme(30) == await bench.command("AT+CSQ")
        assert 1 == reboot.fired


@pytest.mark.parametrize(
    ("settings", "parameters", "heard", "why"),
    [
        ("ATX1", {}, "\r\nCONNECT 115200\r\n", ""),
        ("ATX4", {"text": "9600/RLP"}, "\r\nCONNECT 9600/RLP\r\n", ""),
        ("ATX0", {}, CONNECT, "ATX0 wants CONNECT alone"),
        ("ATX1V0", {}, "1\r", "ATV0 wants numbers"),
    ],
)
async def test_a_dial_connects_with_a_rate_where_the_host_wants_one(
    settings: str, parameters: dict[str, Any], heard: str, why: str
) -> None:
    async with Bench() as bench:
        bench.modem.faults.add("connect-rate", command="D", **parameters)
        await bench.command('AT+CGDCONT=1,"IP","lab"')
        bench.send(f"{settings}\r")
        bench.read()
        bench.send(f"{DIAL}\r")
        assert bench.read().startswith(heard)

    (told,) = [event for event in bench.events if isinstance(event, FaultTally)]
    assert why == told.why


@pytest.mark.parametrize(
    ("report", "line", "parameters", "heard"),
    [
        (1, "AT#SH=9", {}, ERROR),
        (2, "AT#SH=9", {}, ERROR),
        (1, "AT#SH=9", {"code": 100}, cme(100)),
        (2, "AT#SH=9", {"code": 100}, "\r\n+CME ERROR: unknown\r\n"),
        (2, "AT#SH=9", {"code": 1002, "text": "SSL generic error"}, "\r\n+CME ERROR: SSL generic error\r\n"),
        (1, "AT+CMGR=99", {"code": 500}, "\r\n+CMS ERROR: 500\r\n"),
        (0, "AT+CMGR=99", {}, ERROR),
    ],
)
async def test_a_failure_takes_another_form(report: int, line: str, parameters: dict[str, Any], heard: str) -> None:
    """A number, a text, or ERROR alone; errors of messages keep their name, and have one under +CMEE=0, too."""
    async with Bench() as bench:
        await bench.command(f"AT+CMEE={report}")
        usual = await bench.command(line)
        bench.modem.faults.add("error-form", **parameters)

        assert [heard, usual] == [await bench.command(line) for _ in range(2)]


@pytest.mark.parametrize(
    ("report", "line", "parameters", "why"),
    [
        (0, "AT#SH=9", {"code": 100}, "+CMEE=0 wants ERROR alone"),
        (0, "AT#SH=9", {}, "+CMEE=0 wants ERROR alone"),
        (1, "AT+CSQ", {}, "the command did not fail"),
    ],
)
async def test_a_failure_keeps_the_form_that_the_host_has_chosen(
    report: int, line: str, parameters: dict[str, Any], why: str
) -> None:
    async with Bench() as bench:
        await bench.command(f"AT+CMEE={report}")
        usual = await bench.command(line)
        bench.modem.faults.add("error-form", **parameters)
        assert usual == await bench.command(line)

    (told,) = [event for event in bench.events if isinstance(event, FaultTally)]
    assert why == told.why


async def test_what_waited_for_a_result_does_not_change_the_next_one() -> None:
    """A command that the module lacks begins none: it says ERROR whatever +CMEE is."""
    async with Bench() as bench:
        bench.modem.faults.add("error-form", command="+CSQ", code=100)
        await bench.command("AT+CMEE=1")
        await bench.command("AT+CSQ")

        assert ERROR == await bench.command("AT+NOSUCH")

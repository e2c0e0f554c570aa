"""Bytes and lines of an answer as places of faults, alone and several together."""

from typing import Any

import pytest

from emulator.errors import UserError
from emulator.testing import Bench
from emulator.trace.events import FaultTally
from tests.commands.ssl_bench import OK

SIGNAL = ("\r\n+CSQ: 20,0\r\n", OK)
RING = "\r\nRING\r\n"
CREG = {"command": "+CREG?"}


async def heard(line: str, *faults: dict[str, Any], waits: float = 0.0, firmware: str = "HE910") -> list[str]:
    """What the host hears at once, and what after each wait."""
    async with Bench(firmware) as bench:
        for fault in faults:
            bench.modem.faults.make(fault["fault"], {key: fault[key] for key in fault if key != "fault"})
        bench.send(f"{line}\r")
        said = [bench.read()]
        while waits and len(said) < 6:
            await bench.advance(waits)
            said.append(bench.read())
        return said


def ring(**place: Any) -> dict[str, Any]:
    return {"fault": "unsolicited-line", "text": "RING", "at": "answer", **place}


def late(**place: Any) -> dict[str, Any]:
    return {"fault": "bytes-late", **place}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"line": 1}, [RING, *SIGNAL]),
        ({"byte": 0}, [RING, *SIGNAL]),
        ({"line": 2}, [SIGNAL[0], RING, SIGNAL[1]]),
        ({"line": "result"}, [SIGNAL[0], RING, SIGNAL[1]]),
        ({"line": 3}, [*SIGNAL, RING]),
        ({"line": "end"}, [*SIGNAL, RING]),
        ({"byte": 20}, [*SIGNAL, RING]),
        ({"line": 2, "byte": 3}, [SIGNAL[0], "\r\nO", RING, "K\r\n"]),
        ({"line": "result", "byte": 3}, [SIGNAL[0], "\r\nO", RING, "K\r\n"]),
        ({"line": 4}, [*SIGNAL]),
        ({"byte": 21}, [*SIGNAL]),
    ],
)
async def test_a_line_comes_at_any_place_of_an_answer(place: dict[str, Any], said: list[str]) -> None:
    """Before it, between any two of its lines, within one, and right behind it."""
    assert ["".join(said)] == await heard("AT+CSQ", ring(**place))


@pytest.mark.parametrize(
    "line", ["AT+CGDCONT?", "AT+CMGL=?", "AT#SS", "AT+COPS=9", "AT+CMEE=1;+CPBR=1000", "AT+CGMM;+CSQ"]
)
async def test_the_result_is_found_whatever_stands_before_it(line: str) -> None:
    async with Bench() as bench:
        usual = await bench.command(line)
        result = OK if usual.endswith(OK) else "\r\n" + usual.split("\r\n")[-2] + "\r\n"
        for place, expected in (("result", RING + result), ("end", result + RING)):
            names = {"command": "+CSQ"} if "+CSQ" in line else {}
            rule = bench.modem.faults.make("unsolicited-line", {**names, "text": "RING", "at": "answer", "line": place})
            bench.send(f"{line}\r")
            assert usual.removesuffix(result) + expected == bench.read()
            assert 1 == rule.fired


async def test_a_numeric_result_is_a_line_too() -> None:
    """Under ATV0; what has been asked for stays before it."""
    async with Bench() as bench:
        bench.send("ATV0\r")
        bench.read()
        bench.modem.faults.add("unsolicited-line", text="RING", at="answer", line="result")
        bench.send("AT+CSQ\r")
        assert "+CSQ: 20,0\r\n" + RING + "0\r" == bench.read()


async def test_data_mode_begins_behind_a_result() -> None:
    """CONNECT is one; what comes over the connection stands behind its end."""
    async with Bench() as bench:
        await bench.command('AT+CGDCONT=1,"IP","lab"')
        bench.modem.faults.add("bytes-late", command="D", line="end", duration="5 s")
        bench.send("ATD*99***1#\r")
        assert "\r\nCONNECT\r\n" == bench.read()
        await bench.advance(4)
        assert "" == bench.read()
        await bench.advance(2)
        assert bench.read().startswith("~")


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ([late(byte=0, duration=3)], ["", "", "", "".join(SIGNAL), ""]),
        ([late(line="result", duration=3)], [SIGNAL[0], "", "", SIGNAL[1], ""]),
        ([late(line=2, byte=3, duration=2)], [SIGNAL[0] + "\r\nO", "", "K\r\n"]),
        ([late(byte=2, duration=1), late(byte=5, duration=2)], ["\r\n", "+CS", "", "Q: 20,0\r\n" + OK]),
        ([late(byte=2, duration=1), late(byte=2, duration=1)], ["\r\n", "", "+CSQ: 20,0\r\n" + OK]),
        ([late(byte=2, count=3, duration=1)], ["\r\n", "+", "C", "SQ: 20,0\r\n" + OK]),
        ([late(byte=0, duration=2), ring(byte=14)], ["", "", SIGNAL[0] + RING + OK]),
        ([late(line="result", duration=2), ring(line="result")], [SIGNAL[0] + RING, "", OK]),
        ([late(line="result", duration=2), ring(line=1, delay=1)], [SIGNAL[0], RING, OK]),
        ([ring(line=1), ring(line="end"), late(byte=0, duration=1)], [RING, "".join(SIGNAL) + RING]),
        ([ring(line=1), ring(line=1)], [RING + RING + "".join(SIGNAL)]),
        (
            [{"fault": "bytes-lost", "line": 1, "byte": 3, "count": 2}, late(line=2, duration=1)],
            ["\r\n+Q: 20,0\r\n", OK],
        ),
    ],
)
async def test_faults_of_one_answer_compose(faults: list[dict[str, Any]], expected: list[str]) -> None:
    """In their order on the line: what is said behind a pause comes behind it, a line with a delay within it."""
    *said, rest = await heard("AT+CSQ", *faults, waits=1.0)

    assert expected == said[: len(expected)]
    assert "" == "".join([*said[len(expected) :], rest])


async def test_two_hundred_faults_of_one_run_each_apply_once() -> None:
    """A pause in an answer, then a line before its result, and so on; the host hears every answer whole."""
    async with Bench() as bench:
        for number in range(1, 101):
            occurrence = {"command": "+CSQ", "occurrence": number}
            bench.modem.faults.add("bytes-late", **occurrence, byte=number % 19, duration=1)
            bench.modem.faults.add("unsolicited-line", **occurrence, text="RING", at="answer", line="result")
        for _ in range(100):
            assert SIGNAL[0] + RING + SIGNAL[1] == await bench.command("AT+CSQ", within=3)
        assert {1} == {rule.fired for rule in bench.modem.faults.rules}


async def test_a_fault_that_is_taken_back_is_asked_no_more() -> None:
    """Be it one of an answer or of each byte; what there is besides goes on."""
    async with Bench() as bench:
        faults = bench.modem.faults
        taken = [faults.add("bytes-lost", times=0), faults.add("bytes-lost", byte=0, count=2, times=0)]
        faults.add("unsolicited-line", text="RING", at="answer", line="end", times=0)
        bench.send("AT+CSQ\r")
        assert RING == bench.read()
        for rule in taken:
            faults.remove(rule.number)
        bench.send("AT+CSQ\r")
        assert "".join(SIGNAL) + RING == bench.read()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (ring(line=4), "line 4 did not come, or was over before"),
        (ring(byte=21), "less than 21 B passed there"),
        (late(byte=20), "no byte passed there after 20 B"),
        (late(line="end"), "a final result did not come, or was over before"),
        (ring(line="result", byte=9), "a final result did not come, or was over before"),
    ],
)
async def test_a_place_that_an_answer_has_not_is_told(fault: dict[str, Any], why: str) -> None:
    """A pause needs something to come behind it: else it has not happened."""
    async with Bench() as bench:
        bench.modem.faults.make(fault["fault"], {key: fault[key] for key in fault if key != "fault"})
        assert "".join(SIGNAL) == await bench.command("AT+CSQ")

    (told,) = [event for event in bench.events if isinstance(event, FaultTally)]
    assert why == told.why


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (ring(line=0), "line: 0 is not allowed; give a whole number from 1, or one of result, end"),
        (ring(line="last"), "line: 'last' is not allowed; give a whole number from 1, or one of result, end"),
        ({**ring(line=1), "at": "entry"}, '`line` needs `at` to be "answer"'),
        (late(line=1, at="typed"), '`line` needs `at` to be "answer"'),
        ({"fault": "reboot", "line": 1}, '`line` needs `at` to be "answer"'),
    ],
)
async def test_lines_are_places_of_answers_alone(fault: dict[str, Any], message: str) -> None:
    async with Bench() as bench:
        with pytest.raises(UserError) as refused:
            bench.modem.faults.make(fault["fault"], {key: fault[key] for key in fault if key != "fault"})

    assert str(refused.value).endswith(message)

"""Faults by name: what a user may write, and what is said to what they may not."""

from typing import Any

import pytest

from emulator.errors import Cause, UserError
from emulator.faults.catalogue import FAULTS, make
from emulator.faults.fault import Place


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("conection-reset", {}, "there is no fault 'conection-reset'; the nearest is connection-reset"),
        ("connection-reset", {"bytes": 3}, "unknown key 'bytes'; the nearest is byte"),
        ("connection-reset", {"times": -1}, "times: -1 is not allowed; give a whole number from 0"),
        ("connection-reset", {"at": "dial"}, "at: 'dial' is not allowed; give one of sent, received, handshake"),
        ("connection-reset", {"message": 1}, '`message` needs `at` to be "handshake"'),
        ("connection-reset", {"at": "handshake"}, "a fault of a handshake needs `message`, from 1 on or a name"),
        ("reboot", {"command": "#SSLD", "byte": 3}, "`byte` needs `at` to be one of entry, typed"),
        ("reboot", {"probability": 2}, "probability: 2 is not allowed; give a number above 0 and up to 1"),
        ("signal", {}, "rssi is missing; give a whole number from 0 to 99"),
        ("registration-lost", {"at": "write"}, "at: 'write' is not allowed; give one of command, time"),
        ("activation-late", {}, "duration is missing; give a number of s, or one with its unit"),
        ("slow-network", {}, "give a `preset`, `latency`, `jitter`, `upload` or `download`"),
        ("slow-network", {"preset": "5G"}, "preset: '5G' is not allowed; give one of GPRS, EDGE, UMTS, HSPA"),
        ("slow-network", {"latency": "3 parsecs"}, "latency: '3 parsecs' has no unit of a duration; give"),
        ("handshake-cut", {"message": 1.5}, "message: 1.5 is not allowed; give a whole number or a name"),
        ("activation-refused", {"cause": "rain"}, "cause: 'rain' is not allowed; give one of phone_failure"),
        ("connect-rate", {"text": "fast\r"}, "text: 'fast\\r' is not allowed"),
        ("error-form", {"code": -1}, "code: -1 is not allowed; give a whole number from 0 to 65535"),
        ("command-refused", {"at": "answer"}, "unknown key 'at'"),
        ("unsolicited-line", {"text": "a\r\nb"}, "text: 'a\\r\\nb' is not allowed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(name: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as refused:
        make(name, parameters)

    assert str(refused.value).removeprefix(f"{name}: ").startswith(message)
    assert "\n" not in str(refused.value)


def test_every_cause_that_there_is_is_named() -> None:
    """A list of causes is never cut off: which of them is meant could not be guessed."""
    with pytest.raises(UserError) as refused:
        make("activation-refused", {"cause": "rain"})

    assert str(refused.value).endswith(f"give one of {', '.join(Cause)}")


def test_every_fault_says_what_it_is_and_where_it_strikes() -> None:
    """Its docstring and those of its keys make the manual."""
    needed: dict[str, dict[str, Any]] = {
        "signal": {"rssi": 3},
        "activation-late": {"duration": 1},
        "unsolicited-line": {"text": "RING"},
    }
    for name, kind in FAULTS.items():
        fault = make(name, needed.get(name, {"latency": 1} if name == "slow-network" else {}))

        assert kind.__doc__
        assert fault.place in Place
        assert fault.rule.startswith(name)


def test_a_rule_reads_as_it_was_written() -> None:
    fault = make("connection-reset", {"command": "#SSLD", "byte": "2 kB", "times": 3})

    assert "connection-reset command=#SSLD times=3 byte=2 kB" == fault.rule


def test_digits_need_no_quotes_where_text_is_wanted() -> None:
    """In a file as in a shell."""
    assert "sim-locked terminal=2 pin=4711" == make("sim-locked", {"terminal": 2, "pin": 4711}).rule

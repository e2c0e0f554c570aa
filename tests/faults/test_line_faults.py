"""Bytes that are lost, doubled or garbled between module and host."""

import asyncio
from typing import Any

import pytest

from emulator.testing import Bench


def heard_after(fault: str, line: str = "AT+CSQ", **parameters: object) -> str:
    async def run() -> str:
        async with Bench("HE910", seed=1) as bench:
            bench.modem.faults.add(fault, **parameters)
            bench.send(f"{line}\r")
            return bench.read()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("fault", "parameters", "heard"),
    [
        ("bytes-lost", {"byte": 2, "count": 3}, "\r\nQ: 20,0\r\n\r\nOK\r\n"),
        ("bytes-lost", {"byte": 0, "count": 100}, ""),
        ("bytes-doubled", {"byte": 2, "count": 5}, "\r\n+CSQ:+CSQ: 20,0\r\n\r\nOK\r\n"),
        ("bytes-lost", {"command": "+CSQ", "times": 0}, ""),
        ("bytes-lost", {"command": "+CREG", "times": 0}, "\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
        ("bytes-lost", {"occurrence": 3, "times": 4}, "\r\n: 20,0\r\n\r\nOK\r\n"),
    ],
)
def test_an_answer_is_damaged_where_it_was_asked_for(fault: str, parameters: dict[str, Any], heard: str) -> None:
    assert heard == heard_after(fault, **parameters)


def test_a_garbled_byte_differs_by_one_bit() -> None:
    good, bad = "\r\n+CSQ: 20,0\r\n\r\nOK\r\n", heard_after("bytes-garbled", byte=3, count=4)

    changed = [(ord(a), ord(b)) for a, b in zip(good, bad, strict=True) if a != b]
    assert len(changed) == 4
    assert all((a ^ b).bit_count() == 1 for a, b in changed)
    assert good[:3] + good[7:] == bad[:3] + bad[7:]


def test_what_the_host_types_is_lost() -> None:
    """Counted from when the fault was set: the second A of AT+AAA… is no more."""
    assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == heard_after("bytes-lost", "ATX+CSQ", at="typed", byte=2)


def test_chance_follows_the_seed() -> None:
    def damaged(seed: int) -> str:
        async def run() -> str:
            async with Bench("HE910", seed=seed) as bench:
                bench.modem.faults.add("bytes-garbled", probability=0.2, times=0)
                bench.send("AT+CGMM;+CGMR;+CSQ;+CREG?\r")
                return bench.read()

        return asyncio.run(run())

    assert damaged(1) == damaged(1) != damaged(2)

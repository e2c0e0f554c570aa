"""Bytes that are lost, doubled or garbled between module and host."""

from typing import Any

import pytest

from emulator.line.serial.port import HIGH_MARK
from emulator.testing import Bench


async def heard_after(fault: str, line: str = "AT+CSQ", **parameters: object) -> str:
    async with Bench("HE910", seed=1) as bench:
        bench.modem.faults.add(fault, **parameters)
        bench.send(f"{line}\r")
        return bench.read()


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
async def test_an_answer_is_damaged_where_it_was_asked_for(fault: str, parameters: dict[str, Any], heard: str) -> None:
    assert heard == await heard_after(fault, **parameters)


async def test_a_garbled_byte_differs_by_one_bit() -> None:
    good, bad = "\r\n+CSQ: 20,0\r\n\r\nOK\r\n", await heard_after("bytes-garbled", byte=3, count=4)

    changed = [(ord(a), ord(b)) for a, b in zip(good, bad, strict=True) if a != b]
    assert len(changed) == 4
    assert all((a ^ b).bit_count() == 1 for a, b in changed)
    assert good[:3] + good[7:] == bad[:3] + bad[7:]


async def test_what_the_host_types_is_lost() -> None:
    """Counted from when the fault was set: the second A of AT+AAA… is no more."""
    assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == await heard_after("bytes-lost", "ATX+CSQ", at="typed", byte=2)


async def test_chance_follows_the_seed() -> None:
    async def damaged(seed: int) -> str:
        async with Bench("HE910", seed=seed) as bench:
            bench.modem.faults.add("bytes-garbled", probability=0.2, times=0)
            bench.send("AT+CGMM;+CGMR;+CSQ;+CREG?\r")
            return bench.read()

    assert await damaged(1) == await damaged(1) != await damaged(2)


async def test_each_of_some_bytes_comes_after_a_pause() -> None:
    """In their order; a line that comes meanwhile waits behind them."""
    async with Bench("HE910") as bench:
        bench.modem.faults.add("bytes-late", byte=2, count=3, duration="1 s")
        bench.send("AT+CSQ\r")
        bench.modem.faults.add("unsolicited-line", text="RING")
        heard = []
        for _ in range(4):
            heard.append(bench.read())
            await bench.advance(1)

        assert ["\r\n", "+", "C", "SQ: 20,0\r\n\r\nOK\r\n\r\nRING\r\n"] == heard
        assert "\r\nOK\r\n" == await bench.command("AT")


async def test_what_the_host_types_comes_late() -> None:
    async with Bench("HE910") as bench:
        bench.modem.faults.add("bytes-late", at="typed", byte=3)
        bench.send("AT+CSQ\r")
        await bench.advance(0.9)
        assert "" == bench.read()
        await bench.advance(0.2)
        assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == bench.read()


async def test_a_pause_ends_when_too_much_waits() -> None:
    """What a peer or a command goes on saying is not kept without a bound."""
    async with Bench("HE910") as bench:
        rule = bench.modem.faults.add("bytes-late", duration="1 h")
        instance = bench.modem.faults.instances["1"]
        bench.send("AT+CSQ\r")
        assert (1, "") == (rule.fired, bench.read())
        for _ in range(10):
            instance._send(bytes(8000))

        assert HIGH_MARK < len(bench.read())


async def test_what_is_late_is_lost_when_the_host_leaves() -> None:
    """The next host hears nothing of it, and is answered without a delay."""
    async with Bench("HE910") as bench:
        bench.modem.faults.add("bytes-late", duration="1 h")
        bench.send("AT+CSQ\r")
        bench.port.host_close()
        bench.port.host_open()
        bench.send("AT\r")

        assert "\r\nOK\r\n" == bench.read()
        await bench.advance(2 * 3600)
        assert "" == bench.read()


async def test_what_is_late_is_lost_with_the_power() -> None:
    async with Bench("HE910") as bench:
        bench.modem.faults.add("bytes-late", command="+CSQ", byte=3, duration="1 s")
        bench.send("AT+CSQ\r")
        bench.modem.device.power.restart()
        await bench.advance(20)
        bench.send("ATE0\r")

        assert "\r\n+" + "ATE0\r\r\nOK\r\n" == bench.read()

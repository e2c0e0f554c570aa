"""Benches whose module takes its time, in the states that tests begin with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from emulator.testing import Bench
from tests.commands.ssl_bench import GSM, OK, routes_to

LONG = 200.0
"""Seconds in which everything has come to an end that a start begins."""


@asynccontextmanager
async def slow_bench(firmware: str = GSM, port: int | None = None, **options: Any) -> AsyncIterator[Bench]:
    """A module that is registered and attached, with context 1 defined."""
    async with Bench(firmware, routes=routes_to(port) if port else {}, realistic=True, **options) as bench:
        await bench.advance(LONG)
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"')
        yield bench


async def succeed(bench: Bench, *lines: str, within: float = 5.0) -> None:
    """Each line is answered by OK alone, in that time."""
    for line in lines:
        assert OK == await bench.command(line, within=within), line


async def seconds_of(bench: Bench, line: str, *, most: float) -> tuple[str, float]:
    """What a line is answered with, and the module's seconds that it takes, to a hundredth."""
    began = bench.clock.now()
    bench.read()
    bench.send(f"{line}\r")
    heard = ""
    while not heard and bench.clock.now() - began < most:
        await bench.advance(0.01)
        heard = bench.read()
    return heard, round(bench.clock.now() - began, 2)

"""Time until `AT` is answered, beside a bare echo on a pseudo-terminal."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks.host import HostTerminal, open_host
from benchmarks.modem import modem
from benchmarks.processes import child
from benchmarks.table import Effort, Goal, Report, Row, percentile

_GOAL = Goal("at most 3 times", 3.0)
TRIPS = 200
"""In one block; blocks of the two take turns."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let the modem and the echo take turns."""
    blocks = effort.of(40, 10, 1)
    report(f"{blocks * TRIPS} round trips")
    answered: list[float] = []
    echoed: list[float] = []
    with modem() as at, _bare_echo() as echo:
        for _ in range(blocks):
            answered += trips(at, b"AT\r", b"\r\nOK\r\n")
            echoed += trips(echo, b"AT\r", b"AT\r")
    ratio = median(answered) / median(echoed)
    yield Row(
        "AT round trip, median; pty echo in Python",
        microseconds(median(answered)),
        microseconds(median(echoed)),
        f"{ratio:.2f}",
        _GOAL.text,
        _GOAL.verdict(ratio),
    )
    slowest, slowest_echo = percentile(answered, 99), percentile(echoed, 99)
    yield Row(
        "AT round trip, 99th percentile; pty echo in Python",
        microseconds(slowest),
        microseconds(slowest_echo),
        f"{slowest / slowest_echo:.2f}",
    )


@contextmanager
def _bare_echo() -> Iterator[HostTerminal]:
    command = [sys.executable, "-m", "benchmarks.pty_echo"]
    with child(command) as process, open_host(process.wait_for(rb"(\S+)\n")[1].decode()) as host:
        yield host


def trips(host: HostTerminal, question: bytes, answer: bytes) -> list[float]:
    """Send a block of commands; return the seconds of each answer."""
    times = []
    for _ in range(TRIPS):
        started = time.perf_counter()
        os.write(host.descriptor, question)
        heard = b""
        while len(heard) < len(answer):
            heard += os.read(host.descriptor, 4096)
        times.append(time.perf_counter() - started)
        if heard != answer:
            raise RuntimeError(f"{question!r} was answered by {heard!r}")
    return times


def microseconds(seconds: float) -> str:
    """Write seconds as microseconds."""
    return f"{seconds * 1e6:.0f} us"

"""Time until `AT` is answered: beside a bare echo on a pseudo-terminal, with both event loops, and within a process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from benchmarks.host import HostTerminal, open_host
from benchmarks.modem import modem
from benchmarks.processes import child
from benchmarks.steady import compare, microseconds, one_processor
from benchmarks.table import Effort, Goal, Report, Row

OK = b"\r\nOK\r\n"
_PLAIN = Goal("at most 2.5 times", 2.5)
_FAST = Goal("at most 2 times", 2.0)
_WITHIN = Goal("at most 10 us", 10e-6)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let the modem, with and without uvloop, and the echo take turns."""
    report("round trips, each program started several times")
    with_uvloop = find_spec("uvloop") is not None
    ways = [(_bare_echo, b"AT\r"), (_without_uvloop, OK), *([(modem, OK)] if with_uvloop else [])]
    echoed, plain, *fast = compare(effort, ways)
    yield _row("AT round trip; pty echo in Python", plain, echoed, _PLAIN)
    what = "AT round trip, extra `fast`; pty echo in Python"
    yield _row(what, fast[0], echoed, _FAST) if fast else Row.skipped(what, "uvloop is not installed")
    within = _within(effort.of(100, 30, 1))
    yield Row(
        "AT round trip within a process", microseconds(within), goal=_WITHIN.text, verdict=_WITHIN.verdict(within)
    )


def _row(what: str, answered: float, echoed: float, goal: Goal) -> Row:
    ratio = answered / echoed
    return Row(what, microseconds(answered), microseconds(echoed), f"{ratio:.2f}", goal.text, goal.verdict(ratio))


@contextmanager
def _bare_echo() -> Iterator[HostTerminal]:
    command = [sys.executable, "-m", "benchmarks.pty_echo"]
    with child(command) as process, open_host(process.wait_for(rb"(\S+)\n")[1].decode()) as host:
        yield host


@contextmanager
def _without_uvloop() -> Iterator[HostTerminal]:
    with modem(uvloop=False) as host:
        yield host


def _within(blocks: int) -> float:
    """Return the seconds of a round trip over a memory port: the mean of the best block."""
    with one_processor(), child([sys.executable, "-m", "benchmarks.memory_modem", str(blocks)]) as process:
        return float(process.wait_for(rb"(\S+)\n")[1])

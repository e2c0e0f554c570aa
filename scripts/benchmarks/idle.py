"""Cost of idle modems: CPU time and memory of many in one process, with and without hosts."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.fleet_command import fleet
from benchmarks.host import open_host
from benchmarks.processes import Child, child
from benchmarks.table import Effort, Goal, Report, Row

_CPU = Goal("at most 1 % of a core", 0.01)
_MEMORY = Goal("at most 300 kB", 300.0)
_START = Goal("at most a minute", 60.0)
_FORMS = {"async": "in one event loop", "threads": "each in its own thread"}


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Measure the modems while nothing happens."""
    seconds, count = effort.of(6.0, 2.0, 0.2), effort.of(50, 50, 5)
    for form, words in _FORMS.items():
        report(f"{count} modems {words}, {seconds} s with hosts and {seconds} s without")
        title = f"{count} idle modems {words}"
        with child([sys.executable, "-m", "benchmarks.many_modems", form, str(count)]) as modems:
            state = json.loads(modems.wait_for(rb"\{.*\}\n")[0])
            kilobytes = state["added"] / 1000
            yield _cpu_row(f"{title}, no host on the port: CPU", _share(modems, seconds))
            with ExitStack() as stack:
                for port in state["ports"]:
                    stack.enter_context(open_host(port)).command("AT")
                yield _cpu_row(f"{title}, a host on each port: CPU", _share(modems, seconds))
        verdict = _MEMORY.verdict(kilobytes)
        yield Row(f"{title}: memory that each adds", f"{kilobytes:.0f} kB", goal=_MEMORY.text, verdict=verdict)
    many = effort.of(10_000, 1000, 10)
    report(f"{many} modules by one command, {seconds} s")
    yield from _by_one_command(many, seconds)


def _by_one_command(count: int, seconds: float) -> Iterator[Row]:
    """Measure as many modules as an SMS gateway may have, without hosts."""
    title = f"{count} idle modules on Unix sockets, run --count in two processes"
    with fleet("HE910", count, 2) as modules:
        yield Row(
            f"{title}: start to ready",
            f"{modules.seconds:.1f} s",
            goal=_START.text,
            verdict=_START.verdict(modules.seconds),
        )
        yield Row(f"{title}: memory by module, all in all", f"{modules.resident / 1000 / count:.0f} kB")
        before, started = modules.used, time.monotonic()
        time.sleep(seconds)
        yield _cpu_row(f"{title}: CPU", (modules.used - before) / (time.monotonic() - started))


def _cpu_row(what: str, share: float) -> Row:
    return Row(what, f"{share * 100:.3f} %", goal=_CPU.text, verdict=_CPU.verdict(share))


def _share(modems: Child, seconds: float) -> float:
    """Return the part of one core that the process uses."""
    before, started = _used(modems), time.monotonic()
    time.sleep(seconds)
    return (_used(modems) - before) / (time.monotonic() - started)


def _used(modems: Child) -> float:
    return float(modems.ask(b"", rb"used (\S+) \d+\n")[1])

"""Cost of a trace in a file, and of a page that nobody looks at: the time until `AT` is answered, with and without."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.host import HostTerminal
from benchmarks.modem import modem
from benchmarks.round_trip import OK
from benchmarks.steady import TRIPS, compare, microseconds
from benchmarks.table import Effort, Goal, Report, Row

_GOAL = Goal("at most 1.1 times", 1.1)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let a modem that writes a trace, one that has a page and one that has neither take turns."""
    report("round trips, each program started several times")
    traced, shown, plain = compare(effort, [(_traced, OK), (_shown, OK), (modem, OK)])
    yield _row("AT round trip with --trace FILE; without", traced, plain)
    yield _row("AT round trip with --web and no browser; without", shown, plain)


def _row(name: str, measured: float, plain: float) -> Row:
    ratio = measured / plain
    return Row(name, microseconds(measured), microseconds(plain), f"{ratio:.2f}", _GOAL.text, _GOAL.verdict(ratio))


def _shown() -> AbstractContextManager[HostTerminal]:
    return modem("--web", "127.0.0.1:0")


@contextmanager
def _traced() -> Iterator[HostTerminal]:
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        with modem("--trace", str(trace)) as host:
            yield host
        lines = trace.read_text(encoding="utf-8").count("\n")
    if lines < 2 * TRIPS:
        raise RuntimeError(f"the trace of {TRIPS} round trips at least has {lines} lines only")

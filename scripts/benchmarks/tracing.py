"""Cost of a trace in a file: the time until `AT` is answered, with and without it."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.modem import modem
from benchmarks.round_trip import TRIPS, microseconds, trips
from benchmarks.table import Effort, Report, Row


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let a modem that writes a trace and one that does not take turns."""
    blocks = effort.of(40, 10, 1)
    report(f"{blocks * TRIPS} round trips")
    traced: list[float] = []
    untraced: list[float] = []
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        with modem("--trace", str(trace)) as watched, modem() as plain:
            for _ in range(blocks):
                traced += trips(watched, b"AT\r", b"\r\nOK\r\n")
                untraced += trips(plain, b"AT\r", b"\r\nOK\r\n")
        lines = trace.read_text(encoding="utf-8").count("\n")
    if lines < 2 * len(traced):
        raise RuntimeError(f"the trace of {len(traced)} round trips has {lines} lines only")
    ratio = median(traced) / median(untraced)
    yield Row(
        "AT round trip with --trace FILE, median; without",
        microseconds(median(traced)),
        microseconds(median(untraced)),
        f"{ratio:.2f}",
    )

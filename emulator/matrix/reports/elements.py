"""Makes the parts that reports of runs have in common: time lines, and tables of faults."""

from collections.abc import Iterator, Sequence

from emulator.matrix.story import TimeLine
from emulator.pages.elements import table, text
from emulator.trace.events import FaultTally

_MOST_LINES = 2000
"""Lines of a time line that the page shows, half of them from the end."""
_KINDS = ("host", "module", "net", "tls", "refused", "fault", "defect")
"""Kinds of lines that have a look of their own."""


def fault_table(faults: Sequence[FaultTally]) -> Iterator[str]:
    """Yield a table of faults, with how often each has triggered."""
    if faults:
        yield table("Faults", _fault_rows(faults), "faults ruled")


def _fault_rows(faults: Sequence[FaultTally]) -> Iterator[str]:
    yield '<thead><tr><th scope="col" class="number">No.</th>'
    yield '<th scope="col">Fault</th><th scope="col">Fired</th></tr></thead><tbody>'
    for fault in faults:
        yield f'<tr><td class="number">{fault.number}</td><td><code>{text(fault.rule)}</code></td>'
        yield f"<td>{text(fault.told)}</td></tr>"
    yield "</tbody>"


def time_line(lines: Sequence[TimeLine], most: int = _MOST_LINES) -> Iterator[str]:
    """Yield a table with a group of rows for each line of the host; of more than `most` lines, the first and last."""
    if lines:
        yield table("Time line", _time_rows(_shortened(lines, most)), "time-line")


def _time_rows(lines: Sequence[TimeLine]) -> Iterator[str]:
    yield '<thead><tr><th scope="col" class="number">Time</th>'
    yield '<th scope="col">Who, what</th><th scope="col">Text</th></tr></thead>\n<tbody>'
    for index, line in enumerate(lines):
        if line.kind == "host" and index:
            yield "</tbody>\n<tbody>"
        look = f' class="{line.kind}"' if line.kind in _KINDS else ""
        yield f'<tr{look}><td class="number">{line.at:.3f}</td>'
        yield f"<td>{text(line.who)}</td><td>{text(line.text)}</td></tr>\n"
    yield "</tbody>"


def _shortened(lines: Sequence[TimeLine], most: int) -> Sequence[TimeLine]:
    left_out = len(lines) - most
    if left_out <= 0:
        return lines
    half = most // 2
    between = TimeLine(lines[-half].at, "", f"({left_out} lines are left out)")
    return [*lines[:half], between, *lines[-half:]]

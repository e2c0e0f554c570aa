"""Reports the runs of a matrix: a table, JSON, and JUnit XML for CI systems."""

import json
import re
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import Any
from xml.etree import ElementTree

from emulator.firmware.selection import Choice
from emulator.matrix.run import Outcome, Run

_WIDTH = 100
"""Characters of a line below the table."""
_UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd]")
"""Characters that XML 1.0 does not allow (2.2)."""


def table(runs: Sequence[Run]) -> str:
    """Make a row a firmware: its outcome, its seconds, its first difference; then name the firmwares that are alike."""
    rows = [("Firmware", "Outcome", "Seconds", "First difference")]
    rows += [(run.firmware.name, _outcome(run), f"{run.seconds:.1f}", _difference(run)) for run in runs]
    alike = [_alike(run.firmware) for run in runs if run.firmware.alike]
    return "\n".join([_columns(rows), *(line for run in runs for line in _missing(run)), *alike])


def _missing(run: Run) -> Iterator[str]:
    """Name the commands that the host used and the firmware lacks, a line for each kind of lack."""
    for line in run.missing.in_words().splitlines():
        yield fill(f"{run.firmware.name}: {line}", _WIDTH, initial_indent="\n", subsequent_indent="    ")


def _alike(firmware: Choice) -> str:
    """Name those that differ by name only; a version that is the firmware's own is left out."""
    own_version = f"@{firmware.name.partition('@')[2]}"
    names = ", ".join(name.removesuffix(own_version) for name in firmware.alike)
    return fill(f"{firmware.name} stands for {names}", _WIDTH, initial_indent="\n", subsequent_indent="    ")


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def as_json(command: Sequence[str], runs: Sequence[Run]) -> str:
    """Return all facts of each run as JSON."""
    return json.dumps({"command": list(command), "runs": [_object(run) for run in runs]}, indent=2, ensure_ascii=False)


def as_junit(command: Sequence[str], runs: Sequence[Run]) -> str:
    """Return JUnit XML with a test case for each firmware, its output and its dialogue."""
    suite = ElementTree.Element(
        "testsuite",
        name=f"telit-emulator matrix: {_clean(' '.join(command))}",
        tests=str(len(runs)),
        failures=str(sum(run.outcome is not Outcome.PASSED for run in runs)),
        time=f"{sum(run.seconds for run in runs):.3f}",
    )
    for run in runs:
        case = ElementTree.SubElement(
            suite, "testcase", classname="matrix", name=run.firmware.name, time=f"{run.seconds:.3f}"
        )
        if facts := dict(_properties(run)):
            properties = ElementTree.SubElement(case, "properties")
            for name, value in facts.items():
                ElementTree.SubElement(properties, "property", name=name, value=_clean(value))
        if run.outcome is not Outcome.PASSED:
            failure = ElementTree.SubElement(case, "failure", message=_clean(f"{_outcome(run)}; {_difference(run)}"))
            failure.text = _clean(_dialogue(run))
        ElementTree.SubElement(case, "system-out").text = _clean(run.output)
        ElementTree.SubElement(case, "system-err").text = _clean(run.errors)
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _properties(run: Run) -> Iterator[tuple[str, str]]:
    if run.firmware.alike:
        yield "alike", ", ".join(run.firmware.alike)
    lacks: dict[str, list[str]] = {}
    for command, lack, why in run.missing:
        lacks.setdefault(lack, []).append(f"{command} ({why})" if why else command)
    yield from ((lack, ", ".join(commands)) for lack, commands in lacks.items())


def _outcome(run: Run) -> str:
    return f"{run.outcome}, exit code {run.exit_code}" if run.outcome is Outcome.FAILED else str(run.outcome)


def _difference(run: Run) -> str:
    if run.difference is not None:
        return run.difference.in_words
    return "" if run.outcome is Outcome.PASSED else "none to a run that passed"


def _dialogue(run: Run) -> str:
    return "\n".join(f"{exchange.said} -> {exchange.words}" for exchange in run.exchanges)


def _object(run: Run) -> dict[str, Any]:
    difference = run.difference
    return {
        "firmware": run.firmware.name,
        "alike": run.firmware.alike,
        "outcome": str(run.outcome),
        "exit_code": run.exit_code,
        "seconds": round(run.seconds, 3),
        "output": run.output,
        "errors": run.errors,
        "dialogue": [[exchange.said, exchange.answer] for exchange in run.exchanges],
        "missing_commands": [{"command": command, "lack": lack, "why": why} for command, lack, why in run.missing],
        "first_difference": None
        if difference is None
        else {"said": difference.said, "answer": difference.answer, "passing": difference.passing},
    }


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("?", text)

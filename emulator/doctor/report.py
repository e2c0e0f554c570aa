"""Report verdicts: a table for people, and JSON for programs."""

import json
from collections.abc import Sequence
from textwrap import fill
from typing import Any

from emulator.doctor.certificates import name_of
from emulator.doctor.question import Question
from emulator.doctor.verdict import ServerFacts, Verdict
from emulator.firmware.selection import Choice

REACHED = "reached"
"""The word of a verdict without a reason."""
_WIDTH = 100
"""Characters of a line below the table."""


def word_of(verdict: Verdict) -> str:
    """Return the verdict in one word."""
    return str(verdict.reason or REACHED)


def grouped(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    """Return the verdicts in groups of equal ones, in their order."""
    groups: dict[object, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict.reason, verdict.sentence, verdict.suites, verdict.also), []).append(verdict)
    return list(groups.values())


def table(verdicts: Sequence[Verdict]) -> str:
    """Make a row for each group of equal verdicts; then name the firmwares that each row stands for."""
    rows = [("Firmware", "Verdict", "Suites", "Why")]
    groups = grouped(verdicts)
    rows += [_row(group[0]) for group in groups]
    return "\n".join([_columns(rows), *filter(None, map(_alike, groups))])


def _row(verdict: Verdict) -> tuple[str, str, str, str]:
    also = f" Then: {', '.join(verdict.also)}." if verdict.also else ""
    return verdict.firmware.name, word_of(verdict), ", ".join(verdict.suites) or "-", verdict.sentence + also


def _alike(group: Sequence[Verdict]) -> str:
    """Name all firmwares of a group behind its first; a version that is the first one's own is left out."""
    first, *others = (name for verdict in group for name in _names(verdict.firmware))
    if not others:
        return ""
    own_version = f"@{first.partition('@')[2]}"
    names = ", ".join(name.removesuffix(own_version) for name in others)
    return fill(f"{first} stands for {names}", _WIDTH, initial_indent="\n", subsequent_indent="    ")


def _names(firmware: Choice) -> tuple[str, ...]:
    return firmware.name, *firmware.alike


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def as_json(question: Question, verdicts: Sequence[Verdict]) -> str:
    """Return all verdicts, and what is known about the server."""
    facts = _facts(verdicts[0].server) if verdicts else {}
    results = [_result(verdict) for verdict in verdicts]
    return json.dumps({"server": question.address, "results": results, "facts": facts}, indent=2, ensure_ascii=False)


def _result(verdict: Verdict) -> dict[str, Any]:
    return {
        "firmware": verdict.firmware.name,
        "alike": list(verdict.firmware.alike),
        "mode": verdict.mode,
        "reachable": verdict.reachable,
        "suites": list(verdict.suites),
        "cipher_suite": verdict.cipher_suite,
        "reason": verdict.reason and str(verdict.reason),
        "sentence": verdict.sentence,
        "also": list(map(str, verdict.also)),
        "ca_certificate": verdict.anchor and verdict.anchor.subject,
    }


def _facts(server: ServerFacts) -> dict[str, Any]:
    return {
        "versions": list(server.versions),
        "suites": list(server.suites),
        "chain": [{"subject": name_of(one), "bytes": len(one)} for one in server.chain],
        "key": server.key,
        "root": server.root and {"subject": server.root.subject, "source": server.root.source},
        "needs_name": server.needs_name,
        "asks_certificate": server.asks_certificate,
    }

"""Report verdicts: a table for people, and JSON for programs."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from emulator.device.ssl.policy import NO_AUTHENTICATION
from emulator.doctor.alike import grouped, likeness
from emulator.doctor.certificates import name_of
from emulator.doctor.dialogues import HostDialogue
from emulator.doctor.question import Question
from emulator.doctor.recipe_texts import as_data
from emulator.doctor.recipes import choose_recipes
from emulator.doctor.verdict import ServerFacts, Verdict
from emulator.firmware.status import worth_a_column

REACHED = "reached"
"""The word of a verdict without a reason."""


def plain(verdict: Verdict, word: str) -> str:
    """Give no colour."""
    return word


Paint = Callable[[Verdict, str], str]


def word_of(verdict: Verdict) -> str:
    """Return the verdict in one word."""
    return str(verdict.reason or REACHED)


def table(verdicts: Sequence[Verdict], paint: Paint = plain) -> str:
    """Make a row for each group of equal verdicts; then name the firmwares that each row stands for.

    Args:
        verdicts: those of one question.
        paint: gives the word of a verdict its colour.
    """
    groups = grouped(verdicts)
    known = worth_a_column(verdict.firmware.status for verdict in verdicts)
    rows = [("Firmware", *["Status"] * known, "Verdict", "Suites", "Why")]
    rows += [_row(group[0], known) for group in groups]
    alike = [line for group in groups if (line := likeness(group, verdicts))]
    parts = [_painted(_columns(rows), groups, paint), "\n".join(alike), _next_step(verdicts)]
    return "\n\n".join(filter(None, parts))


def _painted(lines: str, groups: Sequence[Sequence[Verdict]], paint: Paint) -> str:
    head, *rows = lines.splitlines()
    return "\n".join([head, *(_with_colour(row, group[0], paint) for row, group in zip(rows, groups, strict=True))])


def _with_colour(row: str, verdict: Verdict, paint: Paint) -> str:
    """Paint the word; the name before it may hold the same letters, so that the search begins behind it."""
    word, name = word_of(verdict), verdict.firmware.name
    return name + row.removeprefix(name).replace(word, paint(verdict, word), 1)


def _next_step(verdicts: Sequence[Verdict]) -> str:
    """Return what to ask next, where that can be told."""
    if all(verdict.reachable and verdict.mode == NO_AUTHENTICATION for verdict in verdicts):
        return "No certificate was checked; --mode 1 tells which CA certificate to store for that."
    return ""


def _row(verdict: Verdict, known: bool) -> tuple[str, ...]:
    also = f" Then: {', '.join(verdict.also)}." if verdict.also else ""
    status = [verdict.firmware.status or "-"] * known
    suites = ", ".join(verdict.suites) or "-"
    return verdict.firmware.name, *status, word_of(verdict), suites, verdict.sentence + also


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def as_json(question: Question, verdicts: Sequence[Verdict], dialogues: Sequence[HostDialogue] = ()) -> str:
    """Return all verdicts, what is known about the server, and what to do at both ends."""
    told = {
        "server": question.address,
        "results": [_result(verdict) for verdict in verdicts],
        "facts": _facts(verdicts[0].server) if verdicts else {},
        "at_server": [as_data(recipe) for recipe in choose_recipes(verdicts)],
        "at_host": [dialogue.as_data() for dialogue in dialogues],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _result(verdict: Verdict) -> dict[str, Any]:
    return {
        "firmware": verdict.firmware.name,
        "status": verdict.firmware.status,
        "alike": list(verdict.firmware.alike),
        "mode": verdict.mode,
        "reachable": verdict.reachable,
        "suites": list(verdict.suites),
        "cipher_suite": verdict.cipher_suite,
        "sslseccfg2": verdict.extended and f"1,{verdict.extended}",
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

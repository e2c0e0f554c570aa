"""Tells findings apart: by outcome, place, symptom and cause."""

import re
import signal
from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

from emulator.explore.findings.causes import cause_of
from emulator.explore.findings.whereabouts import outcome_place, whereabouts
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome


class Signature(NamedTuple):
    """What results of one bug have in common."""

    outcome: Outcome
    place: str
    """The command, as in `#SSLRECV=`; empty where the symptom names the place in the host's own code."""
    symptom: str
    """How the host ended, and its last words, without what changes from run to run."""
    cause: str
    """What demanded too much of it; empty where the symptom says enough."""


def signature_of(result: Result, commands: Collection[str] = ()) -> Signature:
    """Return the signature of a result.

    Args:
        result: of a run that is a finding.
        commands: those of the healthy run; their names in the host's words tell nothing of the bug.
    """
    steps, outcome = result.trial.steps, result.outcome
    where = whereabouts(result.story, steps)
    place, cause = outcome_place(outcome, where, steps), cause_of(steps)
    match outcome:
        case Outcome.HANG:
            return Signature(outcome, place, "goes on talking" if where.loops else "silent", cause)
        case Outcome.CRASH:
            return _of_crash(result, place, cause, commands)
        case Outcome.NEEDLESS_FAILURE:
            words = without_details(last_line(result.ending.errors), commands)
            return Signature(outcome, place, f"exit code {result.ending.exit_code}: {words}", cause)
        case _:
            line = result.check.first_line if result.check is not None else ""
            return Signature(outcome, place, without_details(line, commands), cause)


def _of_crash(result: Result, place: str, cause: str, commands: Collection[str]) -> Signature:
    ending = result.ending
    if (ending.exit_code or 0) < 0:
        return Signature(Outcome.CRASH, place, ended_by(ending.exit_code or 0), "")
    words = without_details(last_line(ending.errors), commands)
    location = code_location(ending.errors)
    if location:
        return Signature(Outcome.CRASH, "", f"{location}: {words}", "")
    return Signature(Outcome.CRASH, place, words, cause)


def ended_by(exit_code: int) -> str:
    """Return the name of the signal that a negative exit code stands for."""
    with suppress(ValueError):
        return signal.Signals(-exit_code).name
    return f"signal {-exit_code}"


def last_line(text: str) -> str:
    """Return the last line that is not empty; the path of the port is another one in each run."""
    line = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
    return _PORT.sub("{port}", line)


_PORT = re.compile(r"/\S*telit-emulator-\S*?/modem\b")


def code_location(errors: str) -> str:
    """Return where an uncaught exception of Python came from, as `host.py:12`; empty where the code raised it itself.

    A host that raises an exception of its own has noticed something: many bugs may end in that one line.
    """
    frames = _FRAME.findall(errors)
    if not frames:
        return ""
    path, line, code = frames[-1]
    return "" if _RAISED.match(code) else f"{path.rpartition('/')[2]}:{line}"


_FRAME = re.compile(r'^  File "([^"\n]+)", line (\d+).*\n(?:    (.*))?', re.MULTILINE)
_RAISED = re.compile(r"(raise|assert|sys\.exit)\b")


def without_details(line: str, commands: Collection[str] = ()) -> str:
    """Return a line of the host without what changes from run to run: quoted text, paths, commands and numbers.

    The module's own words for a failure stay: another one is another thing to a host.
    """
    line = _VARYING.sub(_error_in, line)
    names = sorted({name for command in commands if len(name := command.strip("+#$*@=?")) >= _SHORTEST}, reverse=True)
    if names:
        line = re.sub(rf"\b({'|'.join(map(re.escape, names))})\b", _VARIES, line)
    return " ".join(_LIST.sub(_error_in, line).split())


def _error_in(varying: "re.Match[str]") -> str:
    error = _ERROR.search(varying[0])
    return error[0] if error is not None else _VARIES


_VARIES = "…"
_ERROR = re.compile(r"\+CM[ES] ERROR: ?\w+(?: [a-z]+)*")
_VARYING = re.compile(
    r"""
    b?'(?:[^'\\]|\\.)*' | b?"(?:[^"\\]|\\.)*" | `[^`]*`  # quoted
    | (?<!\w)/[\w./-]+  # a path
    | \+CM[ES]\ ERROR:\ ?\w+(?:\ [a-z]+)*  # stays
    | \b(?:AT)?[+\#$*@][A-Z]\S* | \bAT[A-Z0-9&][\w=]*  # a command
    | \b0x[0-9a-f]+\b | \b(?=[0-9a-f]*\d)[0-9a-f]+\b | \d+  # a number
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIST = re.compile(r"\[[^\[\]]*\](?!\w)")
_SHORTEST = 3
"""Letters of a command's name that are no word of another language by chance."""


def shows_the_same(found: Signature, wanted: Signature) -> bool:
    """Return whether a run has shown the same bug; its cause may have become simpler."""
    same_place = found.outcome == wanted.outcome and found.place == wanted.place
    return same_place and is_alike(found.symptom, wanted.symptom)


def is_alike(one: str, other: str) -> bool:
    """Return whether two symptoms are the same but for a word or two, as of an answer that is quoted in part."""
    if one == other:
        return True
    if _firm(one) != _firm(other):
        return False
    mine, theirs = one.split(), other.split()
    common = sum(a == b for a, b in zip(mine, theirs, strict=False))
    return common >= _ENOUGH and common >= _ALIKE * max(len(mine), len(theirs))


def _firm(symptom: str) -> list[str]:
    """Return what may not differ: the exit code, and the module's words for a failure."""
    return [*_EXIT_CODE.findall(symptom), *_ERROR.findall(symptom)]


_EXIT_CODE = re.compile(r"^exit code \d+")


def is_telling(symptom: str) -> bool:
    """Return whether a symptom has words: the same ones elsewhere come from the same code, as far as one can tell."""
    return _WORD.search(symptom.removeprefix("exit code")) is not None


_WORD = re.compile(r"[^\W\d_]{2,}")
_ALIKE = 0.75
_ENOUGH = 3
"""Words in common, in their order from the first on."""

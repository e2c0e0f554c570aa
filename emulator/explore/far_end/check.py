"""Looks at the far end after a run: whether it has what it should, by the command of `--check`."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import which

from emulator.errors import UserError
from emulator.host_program import HostProgram, HostTimeout

CHECK_LIMIT = 60.0
"""Seconds of real time that the command may take."""
_WORDS = re.compile(r"[\w./-]+")


class Lack(StrEnum):
    """What is wrong with what the far end has, worst first: the words that a check may say."""

    TWICE = "twice"
    NONE = "none"
    PART = "part"


@dataclass(frozen=True)
class Check:
    """What a check has said."""

    exit_code: int
    first_line: str
    lack: Lack | None = None
    """What is wrong, where the check has told it otherwise than by a word of its first line."""

    @property
    def passed(self) -> bool:
        """Return whether the far end has what it should."""
        return self.exit_code == 0

    @property
    def told_lack(self) -> Lack | None:
        """Return what is wrong: by the words of the first line, unless it was told; None when nothing says so."""
        words = {word.strip("./-") for word in _WORDS.findall(self.first_line.lower())}
        return self.lack or next((lack for lack in Lack if lack in words), None)


def run_check(command: Sequence[str], port: str, environment: Mapping[str, str], limit: float = CHECK_LIMIT) -> Check:
    """Run the command of `--check` to its end; one that does not end in time has not passed.

    Raises:
        UserError: it cannot be run.
    """
    try:
        done = HostProgram(command, port, environment, what="--check").wait(limit)
    except HostTimeout:
        return Check(1, f"the check has not ended within {limit:g} s")
    said = [line.strip() for line in (*done.output.splitlines(), *done.errors.splitlines()) if line.strip()]
    return Check(done.exit_code, said[0] if said else f"exit code {done.exit_code}")


def both(checks: Sequence[Check]) -> Check | None:
    """Return what several checks have said together; None where there is none."""
    failed = [check for check in checks if not check.passed]
    if not failed:
        return checks[0] if checks else None
    lacks = {check.told_lack for check in failed}
    lack = next((lack for lack in Lack if lack in lacks), None)
    return Check(failed[0].exit_code, "; ".join(check.first_line for check in failed), lack)


def read_check(text: str) -> Sequence[str]:
    """Read the words of a check as a shell does, and look for its program before anything runs.

    Raises:
        UserError: it has no program that can be run.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UserError(f"--check {text}: {error}; write it as in a shell") from error
    if not words:
        raise UserError("--check: it is empty; name a program and its arguments")
    if which(words[0]) is None:
        reason = "it cannot be executed" if Path(words[0]).exists() else "there is no such program"
        raise UserError(f"--check {words[0]}: {reason}; name a program and its arguments")
    return words

"""Holds what all formats of a report tell."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from emulator.firmware.selection import Choice
from emulator.firmware.status import worth_a_column
from emulator.matrix.reports.shard_facts import ShardFacts
from emulator.matrix.result import Outcome, Run


@dataclass(frozen=True)
class Report:
    """All runs of a matrix."""

    command: Sequence[str]
    """The host program and its arguments."""
    options: Sequence[str]
    """The words that run the matrix again, up to the firmware: `telit-emulator matrix` and its options."""
    runs: Sequence[Run]
    started: datetime
    timeout: float = 120.0
    """Seconds that a run may take."""
    shard: ShardFacts | None = None
    """Which part of a whole it is; None where it is the whole."""

    @property
    def counts(self) -> str:
        """Return how many runs had which outcome, in one line."""
        counted = Counter(run.ending.outcome for run in self.runs)
        told = [f"{counted[outcome]} {outcome}" for outcome in Outcome if counted[outcome]]
        return f"{len(self.runs)} firmware{'s' * (len(self.runs) != 1)}: {', '.join(told)}"

    @property
    def program(self) -> str:
        """Return the command as it is typed."""
        return shlex.join(self.command)

    def replay(self, run: Run) -> str:
        """Return the command that does one run again."""
        words = [*self.options, "--firmware", run.firmware.name, "--seed", str(run.story.seed), "--", *self.command]
        return shlex.join(words)


def column_of_why(report: Report) -> str:
    """Return the title of the column that says where a run failed."""
    return "First difference" if any(run.passed for run in report.runs) else "Last exchange"


def shows_status(report: Report) -> bool:
    """Return whether the tables have a column for how well the software lines are known."""
    return worth_a_column(run.firmware.status for run in report.runs)


def alike(firmware: Choice) -> str:
    """Name those that differ by name only; a version that is the firmware's own is left out."""
    own_version = f"@{firmware.name.partition('@')[2]}"
    return ", ".join(name.removesuffix(own_version) for name in firmware.alike)

"""Holds what all formats of a report tell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from emulator.explore.exploration import Exploration
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.replay import as_typed, replay_command
from emulator.explore.reports.survey import Fate, Survey
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.verdict import Outcome
from emulator.matrix.reports.shard_facts import ShardFacts


@dataclass(frozen=True)
class Report:
    """What came of exploring a host program."""

    setting: Setting
    """The host program and its modems."""
    options: Sequence[str]
    """Options of the command line as they were typed, but for the firmwares and the seed."""
    explorations: Sequence[Exploration]
    """One a firmware."""
    started: datetime
    shard: ShardFacts | None = None
    """Which part of a whole it is; None where it is the whole."""

    @property
    def program(self) -> str:
        """Return the command as it is typed."""
        return as_typed(self.setting.command)

    @property
    def firmware(self) -> str:
        """Return the firmwares, with commas as `--firmware` takes them."""
        return ",".join(exploration.firmware for exploration in self.explorations)

    @property
    def runs(self) -> int:
        """Return how many runs there were."""
        return sum(exploration.runs for exploration in self.explorations)

    @property
    def seed(self) -> int:
        """Return the seed of all of them."""
        return self.explorations[0].seed

    @property
    def findings(self) -> Sequence[Finding]:
        """Return the findings of all firmwares."""
        return [finding for exploration in self.explorations for finding in exploration.findings]

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return sum(exploration.seconds for exploration in self.explorations)

    @property
    def is_broken_off(self) -> bool:
        """Return whether somebody has stopped it."""
        return any(exploration.is_broken_off for exploration in self.explorations)

    @property
    def counts(self) -> str:
        """Return how many findings of which outcome there are, in one line."""
        found = Counter(finding.outcome for finding in self.findings)
        number = sum(found.values())
        kinds = ", ".join(f"{found[outcome]} {outcome}" for outcome in Outcome if found[outcome])
        told = f"{number} finding{'s' * (number != 1)} ({kinds})" if number else "nothing found"
        broken_off = ", broken off" * self.is_broken_off
        return f"{told} in {self.runs} run{'s' * (self.runs != 1)}{broken_off}"

    @cached_property
    def surveys(self) -> Sequence[Survey]:
        """Return what came of every step, a firmware each."""
        return [Survey(exploration) for exploration in self.explorations]

    def number(self, fate: Fate) -> int:
        """Return how many steps had a fate."""
        return sum(1 for each in self.surveys for _ in each.steps_with(fate))

    def replays(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Yield the command that shows each finding again; none where its scenario has no file."""
        for finding in findings:
            if finding.scenario is not None:
                limit = finding.result.trial.limit if finding.outcome is Outcome.HANG else None
                yield replay_command(self.setting, finding.scenario, timeout=limit, firmware=finding.firmware)

    @property
    def again(self) -> str:
        """Return the command that explores once more in the same way."""
        words = [*self.options, "--firmware", self.firmware, "--seed", str(self.seed)]
        return as_typed(["telit-emulator", "explore", *words, "--", *self.setting.command])

"""Explores a host program: a healthy run, then every step aside, within the budget."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from emulator.errors import UserError
from emulator.explore.findings.conclusion import conclude
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.retrials import UNREDUCED, Effort
from emulator.explore.findings.told_once import tell_once
from emulator.explore.healthy import HEALTHY_RUNS, Healthy, healthy_runs
from emulator.explore.observer import Observer
from emulator.explore.schedule.batch import Batch, Part, results_of
from emulator.explore.schedule.schedule import Schedule
from emulator.explore.schedule.tried import State, Tried
from emulator.explore.steps.step import Step
from emulator.explore.subjects import all_steps
from emulator.explore.trials.pool import Pool
from emulator.explore.trials.runs import Allowance, Runs
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result
from emulator.matrix.shard import WHOLE, Shard


@dataclass
class Exploration:
    """What came of exploring one firmware."""

    firmware: str
    seed: int
    healthy: Result
    results: list[Result] = field(default_factory=list)
    """All runs but the first one, by their numbers."""
    findings: list[Finding] = field(default_factory=list)
    tried: Sequence[Tried] = ()
    """Every single step and what is known of it: what a map shows."""
    failures: Sequence[Result] = ()
    """Runs that each show something to be mended: one step alone, or several that break the host only together."""
    failed_in: Sequence[int] = ()
    """The number of the batch of each failure."""
    reduced: Sequence[Finding] = ()
    """The findings of this firmware, also those that another one has shown before."""
    healthy_notes: Sequence[str] = ()
    """How two healthy runs differ."""
    odd: int = 0
    """How many runs failed though nothing had happened."""
    notes: list[str] = field(default_factory=list)
    """What else is to be said, a line each."""
    seconds: float = 0.0
    """How long it took."""
    is_broken_off: bool = False
    """Whether somebody has stopped it."""
    count: int = 0
    """How many runs began: the healthy ones, those of `results`, and those by which findings were reduced."""

    @property
    def runs(self) -> int:
        """Return how many runs there were."""
        return max(self.count, len(self.results) + 1)


@dataclass(frozen=True)
class Limits:
    """How far an exploration goes."""

    budget: int | None = None
    """Runs; all single steps when neither this nor `minutes` is given."""
    minutes: float | None = None
    timeout: float | None = None
    """Seconds of real time that one run may take; worked out from the healthy run when left out."""
    kinds: Collection[str] | None = None
    """Names of the kinds of steps that are tried; all of them when left out."""

    @property
    def goes_on(self) -> bool:
        """Return whether pairs follow the single steps, until the budget or the time is over."""
        return self.budget is not None or self.minutes is not None


def explore(
    setting: Setting,
    firmware: str,
    *,
    jobs: int = 1,
    seed: int = 0,
    limits: Limits = Limits(),
    observer: Observer | None = None,
) -> Exploration:
    """Explore a host program with one firmware; see `explore_all`."""
    (exploration,) = explore_all(setting, [firmware], jobs=jobs, seed=seed, limits=limits, observer=observer)
    return exploration


def explore_all(
    setting: Setting,
    firmwares: Sequence[str],
    *,
    jobs: int = 1,
    seed: int = 0,
    limits: Limits = Limits(),
    shard: Shard = WHOLE,
    observer: Observer | None = None,
) -> list[Exploration]:
    """Explore a host program with several firmwares, one after the other; they share budget and time evenly.

    Ctrl-C (KeyboardInterrupt) ends it: what was found so far is returned, in an exploration that `is_broken_off`.

    Raises:
        UserError: the host is not found, its healthy run fails, the check cannot run, or the budget is too small.
    """
    observer = observer or Observer()
    if limits.budget is not None:
        limits = replace(limits, budget=_budget(limits.budget, len(firmwares), shard))
    explorations: list[Exploration] = []
    started = time.monotonic()
    try:
        with Pool(setting, jobs) as pool:
            for number, firmware in enumerate(firmwares):
                spent = sum(exploration.runs for exploration in explorations)
                allowance = _share(limits, len(firmwares) - number, spent, started)
                observer.begins(firmware)
                runs = Runs(pool, firmware, allowance, observer)
                explorer = _Explorer(setting, runs, firmware, seed, limits, shard, observer)
                explorations.append(explorer.run())
                if explorations[-1].is_broken_off:
                    break
    finally:
        observer.is_over()
    number_findings(explorations)
    return explorations


def _budget(whole: int, firmwares: int, shard: Shard) -> int:
    """Return the runs that a shard may take.

    Raises:
        UserError: they are too few for the healthy runs.
    """
    least = HEALTHY_RUNS * firmwares * shard.of
    if whole < least:
        shards = f" in each of {shard.of} shards" if shard != WHOLE else ""
        named = "the firmware needs" if firmwares == 1 else f"each of {firmwares} firmwares needs"
        raise UserError(f"--budget {whole}: {named} {HEALTHY_RUNS} healthy runs{shards}; give {least} or more")
    return shard.share(whole)


def number_findings(explorations: Sequence[Exploration]) -> None:
    """Leave what several firmwares show to the first one, and number the findings of all."""
    told = tell_once(
        {each.firmware: each.findings for each in explorations}, {each.firmware: each.healthy for each in explorations}
    )
    for each in explorations:
        each.findings = told[each.firmware]
    for number, finding in enumerate((found for each in explorations for found in each.findings), 1):
        finding.number = number


def _share(limits: Limits, firmwares: int, spent: int, started: float) -> Allowance:
    """Return what one of the firmwares that are left may take."""
    now = time.monotonic()
    runs = None if limits.budget is None else max(1, (limits.budget - spent) // firmwares)
    until = None if limits.minutes is None else now + (started + 60 * limits.minutes - now) / firmwares
    return Allowance(runs, until)


class _Explorer:
    """Explore one firmware."""

    def __init__(
        self,
        setting: Setting,
        runs: Runs,
        firmware: str,
        seed: int,
        limits: Limits,
        shard: Shard,
        observer: Observer,
    ) -> None:
        self._setting = setting
        self._runs = runs
        self._firmware = firmware
        self._seed = seed
        self._limits = limits
        self._shard = shard
        self._steps: list[Step] = []
        self._observer = observer
        self._schedule: Schedule | None = None
        self._started = time.monotonic()

    def run(self) -> Exploration:
        """Explore, until all is tried, or the budget or the time is over, or Ctrl-C."""
        self._runs.limit = self._limits.timeout or _FIRST
        healthy = healthy_runs(self._runs, self._setting.command)
        exploration = Exploration(self._firmware, self._seed, healthy.result)
        exploration.healthy_notes = healthy.notes
        for note in healthy.notes:
            exploration.notes.append(note)
            self._observer.notes(note)
        try:
            self._sweep(exploration, healthy)
        except KeyboardInterrupt:
            exploration.is_broken_off = True
            self._runs.stop()
        self._conclude(exploration)
        return exploration

    def _sweep(self, exploration: Exploration, healthy: Healthy) -> None:
        scale = self._setting.options.time_scale
        runs = self._runs
        if self._limits.timeout is None:
            runs.limit, runs.time_scale = self._limit(healthy), scale
        else:
            runs.time_scale = float("inf")
        runs.silence = max(2 * healthy.seconds, self._setting.patience / scale) + _MOMENT
        census = healthy.result.census
        assert census is not None
        steps = self._steps = list(all_steps(census, self._limits.kinds))
        schedule = self._schedule = Schedule(
            steps, self._seed, self._setting.patience, goes_on=self._limits.goes_on, shard=self._shard
        )
        self._observer.is_healthy(healthy.result, len(schedule.tried))
        exploration.tried = schedule.tried
        for share in _SHARES:
            left = runs.left
            schedule.most = None if left is None else schedule.started + int(left * share)
            self._try_all(schedule, exploration, runs.part_of_time(share))
            if any(True for batch in schedule.batches for _ in results_of(batch)):
                break  # the rest is for the reduction

    def _limit(self, healthy: Healthy) -> float:
        """Return the seconds that a run may take: less where there are few minutes, so that one that hangs is found."""
        limit = 3 * healthy.seconds + _LONGEST / self._setting.options.time_scale
        return limit if self._limits.minutes is None else min(limit, 60 * self._limits.minutes * _PART)

    def _try_all(self, schedule: Schedule, exploration: Exploration, until: float) -> None:
        runs = self._runs
        under_way: dict[int, tuple[Batch, Part]] = {}
        while True:
            while runs.has_room and time.monotonic() < until and (chosen := schedule.next()) is not None:
                trial = runs.trial([one.step for one in chosen[1].members])
                under_way[trial.number] = chosen
                runs.start(trial)
            runs.waiting = schedule.waiting + len(under_way)
            if not runs.is_busy or (result := runs.next_result()) is None:
                return
            batch, part = under_way.pop(result.trial.number)
            batch.note(part, result)
            exploration.results.append(result)

    def _conclude(self, exploration: Exploration) -> None:
        """Put together what is known, however the exploration has ended."""
        schedule = self._schedule
        if schedule is None:
            return
        exploration.results.sort(key=lambda result: result.trial.number)
        found = [(result, batch.number) for batch in schedule.batches for result in results_of(batch)]
        exploration.failures, exploration.failed_in = [result for result, _ in found], [number for _, number in found]
        exploration.odd = sum(len(batch.odd) for batch in schedule.batches)
        exploration.notes += notes_of(exploration)
        concluded = conclude(
            self._runs.run,
            exploration.healthy,
            exploration.failures,
            results=exploration.results,
            steps=self._steps,
            effort=UNREDUCED if exploration.is_broken_off else Effort(runs=self._runs.left, until=self._runs.until),
            begins=self._observer.reduces,
            told=self._observer.found,
        )
        exploration.findings, exploration.reduced = concluded.findings, concluded.findings
        exploration.is_broken_off |= concluded.is_broken_off
        exploration.count = self._runs.count
        exploration.seconds = time.monotonic() - self._started


def notes_of(exploration: Exploration) -> list[str]:
    """Return what is to be said of the steps as a whole."""
    ended_by = "it was broken off" if exploration.is_broken_off else "the budget or the time was over"
    counts = {state: sum(one.state is state for one in exploration.tried) for state in State}
    odd = exploration.odd
    told = {
        f"not tried, {ended_by} before": counts[State.UNTRIED],
        "not tried, as another one of their kind fails at the same place": counts[State.PUT_OFF],
        "tried, but no run came to their places": counts[State.NOT_REACHED],
    }
    notes = [f"{number} step{'s' * (number != 1)}: {text}" for text, number in told.items() if number]
    if odd:
        runs = f"{odd} run{'s' * (odd != 1)}"
        notes.append(f"{runs} failed though nothing had happened: the host is not steady by itself")
    return notes


_FIRST = 120.0
"""Seconds that the healthy run may take."""
_LONGEST = 200.0
"""Seconds of the module's time that a host may take beyond its healthy run: commands may take 180 seconds."""
_PART = 0.25
"""Of the minutes, for one run."""
_MOMENT = 1.0
"""Seconds in which the shortest silence is over."""
_SHARES = (0.7, 1.0)
"""How much of what is left of budget and time the steps may have; the rest is for the reduction of what was found."""

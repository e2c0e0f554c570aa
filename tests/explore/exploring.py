"""Tries given steps with a host, each alone, and concludes: what an exploration does with steps of its own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulator.explore.findings.conclusion import conclude
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.retrials import THOROUGH, Effort
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.pool import Pool
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import Outcome

FIRMWARE = "HE910@12.00.004"
LIMIT = 4.0
"""Seconds until a host hangs."""


def step(
    nature: Nature,
    *faults: Mapping[str, Any],
    command: str | None = None,
    occurrence: int = 1,
    kind: str = "a kind of the tests",
    lasts: float = 0.0,
) -> Step:
    """Make a step of some faults; its place is that of the first one."""
    at = command if command is not None else str(faults[0].get("command", ""))
    return Step(kind, nature, at, occurrence, faults, "seen in a test", lasts=lasts)


def find(
    command: Sequence[str],
    tried: Iterable[Step | tuple[Step, ...]],
    *,
    known: Sequence[Step] = (),
    effort: Effort = THOROUGH,
    limit: float = LIMIT,
) -> list[Finding]:
    """Return what comes of steps, each tried alone; `known` ones were not tried and may be simpler."""
    setting = Setting(command)
    several = [one if isinstance(one, tuple) else (one,) for one in tried]
    with Pool(setting, jobs=2) as pool:
        (healthy,) = pool.run([Trial(0, FIRMWARE, (), limit, takes_census=True)])
        assert healthy.outcome is Outcome.PASSED, healthy.ending

        def run(scenarios: Sequence[Sequence[Step]], first: int = 1000) -> Iterable[Result]:
            return pool.run(Trial(number, FIRMWARE, tuple(one), limit) for number, one in enumerate(scenarios, first))

        results = list(run(several, 1))
        failures = [result for result in results if result.outcome.is_finding]
        singles = [one[0] for one in several if len(one) == 1]
        return conclude(run, healthy, failures, results=results, steps=[*singles, *known], effort=effort).findings

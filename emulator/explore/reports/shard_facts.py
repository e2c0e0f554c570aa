"""What `explore --shard I/N --json FILE` writes beside the findings: all that is needed to tell the whole."""

from typing import Any

import msgspec

from emulator.explore.far_end.check import Check
from emulator.explore.schedule.tried import State
from emulator.explore.steps.step import Step
from emulator.explore.trials.verdict import Outcome
from emulator.faults.census import Passed
from emulator.faults.situation import DeviceFacts
from emulator.matrix.reports.facts import ExchangeFacts, FaultFacts
from emulator.matrix.result import Ending


class StoryFacts(msgspec.Struct):
    """What was said in a run."""

    before: tuple[dict[str, Any], ...]
    """The events before the host said anything."""
    dialogue: tuple[ExchangeFacts, ...]
    """Each exchange."""
    left_out: int
    """How many exchanges are missing before the last ones."""
    faults: tuple[FaultFacts, ...]
    """How often each fault has triggered."""
    seed: int
    """What decided what is left to chance."""


class CensusFacts(msgspec.Struct):
    """The places of a healthy run."""

    device: DeviceFacts
    """What holds for the module."""
    passed: tuple[Passed, ...]
    """Each place, in its order."""


class ResultFacts(msgspec.Struct):
    """A run."""

    number: int
    """Which run of the shard it was."""
    firmware: str
    """Its firmware."""
    steps: tuple[Step, ...]
    """The steps aside."""
    limit: float
    """Seconds that it might take."""
    outcome: Outcome
    """What the host made of it."""
    ending: Ending
    """How the host ended."""
    check: Check | None
    """What the far end had; null where nobody looked."""
    is_stuck: bool
    """Whether the host was ended as it would never have gone on."""
    story: StoryFacts
    """What was said."""
    census: CensusFacts | None
    """The places, of a healthy run."""


class TriedFacts(msgspec.Struct):
    """A single step, and what is known of it."""

    place: int
    """Its place among all steps of the whole."""
    step: Step
    """The step."""
    state: State
    """What is known of it."""
    result: int | None
    """The run that tells it: its place among `results`."""


class FailureFacts(msgspec.Struct):
    """A run that shows something to be mended."""

    batch: int
    """Its place in the order of the whole."""
    result: int
    """The run: its place among `results`."""


class ReducedFacts(msgspec.Struct):
    """A finding of the shard."""

    start: int
    """The run from which it was reduced: its place among `results`."""
    result: int
    """A run with the least scenario."""
    steps: tuple[Step, ...]
    """What is left of the steps."""
    shown: tuple[int, int]
    """How often the least scenario has shown it, of how many times."""
    reruns: int
    """How many runs the reduction took."""


class PartFacts(msgspec.Struct):
    """What a shard has done with one firmware."""

    firmware: str
    """Its name."""
    healthy: ResultFacts
    """The healthy run."""
    results: tuple[ResultFacts, ...]
    """All runs that are named below."""
    runs: tuple[int, ...]
    """Those of the steps."""
    tried: tuple[TriedFacts, ...]
    """Each step of the shard."""
    failures: tuple[FailureFacts, ...]
    """What was found, before it is grouped."""
    findings: tuple[ReducedFacts, ...]
    """What the shard has made of it."""
    odd: int
    """How many runs failed though nothing had happened."""
    notes: tuple[str, ...]
    """What else is to be said."""
    seconds: float
    """How long it took."""
    count: int
    """How many runs there were."""
    is_broken_off: bool
    """Whether somebody has stopped it."""


class EvidenceFacts(msgspec.Struct):
    """All that a shard has done."""

    seed: int
    """What decided the order."""
    lab: bool
    """Whether the lab was there."""
    options: dict[str, Any]
    """The options of the modems that are not as they are when left out."""
    parts: tuple[PartFacts, ...]
    """One a firmware."""

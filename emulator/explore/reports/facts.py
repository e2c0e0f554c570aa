"""What `explore --json FILE` writes: one object, by which programs read what was found."""

from typing import Any

import msgspec

from emulator.explore.reports.shard_facts import EvidenceFacts
from emulator.explore.reports.survey import Fate
from emulator.explore.steps.step import Nature
from emulator.explore.trials.verdict import Outcome
from emulator.json_schema import Schema, components, document
from emulator.matrix.reports.facts import ExchangeFacts
from emulator.matrix.reports.shard_facts import ShardFacts


class StepFacts(msgspec.Struct):
    """A step aside."""

    kind: str
    """The kind of fault or of variation."""
    nature: Nature
    """What it demands of a host."""
    command: str
    """The command of the healthy run at which it applies; empty for none."""
    occurrence: int
    """Which one of those commands, from 1 on."""
    detail: str
    """What else tells it from the others of its kind."""
    lasts: float
    """Seconds of the module's time until what it begins is over."""
    firmware: str | None
    """Another firmware in the place of the one that is explored."""
    source: str
    """Where it is written, or was seen, that a module or a network does so."""
    faults: tuple[dict[str, Any], ...]
    """The same as a scenario has it."""


class CheckFacts(msgspec.Struct):
    """What `--check` and the built-in checks have said."""

    exit_code: int
    """0 if the far end has what it should."""
    first_line: str
    """Their first line."""


class FindingFacts(msgspec.Struct):
    """A distinct finding."""

    number: int
    """From 1 on, the worst first."""
    firmware: str
    """Where it was found first."""
    also: tuple[str, ...]
    """Further firmwares that show it."""
    outcome: Outcome
    """What the host did: `passed` and `failed` are no findings."""
    place: str
    """Where the host went wrong."""
    sentence: str
    """What was done, what the host saw, what it did, what a robust host does."""
    scenario: str | None
    """The file of the least scenario that shows it; null where no file was wanted."""
    runs: int
    """How many runs have shown it."""
    shown: int
    """How often the least scenario has shown it again."""
    shown_of: int
    """How often it was run again."""
    steps: tuple[StepFacts, ...]
    """What is left of the steps, once they are reduced."""
    replay: str | None
    """The command that shows it again; null where its scenario has no file."""
    exit_code: int | None
    """Of the host program; null where it had no end, negative: the signal that ended it."""
    seconds: float
    """How long the run took."""
    check: CheckFacts | None
    """What the far end had; null where nobody looked."""
    output: str
    """What the host printed on stdout."""
    errors: str
    """What the host printed on stderr."""
    dialogue: tuple[ExchangeFacts, ...]
    """The exchanges of a run with the least scenario."""


class KindFacts(msgspec.Struct):
    """A kind of steps."""

    kind: str
    """Its name."""
    nature: Nature
    """What it demands of a host."""
    steps: dict[Fate, int]
    """How many of its steps had which outcome."""


class PlaceFacts(msgspec.Struct):
    """A place of the healthy run."""

    command: str
    """The host's command; empty for the whole run."""
    occurrence: int
    """Which one of those commands, from 1 on."""
    worst: dict[str, Fate]
    """The worst that came of the steps there, by kind."""


class MissedFacts(msgspec.Struct):
    """A step whose place no run has reached."""

    kind: str
    """The kind of fault or of variation."""
    command: str
    """The command of the healthy run."""
    occurrence: int
    """Which one of those commands, from 1 on."""
    detail: str
    """What else tells it from the others of its kind."""


class FirmwareFacts(msgspec.Struct):
    """What was explored on one firmware."""

    firmware: str
    """Its name."""
    runs: int
    """How many runs there were."""
    healthy_seconds: float
    """How long the healthy run took."""
    kinds: tuple[KindFacts, ...]
    """The kinds of steps."""
    places: tuple[PlaceFacts, ...]
    """The places in the order of the healthy run."""
    not_reached: tuple[MissedFacts, ...]
    """Steps that were tried and never happened."""
    notes: tuple[str, ...]
    """What else is to be said."""


class ExplorationFacts(msgspec.Struct):
    """All that was found, and what was explored."""

    firmware: str
    """The firmwares, with commas between them."""
    runs: int
    """How many runs there were."""
    seed: int
    """What decided what is left to chance."""
    findings: tuple[FindingFacts, ...]
    """Each distinct finding."""
    command: tuple[str, ...]
    """The host program and its arguments."""
    started: str
    """When it began."""
    seconds: float
    """How long it took."""
    is_broken_off: bool
    """Whether somebody has stopped it."""
    again: str
    """The command that explores once more in the same way."""
    explored: tuple[FirmwareFacts, ...]
    """What was explored, by firmware."""
    shard: ShardFacts | None
    """Which part of a whole it is; null where it is the whole."""
    evidence: EvidenceFacts | None
    """All that the shard has done, for `telit-emulator merge`; null where it is the whole."""


def exploration_schema() -> Schema:
    """Make the schema of the object."""
    (reference,), definitions = components([ExplorationFacts])
    return document("A report of telit-emulator explore", {"allOf": [reference]}, definitions)

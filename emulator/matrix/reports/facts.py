"""What `matrix --json FILE` writes: one object, by which programs read the runs."""

from typing import Any

import msgspec

from emulator.firmware.status import Status
from emulator.json_schema import Schema, components, document
from emulator.matrix.reports.shard_facts import ShardFacts
from emulator.matrix.result import Outcome
from emulator.trace.events import FaultTally, Lack


class ExchangeFacts(msgspec.Struct):
    """A command line or data of the host, and what came of it."""

    said: str
    """What the host said."""
    answer: str
    """What the module said until the host spoke again, URCs with it."""
    reason: str
    """Why a command failed; empty where nothing failed."""
    events: tuple[dict[str, Any], ...]
    """As the trace has them."""


class FaultFacts(msgspec.Struct):
    """A fault of the scenario."""

    number: int
    """Which one it is, from 1 on."""
    rule: str
    """The fault with its address."""
    fired: int
    """How often it has triggered."""
    times: int
    """How often it may trigger; 0 is always."""
    why: str
    """Why it has never triggered; empty where it has."""


class LackFacts(msgspec.Struct):
    """A command that the host used and the module lacks."""

    command: str
    """Its name."""
    lack: Lack
    """How it is missing."""
    why: str
    """Why it is not emulated; empty where there is no more to say."""


class DifferenceFacts(msgspec.Struct):
    """The first exchange that no passing run had."""

    said: str
    """What the host said."""
    answer: str
    """What the module answered, in one line."""
    reason: str
    """Why a command failed; empty where nothing failed."""
    passing: str
    """What the passing runs had there."""


class RunFacts(msgspec.Struct):
    """The run with one firmware."""

    firmware: str
    """Its name."""
    status: Status | None
    """How well its software line is known; null where it has none."""
    alike: tuple[str, ...]
    """Firmwares that a host cannot tell from it."""
    outcome: Outcome
    """How it ended."""
    exit_code: int | None
    """Of the host program; null where the time limit ended it, negative: the signal that did."""
    seconds: float
    """Of real time."""
    seed: int
    """What decided what is left to chance."""
    replay: str
    """The command that does this run again."""
    why: str
    """Where it failed, in one line; empty where it passed."""
    output: str
    """What the host printed on stdout."""
    errors: str
    """What the host printed on stderr."""
    before: tuple[dict[str, Any], ...]
    """The events before the host said anything."""
    dialogue: tuple[ExchangeFacts, ...]
    """Each exchange."""
    left_out: int
    """How many exchanges are missing before the last ones."""
    faults: tuple[FaultFacts, ...]
    """Each fault of the scenario."""
    missing_commands: tuple[LackFacts, ...]
    """Each command that the host used and the module lacks."""
    first_difference: DifferenceFacts | None
    """To the passing runs; null where there is none."""


class MatrixFacts(msgspec.Struct):
    """All runs of a matrix."""

    command: tuple[str, ...]
    """The host program and its arguments."""
    started: str
    """When it began."""
    timeout: float
    """Seconds that a run may take."""
    shard: ShardFacts | None
    """Which part of a whole it is; null where it is the whole."""
    runs: tuple[RunFacts, ...]
    """One a firmware."""


def tally_facts(tally: FaultTally) -> FaultFacts:
    """Return what is told of a fault."""
    return FaultFacts(tally.number, tally.rule, tally.fired, tally.times, tally.why)


def matrix_schema() -> Schema:
    """Make the schema of the object."""
    (reference,), definitions = components([MatrixFacts])
    return document("A report of telit-emulator matrix", {"allOf": [reference]}, definitions)

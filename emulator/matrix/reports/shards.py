"""Reads the reports of shards, and checks that they are all of one whole."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from emulator.errors import UserError
from emulator.matrix.reports.shard_facts import ShardFacts
from emulator.matrix.shard import Shard

_Facts = TypeVar("_Facts")


class _Head(msgspec.Struct):
    """What the reports of both commands have."""

    command: tuple[str, ...]
    shard: ShardFacts | None


@dataclass(frozen=True)
class ShardReport:
    """A report of a shard."""

    path: Path
    command: Sequence[str]
    shard: ShardFacts
    data: bytes = field(repr=False)

    def facts(self, kind: type[_Facts]) -> _Facts:
        """Return all that it tells.

        Raises:
            UserError: somebody has changed it.
        """
        try:
            return msgspec.json.decode(self.data, type=kind)
        except msgspec.DecodeError as error:
            raise UserError(f"{self.path}: {error}; give the file as --json has written it") from error


def read_report(path: Path) -> ShardReport:
    """Read what `--json` has written.

    Raises:
        UserError: it cannot be read, or is no report of a shard.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a report of `--shard`") from error
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.DecodeError as error:
        remedy = "give what `matrix --shard` or `explore --shard` has written by --json"
        raise UserError(f"{path}: it is no such report ({error}); {remedy}") from error
    if head.shard is None:
        raise UserError(f"{path}: it is of a whole, not of a shard; there is nothing to merge")
    return ShardReport(path, head.command, head.shard, data)


def in_order(reports: Sequence[ShardReport]) -> list[ShardReport]:
    """Return the reports from the first shard to the last.

    Raises:
        UserError: they are of different wholes, or a shard is missing or there twice.
    """
    first = reports[0]
    for other in reports[1:]:
        for what, one, another in _compared(first, other):
            if one != another:
                raise UserError(
                    f"{first.path} and {other.path}: they have different {what}, {one} and {another}; "
                    "give the reports of one whole"
                )
    of, places = first.shard.of, dict[int, Path]()
    for report in reports:
        number = report.shard.number
        if number in places:
            raise UserError(f"{places[number]} and {report.path}: both are shard {number}/{of}; give each shard once")
        places[number] = report.path
    if missing := [str(Shard(number, of)) for number in range(1, of + 1) if number not in places]:
        is_one = len(missing) == 1
        told = f"shard {missing[0]} is" if is_one else f"shards {', '.join(missing)} are"
        raise UserError(f"{told} missing; give {'its report' if is_one else 'their reports'}, too")
    return sorted(reports, key=lambda report: report.shard.number)


def _compared(one: ShardReport, other: ShardReport) -> Iterator[tuple[str, str, str]]:
    """Yield what has to be the same: its name, and both values."""
    yield "kinds", one.shard.kind, other.shard.kind
    yield "versions of telit-emulator", one.shard.version, other.shard.version
    yield "hosts", shlex.join(one.command), shlex.join(other.command)
    yield "seeds", _seed(one.shard), _seed(other.shard)
    yield "numbers of shards", str(one.shard.of), str(other.shard.of)
    yield "firmwares", ",".join(one.shard.firmwares), ",".join(other.shard.firmwares)
    yield "options", shlex.join(one.shard.shared), shlex.join(other.shard.shared)


def _seed(shard: ShardFacts) -> str:
    return "none" if shard.seed is None else str(shard.seed)

"""Chooses the firmwares to run: by name, one for each distinct behaviour (`all`), or every model (`every`)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from emulator.firmware.lines import line_named, list_models
from emulator.firmware.loader import Firmware, identified, load_firmware
from emulator.firmware.status import KNOWN, Status

ALL = "all"
"""Stands for one firmware of each distinct behaviour where several firmwares can be named."""
EVERY = "every"
"""Stands for every model there."""


@dataclass(frozen=True)
class Choice:
    """A firmware to run, and those that a host cannot tell from it but by their names."""

    name: str
    """`MODEL@VERSION`, or the path of a profile."""
    alike: tuple[str, ...] = ()
    status: Status | None = None
    """How well its software line is known; None where it has none."""


def choose(asked: Sequence[str], statuses: Collection[Status] = KNOWN) -> list[Choice]:
    """Return each firmware that is asked for, once.

    Args:
        asked: names, `all` or `every`.
        statuses: those of the software lines that `all` and `every` stand for.

    Raises:
        UserError: as `load_firmware`.
    """
    chosen: dict[str, Choice] = {}
    for spec in asked:
        for choice in _choices(spec, tuple(statuses)):
            chosen.setdefault(choice.name, choice)
    return list(chosen.values())


def _choices(spec: str, statuses: tuple[Status, ...]) -> Sequence[Choice]:
    match spec:
        case "all":
            return distinct_firmwares(statuses)
        case "every":
            return [_single(model.name) for model in list_models() if model.status in statuses]
        case _:
            return [_single(spec)]


def _single(spec: str) -> Choice:
    name, status = identified(spec)
    return Choice(name, status=status)


@cache
def distinct_firmwares(statuses: tuple[Status, ...] = KNOWN) -> tuple[Choice, ...]:
    """Return one shipped firmware for each distinct behaviour, first those of the versions that run by default.

    Lines of another status are another behaviour.
    """
    groups: dict[tuple[Status | None, bytes], list[str]] = {}
    for spec in _shipped(statuses):
        firmware = load_firmware(spec)
        groups.setdefault((firmware.status, _behaviour(firmware)), []).append(firmware.name)
    return tuple(
        Choice(first, tuple(dict.fromkeys(others)), status) for (status, _), (first, *others) in groups.items()
    )


def _shipped(statuses: Collection[Status]) -> Iterator[str]:
    """Name each model with its default version, then with the first version of each release that brought something.

    SSL is such a thing where the first version of the line is without it.
    """
    models = [model for model in list_models() if model.status in statuses]
    yield from (model.name for model in models)
    for model in models:
        line = line_named(model.line)
        assert line is not None
        first = {version for version, _ in (*line.since, *model.since)}
        if line.first_version < model.ssl_since:
            first |= {line.first_version, model.ssl_since}
        yield from (f"{model.name}@{version}" for version in sorted(first - {model.version}))


def _behaviour(firmware: Firmware) -> bytes:
    """Encode the whole profile, less the firmware's name."""
    profile = msgspec.to_builtins(firmware.profile)
    identity = profile["identity"]
    del identity["model"], identity["revision"]
    identity["package"] = identity["package"] is not None
    return msgspec.json.encode(profile, order="deterministic")

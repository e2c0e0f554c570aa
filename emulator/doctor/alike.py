"""Group equal verdicts by software line, and say shortly which firmwares a group stands for."""

from collections.abc import Iterable, Sequence

from emulator.doctor.finding import listed
from emulator.doctor.verdict import Verdict
from emulator.firmware.loader import load_firmware

_MOST_NAMES = 3
"""How many firmwares are named one by one."""


def grouped(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    """Return the verdicts in groups of equal ones of one software line, in their order."""
    groups: dict[object, list[Verdict]] = {}
    for verdict in verdicts:
        told = verdict.reason, verdict.sentence, verdict.suites, verdict.also
        groups.setdefault((_line(verdict), told), []).append(verdict)
    return sorted(groups.values(), key=lambda group: _line(group[0]))


def likeness(group: Sequence[Verdict], verdicts: Sequence[Verdict]) -> str:
    """Return whom the first firmware of a group stands for, in one line; empty where it is alone.

    Args:
        group: one of those that `grouped` makes of `verdicts`.
        verdicts: all of them.
    """
    first, *others = names = _names(group)
    if not others:
        return ""
    if len(others) <= _MOST_NAMES:
        own_version = f"@{first.partition('@')[2]}"
        return f"{first} stands for {', '.join(name.removesuffix(own_version) for name in others)}"
    line = _line(group[0])
    asked = _names(verdict for verdict in verdicts if _line(verdict) == line)
    models, all_models = _parts(names, 0), _parts(asked, 0)
    count = f"all {len(models)}" if models == all_models else f"{len(models)} of {len(all_models)}"
    return f"{first} stands for {count} models of {line}, {_versions(names, asked)}"


def _versions(names: Sequence[str], asked: Sequence[str]) -> str:
    versions = tuple(sorted(_parts(names, 1)))
    if len(versions) > 1 and set(names) == set(asked):
        return f"from {versions[0]} on"
    return f"with {listed(versions)}"


def _parts(names: Iterable[str], part: int) -> set[str]:
    """Return the models (0) or the versions (1) of names `MODEL@VERSION`."""
    return {name.partition("@")[2 * part] for name in names}


def _names(verdicts: Iterable[Verdict]) -> list[str]:
    return [name for verdict in verdicts for name in (verdict.firmware.name, *verdict.firmware.alike)]


def _line(verdict: Verdict) -> str:
    return load_firmware(verdict.firmware.name).line

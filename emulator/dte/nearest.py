"""The shipped firmware that is nearest to a module."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from emulator.dte.identity import Identity
from emulator.errors import UserError
from emulator.firmware.lines import ModelEntry, find_model, lines, list_models
from emulator.firmware.loader import load_firmware
from emulator.firmware.version import Version
from emulator.options import DEFAULT_FIRMWARE

_VERSION = re.compile(r"(?<!\d)\d\d\.\d\d\.\d\d\d(?!\d)|[A-Z]\d[A-Z]\.\d{6}", re.ASCII)
"""A version, or the name of a package that stands for one; modules print more around it."""
_FAMILY = re.compile(r"[A-Z]+\d+", re.ASCII)


def nearest_firmware(identity: Identity) -> str:
    """Return the name of the nearest firmware.

    It is that of the model, else of the most similar name in its family, else of a model whose line covers the
    version; with the module's version where that line can have it, else with the model's default one.
    """
    return next(_candidates(identity), load_firmware(DEFAULT_FIRMWARE).name)


def _candidates(identity: Identity) -> Iterator[str]:
    found = _VERSION.search(identity.revision)
    for model in _models(identity.model, found[0] if found else ""):
        for spec in ([f"{model}@{found[0]}"] if found else []) + [model]:
            try:
                yield load_firmware(spec).name
            except UserError:
                continue


def _models(name: str, version: str) -> Sequence[str]:
    """Return the names of models that come into question, the nearest first."""
    known = find_model(name)
    if known is not None:
        return [known.name]
    covering = _of_lines_with(version)
    family = [model for model in list_models() if _family(model.name) == _family(name) != ""]
    return [model.name for model in [*_by_likeness(name, family, covering), *covering]]


def _by_likeness(name: str, models: Sequence[ModelEntry], covering: Sequence[ModelEntry]) -> Sequence[ModelEntry]:
    """Sort models: those whose line covers the version first, then by how much of the name they share."""
    return sorted(models, key=lambda model: (model in covering, _shared(name, model.name)), reverse=True)


def _of_lines_with(version: str) -> Sequence[ModelEntry]:
    try:
        parsed = Version.parse(version)
    except ValueError:
        return [model for line in lines() if line.version_of_package(version) for model in line.models]
    return [model for line in lines() if line.covers(parsed) for model in line.models]


def _family(name: str) -> str:
    found = _FAMILY.match(name.upper())
    return found[0] if found else ""


def _shared(name: str, other: str) -> int:
    """Return how many characters two names share from the beginning."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(name.upper().replace(" ", "-"), other.upper(), strict=False))
    return len("".join(sign for sign, _ in alike).rstrip("-"))

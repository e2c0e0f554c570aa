"""The shipped software lines, their models, and the layers of their firmwares."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

import msgspec

from emulator.errors import UserError
from emulator.firmware.files import read_tables
from emulator.firmware.layers import Layer, Tables, decode
from emulator.firmware.version import Version
from emulator.resources import PROFILES

COMMON = "common"
SSL = "secure_socket"
_LAST_RELEASE = 9


class _Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `models` in a line's file; `overrides` are the tables in which it differs from its line."""

    name: str
    version: Annotated[str, msgspec.Meta(pattern=r"^\d\d\.\d\d\.\d\d\d$", description="a version, as 12.00.004")]
    overrides: Tables = {}


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a line's file that is no facts; an entry of `since` has a `release` and the tables it brought."""

    extends: Literal["common"]
    models: tuple[_Model, ...]
    since: tuple[Tables, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the guide's applicability table."""

    name: str
    version: Version
    """The first version with SSL, with zeros for the table's x; the default version."""
    overrides: Layer


@dataclass(frozen=True, slots=True)
class SoftwareLine:
    """A software line."""

    name: str
    models: tuple[ModelEntry, ...]
    facts: Layer
    since: tuple[tuple[int, Layer], ...]
    """The layers that begin with a release."""

    def layers(self, model: str, version: Version) -> list[Layer]:
        """Return the layers of this line at `version`, the most general first."""
        source = self.facts.source
        name: Tables = {"identity": {"model": model, "revision": str(version)}}
        news = [layer for release, layer in self.since if version.release >= release]
        return [common(), self.facts, *news, Layer(source, name)]


@cache
def common() -> Layer:
    """Return the layer that all lines share."""
    return _layer(COMMON)


@cache
def lines() -> tuple[SoftwareLine, ...]:
    """Return every line, in the order of their numbers."""
    return tuple(read_line(path.stem) for path in sorted(PROFILES.glob("[0-9][0-9].[0-9][0-9].toml")))


def line_named(name: str) -> SoftwareLine | None:
    """Find the line `name`, as in `12.00`."""
    return next((line for line in lines() if line.name == name), None)


def list_models() -> Sequence[ModelEntry]:
    """Return the models of the applicability table, by line and in its order."""
    return [entry for line in lines() for entry in line.models]


def find_model(name: str) -> ModelEntry | None:
    """Find a model by its name, in any case."""
    return next((entry for entry in list_models() if entry.name.lower() == name.lower()), None)


def shipped_layers(entry: ModelEntry, version: Version) -> list[Layer]:
    """Return the layers of a shipped firmware; one that is older than SSL has a last layer that takes SSL away."""
    line = line_named(version.line)
    assert line is not None
    layers = [*line.layers(entry.name, version), entry.overrides]
    if version < entry.version:
        layers.append(Layer(entry.overrides.source, {}, unset=((SSL,),)))
    return layers


def _layer(name: str) -> Layer:
    path = PROFILES / f"{name}.toml"
    return Layer.of(str(path), read_tables(path, str(path)))


def read_line(name: str) -> SoftwareLine:
    """Read the file of the line `name`.

    Raises:
        UserError: the file is not what a line file must be.
    """
    whole = _layer(name)
    source, tables = whole.source, dict(whole.tables)
    parts: Tables = {key: tables.pop(key) for key in ("extends", "models", "since") if key in tables}
    head = decode([Layer(source, parts)], _Head)
    models = tuple(_model(entry, source, name) for entry in head.models)
    since = tuple(_news(entry, source) for entry in head.since)
    return SoftwareLine(name, models, Layer(source, tables, whole.unset), since)


def _model(entry: _Model, source: str, line: str) -> ModelEntry:
    version = Version.parse(entry.version)
    if version.line != line:
        raise UserError(f"{source}: {entry.name} has version {version}; give one of line {line}")
    return ModelEntry(entry.name, version, Layer.of(source, entry.overrides))


def _news(entry: Tables, source: str) -> tuple[int, Layer]:
    release = entry.get("release")
    if not isinstance(release, int) or not 0 <= release <= _LAST_RELEASE:
        raise UserError(f"{source}: since: release is {release!r}; give a whole number from 0 to {_LAST_RELEASE}")
    return release, Layer.of(source, {key: value for key, value in entry.items() if key != "release"})

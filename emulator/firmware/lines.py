"""The software lines that are shipped, the models that run each one, and the layers that make their firmwares."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from emulator.errors import UserError
from emulator.firmware.files import read_tables
from emulator.firmware.layers import Layer, Tables
from emulator.firmware.version import Version
from emulator.resources import PROFILES

COMMON = "common"
SSL = "secure_socket"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the guide's applicability table."""

    name: str
    version: Version
    """The first version with SSL, with zeros for the table's x; what runs when none is named."""
    overrides: Layer


@dataclass(frozen=True, slots=True)
class Line:
    """A software line."""

    name: str
    models: tuple[ModelEntry, ...]
    facts: Layer
    since: tuple[tuple[int, Layer], ...]
    """What a release brought, and every later one has."""

    def layers(self, model: str, version: Version) -> list[Layer]:
        """The layers of this line at `version`, the most general first."""
        source = self.facts.source
        name: Tables = {"identity": {"model": model, "revision": str(version)}}
        news = [layer for release, layer in self.since if version.release >= release]
        return [common(), self.facts, *news, Layer(source, name)]


@cache
def common() -> Layer:
    """What all lines share."""
    return _layer(COMMON)


@cache
def lines() -> tuple[Line, ...]:
    """Every line, in the order of their numbers."""
    return tuple(_line(path.stem) for path in sorted(PROFILES.glob("[0-9][0-9].[0-9][0-9].toml")))


def line_named(name: str) -> Line | None:
    """The line `name`, as in `12.00`."""
    return next((line for line in lines() if line.name == name), None)


def list_models() -> Sequence[ModelEntry]:
    """The models of the applicability table, by line and in its order."""
    return [entry for line in lines() for entry in line.models]


def find_model(name: str) -> ModelEntry | None:
    """The model of that name, in any case."""
    return next((entry for entry in list_models() if entry.name.lower() == name.lower()), None)


def shipped_layers(entry: ModelEntry, version: Version) -> list[Layer]:
    """The layers of a shipped firmware; a version older than the model's first one with SSL has no secure socket."""
    line = line_named(version.line)
    assert line is not None
    layers = [*line.layers(entry.name, version), entry.overrides]
    if version < entry.version:
        layers = [Layer(layer.source, _without(layer.tables, SSL)) for layer in layers]
    return layers


def _layer(name: str) -> Layer:
    path = PROFILES / f"{name}.toml"
    return Layer(str(path), read_tables(path, str(path)))


def _without(tables: Tables, key: str) -> Tables:
    return {name: value for name, value in tables.items() if name != key}


def _line(name: str) -> Line:
    source, tables = (whole := _layer(name)).source, dict(whole.tables)
    if tables.pop("extends", None) != COMMON:
        raise UserError(f'{source}: a line has extends = "{COMMON}"')
    models = tuple(_model(entry, source, name) for entry in tables.pop("models", ()))
    since = tuple(
        (int(entry["release"]), Layer(source, _without(entry, "release"))) for entry in tables.pop("since", ())
    )
    return Line(name, models, Layer(source, tables), since)


def _model(entry: Tables, source: str, line: str) -> ModelEntry:
    version = Version.parse(entry["version"])
    if version.line != line:
        raise UserError(f"{source}: {entry['name']} has version {version}, which is not of line {line}")
    return ModelEntry(entry["name"], version, Layer(source, entry.get("overrides", {})))

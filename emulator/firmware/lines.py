"""The shipped software lines, their models, and the layers of their firmwares."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated

import msgspec
from msgspec.structs import replace

from emulator.errors import UserError
from emulator.firmware.compiled import shipped_tables
from emulator.firmware.layers import KeyPath, Layer, Tables, decode, merge
from emulator.firmware.packages import named, version_of_package
from emulator.firmware.status import Status
from emulator.firmware.version import Version
from emulator.resources import PROFILES

COMMON = "common"
_LINE_FILES = "[0-9][0-9].[0-9][0-9].toml"
SSL = "secure_socket"
_LAST_RELEASE = 9


_VersionText = Annotated[str, msgspec.Meta(pattern=r"^\d\d\.\d\d\.\d\d\d$", description="a version, as 12.00.004")]


class _Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `models` in a line's file; `overrides` are the tables in which it differs from its line.

    `since` is as that of the line, for this model alone.
    """

    name: str
    version: _VersionText
    aliases: tuple[str, ...] = ()
    """The other names under which it is sold."""
    overrides: Tables = {}
    since: tuple[Tables, ...] = ()


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a line's file that is no facts.

    An entry of `since` has a `release`, or a `version` of another branch, and the tables it brought.
    """

    extends: str
    """`common`, or a layer between it and the lines that share it."""
    status: Status
    models: tuple[_Model, ...]
    covers: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^\d\d\.(\d[\dx]|xx)$",
            description="12.00, or 12.0x for 12.00 to 12.09, or 12.xx for 12.00 to 12.99",
        ),
    ] = ""
    """The versions of the line by their first two numbers; where it is left out, those of the file's name."""
    ssl_since: _VersionText | None = None
    """The first version with SSL, where it is older than those of `models`; the first of the line where all have it."""
    since: tuple[Tables, ...] = ()


class _SharedHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a shared layer's file that is no facts."""

    extends: str
    """`common`, or another shared layer."""


class ModelEntry(msgspec.Struct, frozen=True):
    """A model of the guide's applicability table."""

    name: str
    """The table's name with hyphens for its blanks, so that it needs no quotes."""
    printed: str
    """The table's name, which +CGMM prints."""
    aliases: tuple[str, ...]
    version: Version
    """The table's version, with zeros for its x; the default version."""
    ssl_since: Version
    """The first version with SSL."""
    line: str
    """The name of its software line."""
    status: Status
    """That of its line."""
    overrides: Layer
    since: tuple[tuple[Version, Layer], ...]
    """The layers of its own that begin with a release."""


class SoftwareLine(msgspec.Struct, frozen=True):
    """A software line."""

    name: str
    status: Status
    models: tuple[ModelEntry, ...]
    below: tuple[Layer, ...]
    """The layers that it extends, the most general first."""
    facts: Layer
    since: tuple[tuple[Version, Layer], ...]
    """The layers that begin with a release."""
    branches: str
    """The first two numbers of its versions, as in `12.00`; an `x` stands for any digit."""

    @property
    def first_version(self) -> Version:
        """Return the first version that the line can have."""
        return Version.parse(f"{self.branches.replace('x', '0')}.000")

    def covers(self, version: Version) -> bool:
        """Whether the version is one of this line."""
        return all(given in (digit, "x") for given, digit in zip(self.branches, version.branch, strict=True))

    def layers(self, model: str, version: Version) -> list[Layer]:
        """Return the layers of this line at `version`, the most general first."""
        news = [layer for first, layer in self.since if version >= first]
        facts = [*self.below, self.facts, *news]
        name: Tables = {"identity": named(_identity(facts), model, version)}
        return [*facts, Layer(self.facts.source, name)]

    def version_of_package(self, package: str) -> Version | None:
        """Return the version of this line that a package belongs to; None where the text names none."""
        return version_of_package(package, self.first_version.major, _identity([*self.below, self.facts]))


def _identity(layers: Sequence[Layer]) -> Tables:
    """Return the texts of `identity` in these layers."""
    parts = [Layer(layer.source, {"identity": layer.tables.get("identity", {})}) for layer in layers]
    tables: Tables = merge(parts)["identity"]
    return tables


@cache
def common() -> Layer:
    """Return the layer that all lines share."""
    return _layer(COMMON)


def shared_layers(name: str, source: str, above: tuple[str, ...] = ()) -> tuple[Layer, ...]:
    """Return the layer `name` of several lines and those that it extends, the most general first.

    Args:
        name: `common`, or the name of a file beside it that is no line's.
        source: the file that extends it.
        above: the layers between `source` and the line, `source` included.

    Raises:
        UserError: there is no such layer, or it extends itself.
    """
    if name == COMMON:
        return (common(),)
    if name in above:
        raise UserError(f"{source}: extends = {name!r} leads back to itself; a chain of layers ends with {COMMON!r}")
    shared = sorted(path.stem for path in PROFILES.glob("*.toml") if not path.match(_LINE_FILES))
    if name not in shared:
        raise UserError(f"{source}: extends = {name!r} is no layer that lines share; give one of {', '.join(shared)}")
    whole = _layer(name)
    tables = dict(whole.tables)
    head = decode([Layer(whole.source, {key: tables.pop(key) for key in ("extends",) if key in tables})], _SharedHead)
    below = shared_layers(head.extends, whole.source, (*above, name))
    return (*below, Layer(whole.source, tables, whole.unset))


@cache
def _names() -> tuple[str, ...]:
    """Return the name of every line, in the order of their numbers."""
    return tuple(sorted(path.stem for path in PROFILES.glob(_LINE_FILES)))


@cache
def _line(name: str) -> SoftwareLine:
    return read_line(name)


def lines() -> tuple[SoftwareLine, ...]:
    """Return every line, in the order of their numbers."""
    return tuple(map(_line, _names()))


def line_named(name: str) -> SoftwareLine | None:
    """Find the line `name`, as in `12.00`."""
    return _line(name) if name in _names() else None


def list_models() -> Sequence[ModelEntry]:
    """Return the models of the applicability table, by line and in its order."""
    return [entry for line in lines() for entry in line.models]


def find_model(name: str) -> ModelEntry | None:
    """Find a model by its name or an alias, in any case, with blanks or hyphens; of other lines only heads are read."""
    wanted = _hyphenated(name).lower()
    for line in _names():
        for number, model in enumerate(_read_head(_layer(line))[0].models):
            if wanted in map(str.lower, (_hyphenated(model.name), *model.aliases)):
                return _line(line).models[number]
    return None


def _hyphenated(name: str) -> str:
    return "-".join(name.split())


def shipped_layers(entry: ModelEntry, version: Version) -> list[Layer]:
    """Return the layers of a shipped firmware; one that is older than SSL has a last layer that takes SSL away."""
    line = line_named(entry.line)
    assert line is not None
    news = (layer for first, layer in entry.since if version >= first)
    layers = [*line.layers(entry.printed, version), entry.overrides, *news]
    if version < entry.ssl_since:
        layers.append(Layer(entry.overrides.source, {}, unset=((SSL,),)))
    return layers


def _layer(name: str) -> Layer:
    path = PROFILES / f"{name}.toml"
    return Layer.of(str(path), shipped_tables(path))


def _read_head(whole: Layer) -> tuple[_Head, Tables]:
    """Split the file of a line into its head and its facts."""
    facts = dict(whole.tables)
    parts: Tables = {key: facts.pop(key) for key in _Head.__struct_fields__ if key in facts}
    return decode([Layer(whole.source, parts)], _Head), facts


def read_line(name: str) -> SoftwareLine:
    """Read the file of the line `name`.

    Raises:
        UserError: the file is not what a line file must be.
    """
    whole = _layer(name)
    source = whole.source
    head, tables = _read_head(whole)
    branches = head.covers or name
    ssl_since = Version.parse(head.ssl_since) if head.ssl_since else None
    below = shared_layers(head.extends, source)
    line = SoftwareLine(name, head.status, (), below, Layer(source, tables, whole.unset), (), branches)
    models = tuple(_model(number, entry, line, ssl_since) for number, entry in enumerate(head.models))
    since = tuple(_news(entry, line, ("since", number)) for number, entry in enumerate(head.since))
    return replace(line, models=models, since=since)


def _model(number: int, entry: _Model, line: SoftwareLine, ssl_since: Version | None) -> ModelEntry:
    source, version, at = line.facts.source, Version.parse(entry.version), ("models", number)
    if not line.covers(version):
        raise UserError(f"{source}: {entry.name} has version {version}; give one of line {line.name}")
    return ModelEntry(
        name=_hyphenated(entry.name),
        printed=entry.name,
        aliases=entry.aliases,
        version=version,
        ssl_since=ssl_since or version,
        line=line.name,
        status=line.status,
        overrides=Layer.of(source, entry.overrides, (*at, "overrides")),
        since=tuple(_news(news, line, (*at, "since", place)) for place, news in enumerate(entry.since)),
    )


def _news(entry: Tables, line: SoftwareLine, at: KeyPath) -> tuple[Version, Layer]:
    source = line.facts.source
    tables = {key: value for key, value in entry.items() if key not in ("release", "version")}
    return _begin(entry, line, f"{source}: since: "), Layer.of(source, tables, at)


def _begin(entry: Tables, line: SoftwareLine, prefix: str) -> Version:
    """Return the first version of an entry of `since`; each message begins with `prefix`."""
    if "version" not in entry:
        release = entry.get("release")
        if not isinstance(release, int) or not 0 <= release <= _LAST_RELEASE:
            raise UserError(f"{prefix}release is {release!r}; give a whole number from 0 to {_LAST_RELEASE}")
        return Version.parse(f"{line.name}.00{release}")
    if "release" in entry:
        raise UserError(f"{prefix}release and version are two beginnings; give one of them")
    try:
        version = Version.parse(str(entry["version"]))
    except ValueError as error:
        raise UserError(f"{prefix}version: {error}") from None
    if not line.covers(version):
        raise UserError(f"{prefix}version is {version}; give one of line {line.name}")
    return version

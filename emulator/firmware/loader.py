"""Loading of a firmware: its profile is found, merged and validated, by `MODEL[@VERSION]` or from a user's file."""

import os.path
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from emulator.errors import UserError
from emulator.firmware.acted_on import flaw
from emulator.firmware.files import read_tables
from emulator.firmware.layers import KeyPath, Layer, decode, source_of
from emulator.firmware.lines import (
    COMMON,
    SSL,
    ModelEntry,
    common,
    find_model,
    line_named,
    lines,
    list_models,
    shipped_layers,
)
from emulator.firmware.schema.profile import Profile
from emulator.firmware.status import Status
from emulator.firmware.version import Version

__all__ = ["Firmware", "ModelEntry", "canonical", "identified", "is_path", "list_models", "load_firmware"]

_OF_ONE_MODULE = ("identity.imei", "identity.imsi", "identity.iccid", "identity.serial")
"""Keys whose values each module has for itself; no other value follows from them."""
_HEAD: tuple[str, ...] = ("extends", "name", "model", "version")
"""The keys of a user's profile that are no part of the schema."""


class Firmware(msgspec.Struct, frozen=True, eq=False):
    """A model with a version of its software, and the profile of the two."""

    model: str
    version: Version
    profile: Profile
    name: str
    """`HE910@12.00.004`, or the name in a user's profile."""
    source: str
    """The file of the profile."""
    layers: tuple[Layer, ...]
    line: str
    """The name of its software line, as in `12.00`."""
    status: Status | None
    """How well that line is known; None where the profile builds on no line."""
    is_shipped: bool = False
    """Whether nothing of it is a user's; it is right then."""
    common: "Firmware | None" = None
    """The firmware that differs in the numbers of one module alone: modules share its profile and its commands."""

    def mistake(self, path: KeyPath, message: str, known: Collection[str] = ()) -> UserError:
        """Make the error of a key that the schema allows and the emulator does not; it names the key's source.

        Args:
            path: the key.
            message: what is wrong with it.
            known: the names that are allowed.
        """
        from emulator.firmware import keys

        near = keys.nearest(str(path[-1]), known)
        return UserError(f"{source_of(path, self.layers)}: {keys.written(path)}: {message}{near}")


class _Draft(msgspec.Struct, frozen=True):
    """A firmware in the making; model and version are None until they are known."""

    layers: tuple[Layer, ...]
    model: str | None = None
    version: Version | None = None
    line: str | None = None
    name: str | None = None
    status: Status | None = None
    ssl_since: Version | None = None
    """The model's first version with SSL, where this version is older."""


def load_firmware(spec: str, overrides: Sequence[str] = ()) -> Firmware:
    """Load the firmware that `spec` names, with single values replaced.

    Args:
        spec: `MODEL[@VERSION]`, in any case, as in `GE865-QUAD@10.00.007`; without a version, that of the
            guide's table. Or the path of a profile: something that has a slash in it or ends with `.toml`.
        overrides: `KEY=VALUE` each, as for `--set`.

    Raises:
        UserError: there is no such model, version or file, or the profile is not valid.
    """
    if is_path(spec):
        return _finished(_from_file(Path(spec), spec, ()), tuple(overrides))
    shared = tuple(override for override in overrides if override.partition("=")[0].strip() not in _OF_ONE_MODULE)
    common = _shipped(spec, shared)
    if len(shared) == len(overrides):
        return common
    own = _finished(_from_model(spec, ""), tuple(overrides))
    return replace(own, profile=replace(common.profile, identity=own.profile.identity), common=common)


def canonical(spec: str) -> str:
    """Return the name of a firmware as `MODEL@VERSION`, or the path of its profile.

    Raises:
        UserError: as `load_firmware`.
    """
    return identified(spec)[0]


def identified(spec: str) -> tuple[str, Status | None]:
    """Return the name of a firmware, as `canonical`, and its status; one that is shipped is valid, and not loaded.

    Raises:
        UserError: as `load_firmware`.
    """
    if is_path(spec):
        return spec, load_firmware(spec).status
    draft = _from_model(spec, "")
    return f"{draft.model}@{draft.version}", draft.status


@lru_cache(maxsize=256)
def _shipped(spec: str, overrides: tuple[str, ...]) -> Firmware:
    """Shipped profiles do not change while a process runs; a user's own may, so only these are kept."""
    return replace(_finished(_from_model(spec, ""), overrides), is_shipped=not overrides)


def is_path(spec: str) -> bool:
    """Return whether a firmware is named by the path of its profile."""
    return "/" in spec or spec.endswith(".toml")


def _finished(draft: _Draft, overrides: tuple[str, ...]) -> Firmware:
    layers = draft.layers
    if overrides:
        from emulator.firmware.overrides import override_layer

        layers = (*layers, *map(override_layer, overrides))
    source = draft.layers[-1].source
    assert draft.model is not None
    assert draft.version is not None
    assert draft.line is not None
    if draft.ssl_since is not None:
        _refuse_ssl(layers, f"{draft.model}@{draft.version}", draft.ssl_since)
    name = draft.name or f"{draft.model}@{draft.version}"
    profile = decode(layers, Profile)
    firmware = Firmware(draft.model, draft.version, profile, name, source, layers, draft.line, draft.status)
    if found := flaw(firmware.profile):
        raise firmware.mistake(*found)
    return firmware


def _refuse_ssl(layers: Sequence[Layer], firmware: str, since: Version) -> None:
    without = max(number for number, layer in enumerate(layers) if (SSL,) in layer.unset)
    for layer in layers[without:]:
        if SSL in layer.tables:
            raise UserError(f"{layer.source}: {SSL} cannot be set, {firmware} has no SSL; it came with {since}")


def _models_meant(name: str) -> str:
    """Return what may have been meant by a name that no model has: those of a software line, or the nearest."""
    from emulator.firmware.keys import nearest

    if of_the_line := [model.name for model in list_models() if model.line == name]:
        more = ["…"] if len(of_the_line) > _MOST_NAMED else []
        return f"; it is the software line of {', '.join([*of_the_line[:_MOST_NAMED], *more])}"
    near = nearest(name, (known for model in list_models() for known in (model.name, *model.aliases)))
    return near or "; `telit-emulator profiles` lists them"


_MOST_NAMED = 4
"""Models of a line that a message names."""


def _from_model(spec: str, prefix: str) -> _Draft:
    """Draft a shipped firmware; each message begins with `prefix`, which names the source of the spec."""
    name, at, wanted = spec.partition("@")
    entry = find_model(name)
    if entry is None:
        raise UserError(f"{prefix}no model {name!r}{_models_meant(name)}")
    line = line_named(entry.line)
    assert line is not None
    version = (line.version_of_package(wanted) or _version(wanted, prefix)) if at else entry.version
    if not line.covers(version):
        versions = f"versions {line.branches}" if "x" in line.branches else f"line {line.name}"
        raise UserError(f"{prefix}{entry.name} runs {versions}, not {version}; its default version is {entry.version}")
    ssl_since = entry.ssl_since if version < entry.ssl_since else None
    layers = tuple(shipped_layers(entry, version))
    return _Draft(layers, entry.name, version, entry.line, status=entry.status, ssl_since=ssl_since)


def _version(text: str, prefix: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise UserError(f"{prefix}{error}") from None


def _from_file(path: Path, shown: str, outer: tuple[Path, ...]) -> _Draft:
    """Draft a user's own profile; `outer` are the files that extend it, directly or not."""
    tables = read_tables(path, shown, instead=", or MODEL[@VERSION]")
    identity = path.resolve()
    if identity in outer:
        raise UserError(f"{shown}: extends itself, by way of {' and '.join(file.name for file in outer)}")
    head = {key: _text(tables.pop(key), key, shown) for key in _HEAD if key in tables}
    if "extends" not in head:
        raise UserError(f'{shown}: extends is missing; name what the profile builds on, as in extends = "HE910"')
    base = _base(head["extends"], path, shown, (*outer, identity))
    base = _named(base, head, shown)
    return replace(base, layers=(*base.layers, Layer.of(shown, tables)), name=head.get("name", base.name))


def _text(value: Any, key: str, shown: str) -> str:
    if not isinstance(value, str) or not value or "\n" in value:
        raise UserError(f"{shown}: {key} is {value!r}; give a text of one line")
    return value


def _base(extends: str, path: Path, shown: str, chain: tuple[Path, ...]) -> _Draft:
    if is_path(extends):
        target = path.parent / extends
        if not os.path.isfile(target):  # noqa: PTH113  Path.is_file raises where a folder may not be entered
            raise UserError(f"{shown}: extends = {extends!r} leads to {target}, which is no file")
        return _from_file(target, str(target), chain)
    if extends == COMMON:
        return _Draft((common(),))
    if line_named(extends) is not None:
        return _Draft((), line=extends)
    if extends[:1].isdigit():
        known = ", ".join(line.name for line in lines())
        raise UserError(f"{shown}: extends = {extends!r} is no line; the lines are {known}")
    return _from_model(extends, f"{shown}: extends: ")


def _named(base: _Draft, head: dict[str, str], shown: str) -> _Draft:
    """Give the draft the model and the version that the file names, where what it extends has left them open."""
    given = [key for key in ("model", "version") if key in head]
    if base.model is not None:
        if given:
            raise UserError(f"{shown}: {given[0]} is given by extends ({base.model}@{base.version}); leave it out")
        return base
    if len(given) < 2:
        missing = "version" if "model" in head else "model"
        raise UserError(f"{shown}: {missing} is missing; a profile that extends a line gives model and version")
    model, version = head["model"], _version(head["version"], f"{shown}: ")
    if base.line is None:
        layer = Layer(shown, {"identity": {"model": model, "revision": str(version)}})
        return replace(base, layers=(*base.layers, layer), model=model, version=version, line=version.branch)
    line = line_named(base.line)
    assert line is not None
    if not line.covers(version):
        raise UserError(f"{shown}: version {version} is not of line {base.line}, which the profile extends")
    if find_model(model) is not None:
        return _from_model(f"{model}@{version}", f"{shown}: ")
    layers = tuple(line.layers(model, version))
    return replace(base, layers=layers, model=model, version=version, status=line.status)

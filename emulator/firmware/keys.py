"""The keys of the schema: how they are written, what each may hold, and the nearest one to a wrong one."""

import re
import types
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from emulator.errors import UserError
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile

_MOVED: dict[KeyPath, KeyPath] = {
    ("secure_socket", "fast_dial"): ("commands", "#SSLFASTD"),
    ("terminal", "multiplexer", "patience"): ("terminal", "multiplexer", "opening_timeout"),
    ("name_service", "patience"): ("name_service", "answer_timeout"),
    ("sockets", "send_patience"): ("sockets", "send_timeout"),
    ("network", "location_area"): ("network", "gsm_cell", "location_area"),
    ("network", "cell"): ("network", "gsm_cell", "cell"),
}
"""The keys of earlier profiles, and the present ones."""

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_BARE_KEYS = re.compile(rf"{_BARE.pattern}(\.{_BARE.pattern})*", re.ASCII)
_FEW = 12

Kind = Any
"""A type annotation of the schema."""


def written(path: KeyPath) -> str:
    """Write a path as TOML does, `settings."+CMEE".default`, with positions in lists as `[0]`."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += f".{_quoted(key)}" if text else _quoted(key)
    return text


def _quoted(key: str) -> str:
    if _BARE.fullmatch(key):
        return key
    if "\\" in key and key.isprintable() and "'" not in key:
        return f"'{key}'"
    import json

    return json.dumps(key, ensure_ascii=not key.isprintable())


def origin(kind: Kind) -> Any:
    """Return the generic type of the annotation: `tuple`, `dict`, `Annotated` …; None for a plain type."""
    return get_origin(kind)  # mypy would have it a ParamSpec


def alternatives(kind: Kind) -> list[Kind]:
    """Return the annotations of which one must fit: the members of a union without `None`, or the annotation itself."""
    if origin(kind) in (Union, types.UnionType):
        return [member for member in get_args(kind) if member is not types.NoneType]
    return [kind]


def plain(kind: Kind) -> Kind:
    """Return the annotation without constraints and without `None`; of a union the last member, which is a table."""
    kind = alternatives(kind)[-1]
    return get_args(kind)[0] if origin(kind) is Annotated else kind


def is_table(kind: Kind) -> bool:
    """Return whether it is one of the schema's structs."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


@cache
def kinds(table: type[msgspec.Struct]) -> dict[str, Kind]:
    """Return the annotation of each key of a table."""
    hints = get_type_hints(table, include_extras=True)
    return {field.name: hints[field.name] for field in msgspec.structs.fields(table)}


def kind_at(path: KeyPath) -> Kind | None:
    """Return the annotation at `path`; None where the schema has no such key."""
    kind: Kind = Profile
    for key in path:
        kind = plain(kind)
        if is_table(kind):
            kind = kinds(kind).get(str(key))
        elif origin(kind) in (dict, tuple):
            kind = get_args(kind)[1 if origin(kind) is dict else 0]
        else:
            return None
        if kind is None:
            return None
    return kind


@cache
def all_keys() -> tuple[KeyPath, ...]:
    """Return every key of the schema that holds a value of its own."""
    return tuple(_keys(Profile, ()))


def _keys(table: type[msgspec.Struct], above: KeyPath) -> Iterator[KeyPath]:
    for name, kind in kinds(table).items():
        inner = plain(kind)
        if is_table(inner) and not issubclass(inner, Numeric):
            yield from _keys(inner, (*above, name))
        else:
            yield (*above, name)


def allowed(kind: Kind) -> str:
    """Describe the values that a key of this annotation may hold."""
    if len(alternatives(kind)) > 1:
        return ", or ".join(map(allowed, alternatives(kind)))
    simple = plain(kind)
    limits = _limits(kind)
    if limits is not None and limits.description:
        return limits.description
    if is_table(simple):
        return f"a table of {', '.join(kinds(simple))}"
    if origin(simple) is dict:
        return f"a table by name, each {allowed(get_args(simple)[1])}"
    if origin(simple) is tuple:
        members = get_args(simple)
        if members[-1] is Ellipsis:
            least = "at least one, each" if limits is not None and limits.min_length else "each"
            return f"a list, {least} {allowed(members[0])}"
        return f"a list of {len(members)}, each {allowed(members[0])}"
    if simple is bool:
        return "true or false"
    if simple in (int, float):
        return ("a whole number" if simple is int else "a number") + _between(limits)
    if origin(simple) is Literal:
        return one_of([str(member) for member in get_args(simple)])
    if isinstance(simple, type) and issubclass(simple, Enum):
        return f"one of {', '.join(str(member.value) for member in simple)}"  # which of them is not to be guessed
    return "text"


def one_of(words: Iterable[str]) -> str:
    """List words as `one of a, b, c`, of many the first few."""
    listed = list(words)
    rest = f" … ({len(listed)} in all)" if len(listed) > _FEW else ""
    return f"one of {', '.join(listed[:_FEW])}{rest}"


def _limits(kind: Kind) -> msgspec.Meta | None:
    kind = alternatives(kind)[-1]
    return get_args(kind)[1] if origin(kind) is Annotated else None


def _between(limits: msgspec.Meta | None) -> str:
    if limits is None or limits.ge is None:
        return ""
    return f" from {limits.ge} to {limits.le}" if limits.le is not None else f" from {limits.ge}"


_SIMILAR = 0.6
"""How much of two words is alike where one may be a misspelling of the other."""
_VERY_SIMILAR = 0.75
"""The same, among so many words that some are similar to any."""


def nearest(word: str, known: Iterable[str], similar: float = _SIMILAR) -> str:
    """Find the most similar word, as `; the nearest is …`; empty where none is similar."""
    import difflib

    folded = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=similar)
    return f"; the nearest is {folded[found[0]]}" if found else ""


def unknown(path: KeyPath, members: Iterable[str]) -> str:
    """Describe a key that is none of the `members` of its table."""
    if path in _MOVED:
        return f"{written(path)} has moved; write {written(_MOVED[path])}"
    near = nearest(str(path[-1]), members)
    return f"unknown key {written(path)}{near or '; ' + one_of(members)}"


def parts(key: str, source: str) -> KeyPath:
    """Split a dotted TOML key.

    Raises:
        UserError: it is none; `source` gave it.
    """
    if _BARE_KEYS.fullmatch(key):
        return tuple(key.split("."))
    import tomllib

    path: list[str] = []
    try:
        inner: Any = tomllib.loads(f"{key} = 0")
        while isinstance(inner, dict):
            ((name, inner),) = inner.items()
            path.append(name)
    except ValueError:  # not TOML, or a comment in place of the key
        raise UserError(f'{source}: {key!r} is no TOML key; one reads like settings."+CMEE".default') from None
    return tuple(path)


def known(path: KeyPath, source: str) -> KeyPath:
    """Find the key of the schema that `path` names, whole or by its last part.

    Raises:
        UserError: the schema has no such key, or several; `source` gave it.
    """
    if kind_at(path) is not None:
        return path
    candidates = all_keys()
    ending = [candidate for candidate in candidates if len(path) == 1 and candidate[-1] == path[0]]
    if len(ending) == 1:
        return ending[0]
    if ending:
        raise UserError(f"{source}: {path[0]} may be {' or '.join(map(written, ending))}; write it whole")
    raise UserError(f"{source}: {_unknown(path)}")


def _unknown(path: KeyPath) -> str:
    """Describe a key that the schema lacks, at the place where it leaves the schema."""
    for length in range(len(path) - 1, 0, -1):
        table = plain(kind_at(path[:length]))
        if is_table(table):
            members = kinds(table)
            if path[length] in members:
                return f"{written(path[: length + 1])} holds one value and has no keys"
            return unknown(path[: length + 1], members)
    moved = [old for old in _MOVED if path == old[-1:]]
    if len(moved) == 1:
        return unknown(moved[0], ())
    endings = {str(candidate[-1]): written(candidate) for candidate in all_keys()}
    near = nearest(str(path[0]), endings, _VERY_SIMILAR)
    return f"unknown key {written(path)}{near or '; docs/firmware-profiles.md lists them'}"

"""JSON Schemas of msgspec types, in draft 4: it is what every editor understands, Even Better TOML among them.

msgspec makes them in the latest draft; here they are put into the older form, and get the docstrings of fields as
descriptions. What a `__post_init__` checks is not in them.
"""

import types
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from emulator.docstrings import meaning

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-04/schema#"
_NULL = {"type": "null"}


def components(
    kinds: Iterable[Any], hook: Callable[[type], Schema] | None = None
) -> tuple[list[Schema], dict[str, Schema]]:
    """Return the schema of each type, and the definitions of the structs and enumerations in them.

    Args:
        kinds: the types; a struct's schema is a reference.
        hook: makes the schema of a type that msgspec does not know.
    """
    wanted = list(kinds)
    references, found = msgspec.json.schema_components(wanted, schema_hook=hook, ref_template="#/definitions/{name}")
    definitions = {name: _older(schema) for name, schema in found.items()}
    for struct in structs_in(wanted):
        if struct.__name__ in definitions:
            _describe(definitions[struct.__name__], struct)
    return [_older(reference) for reference in references], definitions


def document(title: str, schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return a whole schema, with its definitions in the order of their names."""
    return {"$schema": DRAFT, "title": title, **schema, "definitions": dict(sorted(definitions.items()))}


def without_null(schema: Any) -> Any:
    """Take the null out of every choice: TOML has none, a key is left out instead."""
    if isinstance(schema, list):
        return [without_null(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: without_null(value) for key, value in schema.items()}
    choices = inner.get("anyOf")
    if not isinstance(choices, list) or _NULL not in choices:
        return inner
    rest = [choice for choice in choices if choice != _NULL]
    del inner["anyOf"]
    if len(rest) > 1:
        return {**inner, "anyOf": rest}
    return {**inner, "allOf": rest} if "$ref" in rest[0] else {**rest[0], **inner}


def _older(schema: Any) -> Any:
    """Put a schema into the form of draft 4."""
    if isinstance(schema, list):
        return [_older(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    older: Schema = {}
    for key, value in schema.items():
        if key == "prefixItems":
            older["items"], older["additionalItems"] = _older(value), False
        elif key == "items" and value is False:
            continue
        elif key in ("exclusiveMinimum", "exclusiveMaximum"):
            older[f"m{key[10:]}"], older[key] = value, True
        elif key == "required":
            if value:  # an empty list is not allowed
                older[key] = value
        elif key == "description":
            older[key] = " ".join(str(value).split())
        elif key != "discriminator" and not (key == "default" and value is None):
            older[key] = _older(value)
    if "$ref" in older and len(older) > 1:  # what stands beside a reference does not count
        older["allOf"] = [{"$ref": older.pop("$ref")}]
    return older


def _describe(schema: Schema, struct: type[msgspec.Struct]) -> None:
    """Give the properties of a struct their docstrings, and the keys of a table by cause their names."""
    hints = get_type_hints(struct, include_extras=True)
    for name, part in schema.get("properties", {}).items():  # a struct may be written as a list
        if text := meaning(struct, name):
            if "$ref" in part:
                part["allOf"] = [{"$ref": part.pop("$ref")}]
            part["description"] = f"{text} ({part['description']})" if "description" in part else text
        keys = _enumerated_keys(hints.get(name))
        if keys:
            part["properties"] = dict.fromkeys(keys, part["additionalProperties"])
            part["additionalProperties"] = False


def _enumerated_keys(kind: Any) -> list[str]:
    if get_origin(kind) is not dict:
        return []
    key = get_args(kind)[0]
    return [str(member.value) for member in key] if isinstance(key, type) and issubclass(key, Enum) else []


def structs_in(kinds: Iterable[Any], *, outside_lists: bool = False) -> list[type[msgspec.Struct]]:
    """Return the structs in some types, from the outside in; with `outside_lists` no members of lists."""
    found: dict[type[msgspec.Struct], None] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if outside_lists and get_origin(kind) is tuple:
            continue
        if get_origin(kind) in (Annotated, Union, types.UnionType, dict, tuple):
            waiting += get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
            found[kind] = None
            waiting += get_type_hints(kind, include_extras=True).values()
    return list(found)

"""The JSON Schema of a profile's file, for editors: a user's own, that of a line, or the facts common to all.

A file is a layer: any key may be left out, for a layer below gives it. A list is replaced as a whole, so that what
stands in one is complete.
"""

from emulator.firmware.layers import UNSET
from emulator.firmware.schema.profile import Profile
from emulator.firmware.status import Status
from emulator.json_schema import Schema, components, document, structs_in, without_null

_LINE_OF_TEXT = {"type": "string", "minLength": 1, "pattern": r"^[^\n]*$"}
_VERSION = {"type": "string", "pattern": r"^\d\d\.\d\d\.\d\d\d$"}
_HEAD: Schema = {
    "extends": {**_LINE_OF_TEXT, "description": "What it builds on: MODEL[@VERSION], a line, `common`, or a file."},
    "name": {**_LINE_OF_TEXT, "description": "What it is called in traces and reports."},
    "model": {**_LINE_OF_TEXT, "description": "The model, where it extends a line or `common`."},
    "version": {**_VERSION, "description": "The version, where it extends a line or `common`."},
}
_OF_A_LINE: Schema = {
    "status": {"enum": [status.value for status in Status], "description": "How well the line is known."},
    "covers": {
        "type": "string",
        "pattern": r"^\d\d\.(\d[\dx]|xx)$",
        "description": "The versions of the line: 12.00, or 12.0x for 12.00 to 12.09, or 12.xx for 12.00 to 12.99.",
    },
    "ssl_since": {**_VERSION, "description": "The first version with SSL, where it is older than those of `models`."},
    "models": {"type": "array", "items": {"$ref": "#/definitions/Model"}, "description": "The models of the line."},
    "since": {"type": "array", "items": {"$ref": "#/definitions/News"}, "description": "What releases have brought."},
}
_UNSET: Schema = {
    UNSET: {"type": "array", "items": {"type": "string"}, "description": "Keys of lower layers that it takes away."}
}
_BEGIN: Schema = {
    "release": {"type": "integer", "minimum": 0, "maximum": 9, "description": "From this one on."},
    "version": {**_VERSION, "description": "From this one on, where a release is not enough."},
}
_WHOLE = ("identity", "terminal", "settings")
"""Keys that the file has which extends nothing."""


def profile_schema() -> Schema:
    """Make the schema."""
    _, definitions = components([Profile])
    definitions = without_null(definitions)
    for struct in structs_in([Profile], outside_lists=True):
        definitions[struct.__name__].pop("required", None)
    tables = definitions.pop(Profile.__name__)["properties"]
    definitions |= _definitions_of_a_line(tables)
    keys = {**_HEAD, **_UNSET, **_OF_A_LINE, **tables}
    schema = {
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
        "anyOf": [{"required": ["extends"]}, {"required": list(_WHOLE)}],
        "dependencies": {key: ["models", "extends"] for key in _OF_A_LINE},
    }
    return document("A firmware profile of telit-emulator", schema, definitions)


def _definitions_of_a_line(tables: Schema) -> Schema:
    layer = {"type": "object", "properties": {**_UNSET, **tables}, "additionalProperties": False}
    news = {
        "type": "object",
        "properties": {**_BEGIN, **_UNSET, **tables},
        "additionalProperties": False,
        "oneOf": [{"required": ["release"]}, {"required": ["version"]}],
    }
    model = {
        "type": "object",
        "properties": {
            "name": _LINE_OF_TEXT,
            "version": _VERSION,
            "aliases": {"type": "array", "items": _LINE_OF_TEXT},
            "overrides": {"$ref": "#/definitions/Layer"},
            "since": {"type": "array", "items": {"$ref": "#/definitions/News"}},
        },
        "required": ["name", "version"],
        "additionalProperties": False,
    }
    return {"Layer": layer, "News": news, "Model": model}

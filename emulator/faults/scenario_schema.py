"""The JSON Schema of a scenario, for editors."""

from typing import Any

import msgspec

from emulator.docstrings import meaning
from emulator.faults.catalogue import FAULTS, is_text
from emulator.faults.fault import Fault
from emulator.faults.quantities import Quantity
from emulator.faults.reference import summary
from emulator.firmware import keys
from emulator.json_schema import Schema, components, document, without_null


def scenario_schema() -> Schema:
    """Make the schema."""
    made = [_fault(name, kind) for name, kind in FAULTS.items()]
    definitions: dict[str, Schema] = {}
    for name, (schema, inner) in zip(FAULTS, made, strict=True):
        definitions |= {name: schema, **inner}
    references = [{"$ref": f"#/definitions/{name}"} for name in FAULTS]
    schema = {
        "type": "object",
        "properties": {
            "firmware": {
                "type": "string",
                "minLength": 1,
                "description": "What the modem is where nobody names another: MODEL[@VERSION], or a profile.",
            },
            "seed": {"type": "integer", "description": "Decides all that is left to chance; 0 when left out."},
            "faults": {"type": "array", "items": {"anyOf": references}, "description": "What goes wrong."},
        },
        "additionalProperties": False,
    }
    return document("A scenario of telit-emulator", schema, definitions)


def _fault(name: str, kind: type[Fault]) -> tuple[Schema, dict[str, Schema]]:
    """Make the schema of one kind, and the definitions of the types in it."""
    fields, hints = msgspec.structs.fields(kind), keys.kinds(kind)
    values, definitions = components((hints[field.name] for field in fields), _quantity)
    properties: Schema = {"fault": {"enum": [name], "description": summary(kind)}}
    for field, value in zip(fields, values, strict=True):
        allowed = without_null(value)
        if is_text(hints[field.name]):  # a number may stand for its digits
            allowed = {"anyOf": [allowed, {"type": "integer"}]}
        properties[field.name] = {**allowed, "description": meaning(kind, field.name)}
    schema = {
        "type": "object",
        "description": summary(kind),
        "properties": properties,
        "required": ["fault", *(field.name for field in fields if field.required)],
        "additionalProperties": False,
    }
    return schema, definitions


def _quantity(kind: type[Any]) -> Schema:
    if not issubclass(kind, Quantity):
        raise NotImplementedError
    units = "|".join(kind.units)
    number = {"type": "number", "minimum": 0}
    text = {"type": "string", "pattern": rf"^\s*\d+(\.\d+)?\s*({units})?\s*$"}
    return {"anyOf": [number, text]}

"""The JSON Schema of the trace: of one line of `--trace`, `run --json` and `ctl events`."""

from emulator.json_schema import Schema, components, document
from emulator.trace.events import Event

_TIME: Schema = {
    "type": "number",
    "minimum": 0,
    "description": "Seconds of the module's time since the start.",
}


_MODEM: Schema = {
    "type": "integer",
    "minimum": 1,
    "description": "Number of the modem, where `run --count` runs many.",
}


def trace_schema() -> Schema:
    """Make the schema; a line has every field of its event."""
    references, definitions = components(Event.__subclasses__())
    for event in Event.__subclasses__():
        schema = definitions[event.__name__]
        schema["properties"]["time"] = _TIME
        schema["required"] = list(schema["properties"])
        schema["properties"]["modem"] = _MODEM
        schema["additionalProperties"] = False
    return document("A line of a trace of telit-emulator", {"anyOf": references}, definitions)

"""`telit-emulator schema`: prints a JSON Schema of what users write or read."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import click


def _profile() -> Mapping[str, Any]:
    from emulator.firmware.profile_schema import profile_schema

    return profile_schema()


def _scenario() -> Mapping[str, Any]:
    from emulator.modem import load_faults

    schema: Mapping[str, Any] = load_faults().schema()
    return schema


def _trace() -> Mapping[str, Any]:
    from emulator.trace.trace_schema import trace_schema

    return trace_schema()


def _matrix() -> Mapping[str, Any]:
    from emulator.matrix.reports.facts import matrix_schema

    return matrix_schema()


def _exploration() -> Mapping[str, Any]:
    from emulator.explore.reports.facts import exploration_schema

    return exploration_schema()


def _conformity() -> Mapping[str, Any]:
    from emulator.conformance.reports.facts import conformity_schema

    return conformity_schema()


_MAKERS: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "profile": _profile,
    "scenario": _scenario,
    "trace": _trace,
    "matrix": _matrix,
    "exploration": _exploration,
    "conformity": _conformity,
}
NAMES = tuple(_MAKERS)


@click.command(short_help="Print a JSON Schema, for editors and programs.")
@click.argument("name", type=click.Choice(NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema (draft 4) of a firmware profile, a scenario, a line of a trace, `matrix --json`,
    `explore --json`, or `conform --json`.

    An editor that knows it completes and checks keys while they are typed. In VS Code with Even Better TOML, or any
    editor with taplo, the first line of the file names it: `#:schema ./profile.schema.json`.

    \b
    Example:
      telit-emulator schema profile > profile.schema.json
    """
    click.echo(written(name))


def written(name: str) -> str:
    """Return the schema of that name as text."""
    return json.dumps(_MAKERS[name](), indent=2, ensure_ascii=False)

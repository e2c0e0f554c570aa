"""The commands that learning leaves alone, each with its reason."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from emulator.firmware.files import read_tables

_FILE = Path(__file__).with_name("careful.toml")


def not_asked() -> Mapping[str, str]:
    """Return the commands that are sent in no form, with the reason."""
    return _reasons()["not_asked"]


def not_set() -> Mapping[str, str]:
    """Return the commands whose values are not tried, with the reason."""
    return {**_reasons()["not_asked"], **_reasons()["not_set"]}


def also_set() -> Collection[str]:
    """Return the commands that are tried though they are no settings commands."""
    return _reasons()["also_set"]


def of_the_line() -> Sequence[str]:
    """Return the settings on which the line itself depends."""
    return list(_reasons()["line"])


@cache
def _reasons() -> Mapping[str, Mapping[str, str]]:
    tables = read_tables(_FILE, _FILE.name)
    return {
        kind: {command: entry["why"] for entry in entries for command in entry["commands"]}
        for kind, entries in tables.items()
    }

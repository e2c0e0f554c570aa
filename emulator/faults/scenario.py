"""Reads scenarios: TOML files with a firmware, a seed and faults."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator.errors import UserError
from emulator.faults.catalogue import make
from emulator.faults.fault import Fault
from emulator.firmware import keys
from emulator.firmware.files import read_tables
from emulator.firmware.loader import canonical, is_path

_KEYS = ("firmware", "seed", "faults")
_HOW = 'write [[faults]] and below it fault = "NAME" with its keys'


@dataclass(frozen=True)
class Scenario:
    """Hold the firmware, the seed and the faults of a file."""

    path: Path
    seed: int
    """0 when the file has none."""
    faults: tuple[Fault, ...]
    firmware: str | None = None
    """What the modem is when nobody names another one; None when the file has none."""


def load_scenario(path: Path) -> Scenario:
    """Read a scenario.

    Raises:
        UserError: it cannot be read, or something in it is unknown or not allowed; the message names file and key.
    """
    tables = read_tables(path, str(path), what="a scenario")
    for key in tables:
        if key not in _KEYS:
            raise UserError(f"{path}: unknown key {key!r}{keys.nearest(key, _KEYS) or '; ' + keys.one_of(_KEYS)}")
    seed, faults = tables.get("seed", 0), tables.get("faults", [])
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise UserError(f"{path}: seed is {seed!r}; give a whole number")
    if not isinstance(faults, list) or not all(isinstance(fault, dict) for fault in faults):
        raise UserError(f"{path}: `faults` is no list of tables; {_HOW}")
    firmware = _firmware(path, tables["firmware"]) if "firmware" in tables else None
    return Scenario(path, seed, tuple(_fault(path, number, table) for number, table in enumerate(faults, 1)), firmware)


def _firmware(path: Path, value: Any) -> str:
    """Return the name of a firmware; the path of a profile is taken from the folder of the scenario."""
    if not isinstance(value, str) or not value:
        raise UserError(f"{path}: firmware is {value!r}; give MODEL[@VERSION], or the path of a profile")
    try:
        return canonical(str(path.parent / value) if is_path(value) else value)
    except UserError as error:
        raise UserError(f"{path}: firmware: {error}") from error


def _fault(path: Path, number: int, table: dict[str, Any]) -> Fault:
    name = table.get("fault")
    if not isinstance(name, str):
        raise UserError(f"{path}: fault {number} has no name; {_HOW}")
    try:
        return make(name, {key: value for key, value in table.items() if key != "fault"})
    except UserError as error:
        raise UserError(f"{path}: fault {number}: {error}") from error

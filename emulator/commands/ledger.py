"""Ledger of the commands in the reference guide: those that work, those that are only kept, and why others are missing.

What a declaration can tell comes from it. `reference_guide.toml` has the names in the guide's index, and the reasons of
those that no file declares.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from emulator.commands.basic.settings import commands_of
from emulator.commands.catalogue import command_table, declared_commands
from emulator.decoding import convert
from emulator.firmware.files import read_tables
from emulator.firmware.lines import lines
from emulator.firmware.loader import Firmware, load_firmware

_FILE = Path(__file__).with_name("reference_guide.toml")


class Standing(StrEnum):
    """Standing of a command on one firmware."""

    WORKS = "works"
    KEPT = "kept without effect"
    NOT_EMULATED = "not emulated"
    ABSENT = "not on this firmware"
    UNKNOWN = "no such command"


class Entry(NamedTuple):
    """Standing of a command, and why it is not emulated."""

    standing: Standing
    why: str = ""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Commands that are not emulated for one reason."""

    why: str
    names: tuple[str, ...]
    lines: tuple[str, ...] = ()
    """The software lines that have them; none stands for all."""


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The index of the reference guide."""

    source: str
    names: tuple[str, ...]
    not_emulated: tuple[Group, ...]


@cache
def reference_guide() -> Guide:
    """Read the index of the reference guide."""
    return convert(read_tables(_FILE, _FILE.name, what="the guide's index"), Guide)


@cache
def missing() -> Mapping[str, Group]:
    """Return the commands that are not emulated, with their groups."""
    return {name: group for group in reference_guide().not_emulated for name in group.names}


def entry(name: str, firmware: Firmware) -> Entry:
    """Return the standing of a command on a firmware."""
    bound = command_table(firmware).find(name)
    if bound is None:
        return why_not(name, firmware.line)
    return Entry(Standing.WORKS if bound.has_effect else Standing.KEPT)


def why_not(name: str, line: str) -> Entry:
    """Return the standing of a command that a firmware of this software line does not have."""
    group = missing().get(name)
    if group is not None and line in (group.lines or (line,)):
        return Entry(Standing.NOT_EMULATED, group.why)
    known = group is not None or name in reference_guide().names or name in handled() or name in declared()
    return Entry(Standing.ABSENT if known else Standing.UNKNOWN)


@cache
def handled() -> Collection[str]:
    """Return the names of all commands that have a handler: what loading every firmware takes is not spent on them."""
    return {name for command in declared_commands() for name in command.names}


@cache
def declared() -> Collection[str]:
    """Return the names of all commands of any shipped firmware.

    One model of each line is asked, as all of a line have the same names: a host waits meanwhile.
    """
    names = handled()
    profiles = (load_firmware(line.models[0].name).profile for line in lines())
    return {*names, *(command.name for profile in profiles for command in commands_of(profile, names))}

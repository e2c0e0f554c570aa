"""Tells which command lines may be sent to anybody's module, and why the others need --all.

A test or read form is safe; a set form, where a read shows what it changes and can set it back. Of the others the safe
ones stand in a table, and so do the reasons; a command that stands nowhere is not safe.
"""

import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Call, Form, Malformed, parse_line
from emulator.commands.catalogue import command_table
from emulator.dte.restorations import is_harmless
from emulator.firmware.loader import Firmware

_NOBODY_KNOWS = "nobody knows what it changes"
SENDS = "it sends data over the network"
ANEW = "the module would look for a network anew"
"""The reasons of what costs little, and leaves nothing changed."""
_BEGIN = "AT"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    execute: frozenset[str]
    set: frozenset[str]
    any: frozenset[str]
    networked: frozenset[str]
    dialling: frozenset[str]
    reasons: Mapping[str, Collection[str]]


def why_all(line: str, firmware: Firmware) -> str:
    """Return why a line of the host, with its `AT`, needs --all; empty where it is safe."""
    if not line.upper().startswith(_BEGIN):
        return ""
    calls = parse_line(line[len(_BEGIN) :])
    return next((why for call in calls if (why := _why(call, firmware))), "")


def asks_network(line: str) -> bool:
    """Return whether a line makes the module ask the network, and may take minutes."""
    return line.removeprefix(_BEGIN) in _table().networked


def dials(line: str) -> bool:
    """Return whether a line of the host makes the module dial a peer, or wait for one."""
    calls = parse_line(line[len(_BEGIN) :]) if line.upper().startswith(_BEGIN) else []
    shows = (Form.TEST, Form.READ)
    return any(isinstance(call, Call) and call.form not in shows and call.name in _table().dialling for call in calls)


def _why(call: Call | Malformed, firmware: Firmware) -> str:
    if isinstance(call, Malformed):
        return ""
    if call.form in (Form.TEST, Form.READ):
        return ""
    table = _table()
    if call.name in table.any or call.name in (table.set if call.form is Form.SET else table.execute):
        return ""
    if why := next((why for why, names in table.reasons.items() if call.name in names), ""):
        return why
    bound = command_table(firmware).find(call.name)
    return "" if bound is not None and (is_harmless(bound) or _only_shows(bound, table)) else _NOBODY_KNOWS


def _only_shows(bound: BoundCommand, table: _Table) -> bool:
    """Return whether the command shows something in its execution form, and has no set form."""
    return bound.command.name in table.execute and not bound.has(Form.SET)


@lru_cache(maxsize=1)
def _table() -> _Table:
    text = (Path(__file__).parent / "safety.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)

"""Finds out whether a module has a command, without carrying it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from emulator.at.command import Command
from emulator.at.syntax import EXTENDED
from emulator.dte.exchange import Exchange
from emulator.firmware.layers import merge, value_at
from emulator.learning.asking.careful import not_asked
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.roster import bound_commands
from emulator.learning.claims.claim import Claim

_NO_READ = "AT+CGMM?"
"""A form that no standard gives to a command that every module has."""
_NOBODY = "AT#NOTHING=?"
"""A command that no module has."""
_NUMBER = 9
"""Given to a basic command to see whether it is there: few take it, and those that do only show or ignore it."""


@dataclass(frozen=True)
class Presence:
    """Whether a command is there, and the exchanges that show it."""

    is_there: bool | None
    """None where the answers leave it open."""
    shown_by: list[Exchange] = field(default_factory=list)


def tells_missing_forms(inquiry: Inquiry) -> bool:
    """Return whether the module refuses a form that a command lacks otherwise than a command that it lacks."""
    exchange = inquiry.once(_NO_READ)
    return exchange.refusal is not None and exchange.refusal.family != ""


def tells_missing_commands(inquiry: Inquiry) -> bool:
    """Return whether the module refuses what it does not know by ERROR alone."""
    exchange = inquiry.once(_NOBODY)
    return exchange.refusal is not None and not exchange.refusal.family


def presence_of(inquiry: Inquiry, name: str) -> Presence:
    """Ask whether a command is there.

    A module refuses what it does not know by ERROR alone, also under +CMEE=2; a form or a state by +CME ERROR.
    """
    if name in not_asked():
        return Presence(None)
    asked: list[Exchange] = []
    for command in _questions(name):
        asked.append(inquiry.once(command))
        if asked[-1].is_ok:
            return Presence(True, asked[-1:])
        if asked[-1].refusal is not None and asked[-1].refusal.family:
            return Presence(True if tells_missing_commands(inquiry) else None, asked[-1:])
        if asked[-1].refusal is None:
            return Presence(None, asked)
    return Presence(False if tells_missing_forms(inquiry) else None, asked)


def _questions(name: str) -> list[str]:
    if name[0] in EXTENDED:
        return [f"AT{name}=?", f"AT{name}?"]
    return [f"AT{name}?", f"AT{name}{_NUMBER}"] if name[-1].isalpha() else [f"AT{name}?", f"AT{name}=?"]


def presence_claims(inquiry: Inquiry, command: Command) -> Iterator[Claim]:
    """Claim that a command, or another name of it, is there or not, where the base says otherwise or says it at all."""
    tables, table = merge(inquiry.base.layers), inquiry.commands
    main = presence_of(inquiry, command.name)
    for name in command.names if main.is_there else (command.name,):
        found = main if name == command.name else presence_of(inquiry, name)
        said = value_at(tables, ("commands", name))
        if found.is_there is False and (table.find(name) is not None or said is False):
            yield Claim(("commands", name), False, found.shown_by)
        if found.is_there and said in (True, False) and command.name in bound_commands(inquiry.base):
            yield Claim(("commands", name), True, found.shown_by)


@contextmanager
def errors_in_words(inquiry: Inquiry) -> Iterator[None]:
    """Let the module print errors as texts, by +CMEE=2, as long as the block lasts."""
    before = inquiry.ask("AT+CMEE?").value("+CMEE")
    try:
        if before != "2":
            inquiry.ask("AT+CMEE=2")
        yield
    finally:
        if before not in (None, "2"):
            inquiry.ask(f"AT+CMEE={before}")

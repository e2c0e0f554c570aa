"""The chapter of a command, and what its commands need of a module."""

from collections.abc import Mapping
from functools import lru_cache

from emulator.at.command import Command
from emulator.commands.catalogue import chapter_commands, chapters
from emulator.conformance.items import Need

_BASIC = "basic"
_NEEDS = {"sim": frozenset({Need.SIM}), "messages": frozenset({Need.SIM})}
_WITHOUT_CARD = frozenset({"+CPIN", "#QSS", "#SIMDET", "+CSCS", "+CMGF", "+CSDH", "+CNMI", "+CSMS", "#SMOV", "#MWI"})


def chapter_of(name: str) -> str:
    """Return the chapter of a command; what the profile makes, and what nobody declares, is basic."""
    return _chapters().get(name, _BASIC)


def needs_of(name: str) -> frozenset[Need]:
    """Return what a question for the command needs beside the module."""
    return frozenset() if name in _WITHOUT_CARD else _NEEDS.get(chapter_of(name), frozenset())


@lru_cache(maxsize=1)
def _chapters() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for chapter in chapters():
        commands: list[Command] = chapter_commands(chapter)
        found |= {name: chapter for command in commands for name in command.names}
    return found

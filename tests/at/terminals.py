"""A terminal of the HE910 profile, without a module behind it."""

from emulator.at.settings import Settings
from emulator.at.terminal import Event, Terminal
from emulator.commands.dialect import DIALECT
from emulator.firmware.loader import load_firmware

PROFILE = load_firmware("HE910").profile


def settings(**values: int) -> Settings:
    """Factory settings with echo off, and what is given."""
    made = Settings(PROFILE.settings, DIALECT)
    made["E"] = 0
    for name, value in values.items():
        made[name] = value
    return made


def terminal(**values: int) -> Terminal:
    """A terminal in command mode."""
    return Terminal(settings(**values), PROFILE.terminal, PROFILE.errors)


def hear(made: Terminal, data: bytes, now: float = 0.0) -> list[Event]:
    """The events that the bytes make, without anything being answered."""
    made.receive(data, now)
    return events(made)


def events(made: Terminal) -> list[Event]:
    """What waits."""
    found = []
    while (event := made.next_event()) is not None:
        found.append(event)
    return found

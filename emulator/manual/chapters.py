"""The chapters of the manual: which one a command belongs to, and how they are called."""

import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from emulator.at.command import Command
from emulator.commands import catalogue

_SETTINGS = "basic"
"""The chapter of the commands that a profile's settings make."""


def chapter_of(command: Command) -> str:
    """Return the chapter of a command."""
    return _chapters().get(command, _SETTINGS)


@cache
def _chapters() -> Mapping[Command, str]:
    return {command: chapter for chapter in catalogue.chapters() for command in catalogue.chapter_commands(chapter)}


def title_of(chapter: str) -> str:
    """Return the title of a chapter: its docstring up to a colon."""
    module = import_module(f"{catalogue.__package__}.{chapter}")
    return (inspect.getdoc(module) or "").partition(":")[0].rstrip(".")


def opening_of(chapter: str) -> str:
    """Return the whole docstring of a chapter, in one line."""
    return " ".join((inspect.getdoc(import_module(f"{catalogue.__package__}.{chapter}")) or "").split())

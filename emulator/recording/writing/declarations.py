"""What the commands of every firmware say of their arguments: the module on the line may have any of them."""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Call
from emulator.at.table import CommandTable
from emulator.commands.catalogue import command_table
from emulator.firmware.loader import list_models, load_firmware


class Declarations:
    """Ask the commands of the nearest firmware first, then those of a model of each software line."""

    def __init__(self, nearest: CommandTable[Any]) -> None:
        self._nearest = nearest

    def __repr__(self) -> str:
        return f"<Declarations, {len(self._nearest)} commands of the nearest firmware>"

    def find(self, name: str) -> BoundCommand[Any] | None:
        """Return the command of that name; None where no firmware has it."""
        return self._table(name).find(name)

    def secret_places(self, call: Call) -> Collection[int]:
        """Return the places of the arguments that may be secret: of a command that nobody knows, all of them."""
        return self._table(call.name).secret_places(call)

    def is_open(self, name: str) -> bool:
        """Return whether none of the values of a command is ever a secret."""
        return self._table(name).is_open(name)

    def _table(self, name: str) -> CommandTable[Any]:
        if self._nearest.find(name) is not None or not self._nearest.is_declared(name):
            return self._nearest
        return next((table for table in _tables() if table.find(name) is not None), self._nearest)


def _tables() -> Iterator[CommandTable[Any]]:
    by_line = {model.line: model.name for model in list_models()}
    return (_table_of(model) for model in by_line.values())


@cache
def _table_of(model: str) -> CommandTable[Any]:
    return command_table(load_firmware(model))

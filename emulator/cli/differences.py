"""Differences between two firmwares as a host sees them: commands, parameters, and values of the profiles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Form
from emulator.cli.values import in_words, is_table
from emulator.commands.catalogue import command_table
from emulator.firmware.keys import written
from emulator.firmware.layers import KeyPath
from emulator.firmware.loader import Firmware
from emulator.firmware.reference import meaning
from emulator.firmware.status import Status, with_status

_ABSENT = "it has none"


@dataclass(frozen=True)
class Difference:
    """One difference between two firmwares."""

    what: str
    meaning: str
    values: tuple[str, str]

    def in_words(self, names: tuple[str, str]) -> str:
        """Write a title line, and one line for each firmware."""
        width = max(map(len, names))
        title = f"{self.what}: {self.meaning}" if self.meaning else self.what
        lines = (f"    {name:{width}}  {value}" for name, value in zip(names, self.values, strict=True))
        return "\n".join((f"  {title}", *lines))


@dataclass(frozen=True)
class Differences:
    """All differences between two firmwares."""

    names: tuple[str, str]
    statuses: tuple[Status | None, Status | None]
    """How well their software lines are known."""
    only: tuple[list[str], list[str]]
    """Commands that only one of them has."""
    commands: list[Difference]
    """Commands whose parameters differ."""
    settings: list[Difference]
    """Values of the profiles that differ."""

    @classmethod
    def between(cls, first: Firmware, second: Firmware) -> "Differences":
        """Compare two firmwares."""
        ours, theirs = uses(first), uses(second)
        return cls(
            (first.name, second.name),
            (first.status, second.status),
            ([name for name in ours if name not in theirs], [name for name in theirs if name not in ours]),
            [
                Difference(name, "", (ours[name], theirs[name]))
                for name in ours
                if name in theirs and ours[name] != theirs[name]
            ],
            list(_settings(_values(first), _values(second), ())),
        )

    def in_words(self) -> str:
        """Write the differences for a reader."""
        first, second = self.names
        titles = [with_status(name, status) for name, status in zip(self.names, self.statuses, strict=True)]
        parts = [f"From {' to '.join(titles)}"]
        parts += [
            f"Commands of {name} only\n  {', '.join(has)}"
            for name, has in zip(self.names, self.only, strict=True)
            if has
        ]
        for title, differences in (("Parameters", self.commands), ("Values of the profile", self.settings)):
            if differences:
                parts.append("\n".join((title, *(each.in_words(self.names) for each in differences))))
        return "\n\n".join(parts if len(parts) > 1 else [f"{first} and {second} do not differ"])

    def as_json(self) -> dict[str, Any]:
        """Return the differences for a program."""
        return {
            "firmwares": self.names,
            "statuses": self.statuses,
            "commands_only": dict(zip(self.names, self.only, strict=True)),
            "parameters": [{"command": each.what, "values": each.values} for each in self.commands],
            "settings": [{"key": each.what, "meaning": each.meaning, "values": each.values} for each in self.settings],
        }


def uses(firmware: Firmware) -> dict[str, str]:
    """Return the commands of a firmware by name, each with its parameters and forms."""
    return {bound.command.name: _use(bound) for bound in command_table(firmware)}


def _use(bound: BoundCommand) -> str:
    forms = [str(form.value) for form in Form if bound.has(form)]
    return f"{bound.signature() or 'no parameters'} ({', '.join(forms)})"


def _values(firmware: Firmware) -> dict[str, Any]:
    """Return the values of a profile but for `commands`; `uses` shows those."""
    values: dict[str, Any] = msgspec.to_builtins(firmware.profile)
    del values["commands"]
    return values


def _settings(first: Mapping[str, Any], second: Mapping[str, Any], above: KeyPath) -> Iterator[Difference]:
    for key in dict.fromkeys((*first, *second)):
        ours, theirs, path = first.get(key), second.get(key), (*above, key)
        if ours == theirs:
            continue
        if ours is not None and theirs is not None and is_table(ours) and is_table(theirs):
            yield from _settings(ours, theirs, path)
        else:
            yield Difference(written(path), meaning(path), (_value(ours), _value(theirs)))


def _value(value: Any) -> str:
    if value is None:
        return _ABSENT
    return "it has one" if is_table(value) else in_words(value)

"""Collects the commands that the host used and the module lacks, for a report at the end."""

from collections.abc import Iterable, Iterator
from typing import Self

from emulator.trace.events import CommandMissing, Event, Lack

_TITLES: dict[Lack, str] = {
    "not emulated": "the host used commands that are not emulated",
    "not on this firmware": "the host used commands that this firmware does not have",
    "no such command": "the host used commands that no guide has",
}


class MissingCommands:
    """Read the trace, and keep each missing command once, in the order of the first use."""

    def __init__(self) -> None:
        self._found: dict[tuple[Lack, str], str] = {}

    @classmethod
    def of(cls, commands: Iterable[tuple[str, Lack, str]]) -> Self:
        """Return those that a report has told; each as `__iter__` yields it."""
        missing = cls()
        missing._found = {(lack, command): why for command, lack, why in commands}
        return missing

    def __call__(self, now: float, event: Event) -> None:
        if isinstance(event, CommandMissing):
            self._found.setdefault((event.lack, event.command), event.why)

    def __iter__(self) -> Iterator[tuple[str, Lack, str]]:
        """Yield each command, how it is missing, and why it is not emulated."""
        return ((command, lack, why) for (lack, command), why in self._found.items())

    def in_words(self) -> str:
        """Return a line for each kind of lack; empty where nothing was missing."""
        lines = []
        for lack, title in _TITLES.items():
            named = [f"{command} ({why})" if why else command for command, kind, why in self if kind == lack]
            if named:
                lines.append(f"{title}: {', '.join(named)}")
        return "\n".join(lines)

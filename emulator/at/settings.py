"""The numeric settings of one terminal: E, V, Q, X, the & settings, the S-registers and the like.

The owner gives the definitions: which settings there are, their values, factory defaults and profile parts.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import msgspec


class ProfilePart(StrEnum):
    """The part of a user profile that a setting belongs to; with `none` it lasts until power-off."""

    BASE = "base"
    EXTENDED = "extended"
    NONE = "none"


class Definition(Protocol):
    """Limits, factory value and profile part of one setting."""

    @property
    def default(self) -> int | None:
        """Its factory value."""

    @property
    def part(self) -> ProfilePart:
        """The part of a user profile that AT&W stores it in."""

    def allows(self, value: int) -> bool:
        """Return whether it may hold `value`."""


class Dialect(msgspec.Struct, frozen=True):
    """A vendor's additions to the language. Settings are given by name; an empty name stands for no such setting."""

    repetition: str = ""
    """The text after `AT` that runs the last line again, as `A/` does."""
    guard_seconds: str = ""
    """The setting that gives the guard time in seconds; 0 leaves it to S12."""
    escape_withheld: str = ""
    """The setting that keeps the escape sequence from the peer."""


class Settings(Mapping[str, int]):
    """Values by the name of the command that sets them (`E`, `&K`, `S12`, `+CMEE`)."""

    def __init__(self, definitions: Mapping[str, Definition], dialect: Dialect | None = None) -> None:
        self._definitions = definitions
        self._values: dict[str, int] = {}
        self.dialect = dialect or Dialect()
        self.revision = 0
        """Another number after each change."""
        self.restore_factory()

    def __repr__(self) -> str:
        return f"<Settings {' '.join(f'{name}={value}' for name, value in self._values.items())}>"

    def __getitem__(self, name: str) -> int:
        return self._values[name]

    def __iter__(self):  # type: ignore[no-untyped-def]  # Mapping's own types say it
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __setitem__(self, name: str, value: int) -> None:
        """Set a value that the caller has checked against the definition."""
        self._values[name] = value
        self._refresh()

    def restore_factory(self, *parts: ProfilePart) -> None:
        """Set the settings of these parts (all, when none is named) to their factory values."""
        for name, definition in self._definitions.items():
            if not parts or definition.part in parts:
                assert definition.default is not None
                self._values[name] = definition.default
        self._refresh()

    def snapshot(self) -> dict[str, int]:
        """Return what AT&W stores: every setting that belongs to a part of a user profile."""
        return {
            name: self._values[name] for name, entry in self._definitions.items() if entry.part is not ProfilePart.NONE
        }

    def restore(self, stored: Mapping[str, int], *parts: ProfilePart) -> None:
        """Load a snapshot for the parts named; unknown settings and values out of range are left out."""
        for name, value in stored.items():
            entry = self._definitions.get(name)
            if entry is not None and entry.part in parts and entry.allows(value):
                self._values[name] = value
        self._refresh()

    def _refresh(self) -> None:
        """Derive what is looked at for every byte."""
        values = self._values
        self.revision += 1
        self.echo = values["E"] == 1
        self.verbose = values["V"] == 1
        self.quiet = values["Q"] == 1
        self.terminator = bytes((values["S3"],))
        self.line_end = bytes((values["S3"], values["S4"]))
        self.backspace = bytes((values["S5"],))
        self.escape = bytes((values["S2"],))
        self.escape_withheld = bool(values.get(self.dialect.escape_withheld))
        self.guard_time = float(values.get(self.dialect.guard_seconds) or values["S12"] / 50)
        """Seconds of silence around the escape sequence; S12 counts fiftieths."""

"""The numeric settings of one terminal: E, V, Q, X, the & settings, the S-registers and the like.

Which there are, their values, factory defaults and profile parts come from the firmware profile.
"""

from collections.abc import Mapping

from emulator.firmware.schema.profile import ProfilePart, Setting


class Settings(Mapping[str, int]):
    """Values by the name of the command that sets them (`E`, `&K`, `S12`, `+CMEE`)."""

    def __init__(self, definitions: Mapping[str, Setting]) -> None:
        self._definitions = definitions
        self._values: dict[str, int] = {}
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

    def definition(self, name: str) -> Setting:
        """What may be set under `name`."""
        return self._definitions[name]

    def restore_factory(self, *parts: ProfilePart) -> None:
        """Give the settings of these parts (all, when none is named) their factory values."""
        for name, definition in self._definitions.items():
            if not parts or definition.part in parts:
                assert definition.default is not None
                self._values[name] = definition.default
        self._refresh()

    def snapshot(self) -> dict[str, int]:
        """What AT&W stores: every setting that belongs to a part of a user profile."""
        return {
            name: self._values[name] for name, entry in self._definitions.items() if entry.part is not ProfilePart.NONE
        }

    def restore(self, stored: Mapping[str, int], *parts: ProfilePart) -> None:
        """Load what `snapshot` gave, as far as this firmware knows and allows it, for the parts named."""
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
        self.line_feed = bytes((values["S4"],))
        self.backspace = bytes((values["S5"],))
        self.escape = bytes((values["S2"],))
        self.guard_time = (values["#E2ESC"] or values["S12"] / 50) * 1.0
        """Seconds of silence around the escape sequence (S12 counts fiftieths, #E2ESC seconds)."""

"""Keep settings in NVM: numbers that are written as soon as they are set, and the user profiles of AT&W."""

from collections.abc import Mapping

from emulator.device.memory.record import Record, freeze
from emulator.device.memory.store import NvmStore
from emulator.firmware.limits import Default


class UserProfile(Record, frozen=True):
    """The settings of an AT instance that AT&W has stored."""

    settings: Mapping[str, int]

    def __post_init__(self) -> None:
        freeze(self)


class StoredSettings(Mapping[str, int]):
    """Values by the name that the profile gives them."""

    def __init__(self, definitions: Mapping[str, Default], store: NvmStore) -> None:
        self._definitions = definitions
        self._store = store

    def __repr__(self) -> str:
        return f"<StoredSettings {' '.join(f'{name}={value}' for name, value in self.items())}>"

    def __getitem__(self, name: str) -> int:
        """Return the value in NVM, or the factory's where this firmware has no such value."""
        definition = self._definitions[name]
        kept = self._store.content.stored.get(name)
        if kept is not None and definition.allows(kept):
            return kept
        assert definition.default is not None
        return definition.default

    def keep(self, values: Mapping[str, int]) -> None:
        """Write values that the caller has checked, all of them or none.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.stored.update(values)

    def __iter__(self):  # type: ignore[no-untyped-def]  # Mapping's own types say it
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

"""The numbers that the module keeps in NVM as soon as they are set, outside the user profiles."""

from collections.abc import Mapping

from emulator.device.memory.store import NvmStore
from emulator.firmware.schema.profile import Default


class StoredSettings(Mapping[str, int]):
    """Values by the name of the command that sets them (`#BND`, `#SIMDET`)."""

    def __init__(self, definitions: Mapping[str, Default], store: NvmStore) -> None:
        self._definitions = definitions
        self._store = store

    def __repr__(self) -> str:
        return f"<StoredSettings {' '.join(f'{name}={value}' for name, value in self.items())}>"

    def __getitem__(self, name: str) -> int:
        """The value in NVM, or that of the factory where there is none that this firmware has."""
        definition = self._definitions[name]
        kept = self._store.content.stored.get(name)
        if kept is not None and definition.allows(kept):
            return kept
        assert definition.default is not None
        return definition.default

    def __setitem__(self, name: str, value: int) -> None:
        """Keep a value that the caller has checked.

        Raises:
            DeviceError: the memory fails.
        """
        self._store.content.stored[name] = value
        self._store.save()

    def __iter__(self):  # type: ignore[no-untyped-def]  # Mapping's own types say it
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

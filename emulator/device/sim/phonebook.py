"""Keep the phonebook: lists of numbers on the SIM card."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.needs.network import GivenPin2
from emulator.device.sim.alpha import octets_needed
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.sim import Phonebook as PhonebookProfile
from emulator.firmware.schema.sim import PhonebookStorage
from emulator.later import later

if TYPE_CHECKING:
    from emulator.device.needs import memory as needs
else:
    needs = later("emulator.device.needs.memory")


class PhonebookEntry(Record, frozen=True):
    """A telephone number with its name."""

    number: str
    type: int
    text: str = ""


class Phonebook:
    """The storages, of which one is selected."""

    def __init__(self, profile: PhonebookProfile, store: NvmStore, has_pin2: Callable[[], bool]) -> None:
        """`has_pin2` tells whether the second PIN has been given."""
        self.profile = profile
        self._has_pin2 = has_pin2
        self._store = store
        self.restart()

    def __repr__(self) -> str:
        return f"<Phonebook {self.selected.name}, {self.used} of {self.selected.size}>"

    def restart(self) -> None:
        """Select the first storage, as at power-on."""
        self.selected: PhonebookStorage = self.profile.storages[0]

    def select(self, name: str) -> None:
        """Select another storage.

        Raises:
            DeviceError: it wants the PIN2.
        """
        wanted = next(storage for storage in self.profile.storages if storage.name == name)
        if wanted.wants_pin2 and not self._has_pin2():
            raise DeviceError(Cause.SIM_PIN2_REQUIRED, f"the phonebook {name} asks for the PIN2", GivenPin2())
        self.selected = wanted

    def name_of(self, number: str) -> str:
        """Find the name of a number among the card's own entries; empty where it has none."""
        entries = self._store.content.phonebook.get(self.profile.storages[0].name, {}).values()
        return next((entry.text for entry in entries if entry.number == number), "")

    def number_of(self, name: str) -> str | None:
        """Find the number of a name in the selected storage; None where it has none."""
        return next((entry.number for entry in self._entries.values() if entry.text.lower() == name.lower()), None)

    def number_at(self, storage: str, index: int) -> str | None:
        """Return the number at an index of a storage; None where none stands there."""
        entry = self._store.content.phonebook.get(storage, {}).get(index)
        return None if entry is None else entry.number

    @property
    def used(self) -> int:
        """Return how many entries the selected storage holds."""
        return len(self._entries)

    @property
    def _entries(self) -> Mapping[int, PhonebookEntry]:
        return self._store.content.phonebook.get(self.selected.name, {})

    def entries(self, first: int, last: int) -> Iterable[tuple[int, PhonebookEntry]]:
        """Return the entries from one index to another.

        Raises:
            DeviceError: the storage has no such index.
        """
        self._check(first)
        self._check(last)
        return ((index, entry) for index, entry in sorted(self._entries.items()) if first <= index <= last)

    def find(self, beginning: str) -> Iterable[tuple[int, PhonebookEntry]]:
        """Find the entries whose text begins so, in any case."""
        folded = beginning.lower()
        return ((i, entry) for i, entry in sorted(self._entries.items()) if entry.text.lower().startswith(folded))

    def write(self, index: int | None, entry: PhonebookEntry | None) -> None:
        """Write an entry, at the first free index if none is given; None deletes the entry.

        Raises:
            DeviceError: there is no such index, no free one, the storage is not for writing, the name is too long, or
                the memory fails.
        """
        if not self.selected.writable:
            reason = f"the module itself fills the phonebook {self.selected.name}"
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, reason, needs.WritableStorage(self._first_writable))
        if index is None:
            index = self._free_index()
        self._check(index)
        if entry is not None and (octets := octets_needed(entry.text)) > self.profile.text_length:
            reason = f"the name takes {octets} octets on the card; at most {self.profile.text_length}"
            raise DeviceError(Cause.TEXT_TOO_LONG, reason)
        with self._store.change() as nvm:
            entries = nvm.phonebook.setdefault(self.selected.name, {})
            if entry is None:
                entries.pop(index, None)
            else:
                entries[index] = entry

    @property
    def _first_writable(self) -> str:
        return next(storage.name for storage in self.profile.storages if storage.writable)

    def _free_index(self) -> int:
        for index in range(1, self.selected.size + 1):
            if index not in self._entries:
                return index
        reason = f"the phonebook {self.selected.name} is full, with {self.selected.size} entries"
        raise DeviceError(Cause.MEMORY_FULL, reason, needs.PhonebookRoom(self.selected.size))

    def _check(self, index: int) -> None:
        if not 1 <= index <= self.selected.size:
            reason = f"index {index} of the phonebook {self.selected.name}; 1 to {self.selected.size}"
            raise DeviceError(Cause.INVALID_INDEX, reason)

"""Keep the numbers of calls in the phonebook: dialled (LD), missed (MC) and received (RC)."""

import contextlib

from emulator.device.memory.store import NvmStore
from emulator.device.sim.phonebook import Phonebook, PhonebookEntry
from emulator.errors import DeviceError

_DIALLED, _MISSED, _RECEIVED = "LD", "MC", "RC"


class CallHistory:
    """The lists of calls, the newest at index 1."""

    def __init__(self, phonebook: Phonebook, store: NvmStore) -> None:
        self._phonebook = phonebook
        self._store = store

    def __repr__(self) -> str:
        return f"<CallHistory, last {self.last_dialled}>"

    @property
    def last_dialled(self) -> str | None:
        """Return the number that was dialled last."""
        entry = self._store.content.phonebook.get(_DIALLED, {}).get(1)
        return None if entry is None else entry.number

    def dialled(self, number: str) -> None:
        """Add a dialled number."""
        self._add(_DIALLED, number)

    def missed(self, number: str) -> None:
        """Add the number of a call that nobody has answered."""
        self._add(_MISSED, number)

    def received(self, number: str) -> None:
        """Add the number of a call that was answered."""
        self._add(_RECEIVED, number)

    def _add(self, storage: str, number: str) -> None:
        size = next((one.size for one in self._phonebook.profile.storages if one.name == storage), 0)
        if not number or not size:
            return
        entry = PhonebookEntry(number, 145 if number.startswith("+") else 129, self._phonebook.name_of(number))
        before = self._store.content.phonebook.get(storage, {})
        kept = [entry, *(one for _, one in sorted(before.items()) if one.number != number)][:size]
        with contextlib.suppress(DeviceError), self._store.change() as nvm:  # a full disk ends no call
            nvm.phonebook[storage] = dict(enumerate(kept, 1))

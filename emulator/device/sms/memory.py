"""Keep messages in memories, on the card and in the device. 27.005 3.1."""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from emulator.device.memory.record import Record
from emulator.device.memory.store import Draft, NvmStore
from emulator.errors import DeviceError
from emulator.firmware.schema.sms import Messages as Profile
from emulator.later import later

if TYPE_CHECKING:
    from emulator.device.needs import memory as needs
else:
    needs = later("emulator.device.needs.memory")


class Status(IntEnum):
    """<stat> of a stored message."""

    UNREAD = 0
    READ = 1
    UNSENT = 2
    SENT = 3

    @property
    def text(self) -> str:
        """Return the status as text mode shows it."""
        return ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT")[self]


_MOST_NAMED = 10
"""Indices that a reason names."""
ALL = 4
"""<stat> of +CMGL that means every message."""


class StoredMessage(Record, frozen=True):
    """A short message in a memory."""

    status: int
    """<stat> of 27.005: 0 received unread, 1 received read, 2 stored unsent, 3 stored sent."""
    pdu: bytes
    """With the service centre in front."""


class MessageMemory:
    """One memory; indices begin with 1."""

    def __init__(self, name: str, size: int, profile: Profile, store: NvmStore) -> None:
        self.name = name
        self.size = size
        self._refusals = profile.refusals
        self._store = store
        self.on_full: Callable[[str], None] = lambda name: None
        """Called with its name when its last index has been taken."""

    def __repr__(self) -> str:
        return f"<MessageMemory {self.name}, {self.used} of {self.size}>"

    @property
    def _messages(self) -> Mapping[int, StoredMessage]:
        return self._store.content.messages.get(self.name, {})

    @property
    def used(self) -> int:
        """Return how many messages it holds."""
        return len(self._messages)

    @property
    def is_full(self) -> bool:
        """Return whether no index is free."""
        return self.used >= self.size

    @property
    def indices(self) -> list[int]:
        """Return the indices that hold a message."""
        return sorted(self._messages)

    def _indices_in_words(self) -> str:
        indices = self.indices
        more = " and more" if len(indices) > _MOST_NAMED else ""
        return f"{', '.join(map(str, indices[:_MOST_NAMED])) or 'none'}{more}"

    def entries(self, status: int = ALL) -> Iterable[tuple[int, StoredMessage]]:
        """Return the messages of one status, or all, with their indices."""
        return [(i, one) for i, one in sorted(self._messages.items()) if status in (ALL, one.status)]

    def __getitem__(self, index: int) -> StoredMessage:
        """Return a message.

        Raises:
            DeviceError: there is no such index, or nothing stands there.
        """
        self._check(index)
        try:
            return self._messages[index]
        except KeyError:
            reason = f"no message stands at index {index} of {self.name}; in use: {self._indices_in_words()}"
            raise DeviceError(self._refusals.empty, reason) from None

    def add(self, status: Status, *pdus: bytes) -> int:
        """Write messages at the first free indices, all of them or none; return the last index.

        Raises:
            DeviceError: too few indices are free, or the memory fails.
        """
        free = [index for index in range(1, self.size + 1) if index not in self._messages][: len(pdus)]
        if len(free) < len(pdus):
            free_now = self.size - self.used
            reason = f"the memory {self.name} has room for {free_now} of {len(pdus)} messages; it holds {self.size}"
            need = needs.MessageRoom(self.name, self.indices[0]) if self.indices else None
            raise DeviceError(self._refusals.full, reason, need)
        with self._store.change() as nvm:
            memory = nvm.messages.setdefault(self.name, {})
            memory.update((index, StoredMessage(int(status), pdu)) for index, pdu in zip(free, pdus, strict=True))
        if self.is_full:
            self.on_full(self.name)
        return free[-1]

    def mark(self, statuses: Mapping[int, Status]) -> None:
        """Change the status of messages, by index.

        Raises:
            DeviceError: the memory fails.
        """
        if any(self._messages[index].status != status for index, status in statuses.items()):
            with self._store.change() as nvm:
                self.mark_in(nvm, statuses)

    def mark_in(self, nvm: Draft, statuses: Mapping[int, Status]) -> None:
        """Change the status of messages within a change of NVM."""
        for index, status in statuses.items():
            messages = nvm.messages[self.name]
            messages[index] = msgspec.structs.replace(messages[index], status=int(status))

    def delete(self, index: int) -> None:
        """Delete the message at an index, if there is one.

        Raises:
            DeviceError: there is no such index.
        """
        self._check(index)
        self.delete_all([index])

    def delete_all(self, indices: Iterable[int]) -> None:
        """Delete the messages at some indices.

        Raises:
            DeviceError: the memory fails.
        """
        if found := [index for index in indices if index in self._messages]:
            with self._store.change() as nvm:
                for index in found:
                    del nvm.messages[self.name][index]

    def _check(self, index: int) -> None:
        if not 1 <= index <= self.size:
            raise DeviceError(self._refusals.index, f"index {index} of {self.name}; 1 to {self.size}")

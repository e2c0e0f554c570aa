"""The memories for messages: on the card and in the module. 27.005 3.1."""

from collections.abc import Iterable
from enum import IntEnum

import msgspec

from emulator.device.memory.store import NvmStore, StoredMessage
from emulator.errors import DeviceError
from emulator.firmware.schema.sms import Messages as Profile


class Status(IntEnum):
    """Where a stored message stands."""

    UNREAD = 0
    READ = 1
    UNSENT = 2
    SENT = 3

    @property
    def text(self) -> str:
        """As text mode has it."""
        return ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT")[self]


ALL = 4
"""<stat> of +CMGL that means every message."""


class MessageMemory:
    """One memory; indices begin with 1."""

    def __init__(self, name: str, size: int, profile: Profile, store: NvmStore) -> None:
        self.name = name
        self.size = size
        self._refusals = profile.refusals
        self._store = store

    def __repr__(self) -> str:
        return f"<MessageMemory {self.name}, {self.used} of {self.size}>"

    @property
    def _messages(self) -> dict[int, StoredMessage]:
        return self._store.content.messages.setdefault(self.name, {})

    @property
    def used(self) -> int:
        """How many messages it holds."""
        return len(self._messages)

    @property
    def is_full(self) -> bool:
        """Whether no index is free."""
        return self.used >= self.size

    @property
    def indices(self) -> list[int]:
        """Where messages stand."""
        return sorted(self._messages)

    def entries(self, status: int = ALL) -> Iterable[tuple[int, StoredMessage]]:
        """The messages of one status, or all."""
        return [(i, one) for i, one in sorted(self._messages.items()) if status in (ALL, one.status)]

    def __getitem__(self, index: int) -> StoredMessage:
        """A message.

        Raises:
            DeviceError: there is no such index, or nothing stands there.
        """
        self._check(index)
        try:
            return self._messages[index]
        except KeyError:
            raise DeviceError(self._refusals.empty) from None

    def add(self, status: Status, pdu: bytes) -> int:
        """Store a message at the first free index, and give it.

        Raises:
            DeviceError: no index is free.
        """
        index = next((index for index in range(1, self.size + 1) if index not in self._messages), None)
        if index is None:
            raise DeviceError(self._refusals.full)
        self._messages[index] = StoredMessage(int(status), pdu)
        self._store.save()
        return index

    def mark(self, statuses: dict[int, Status]) -> None:
        """Give messages, by index, another status."""
        changed = {i: status for i, status in statuses.items() if self._messages[i].status != status}
        for index, status in changed.items():
            self._messages[index] = msgspec.structs.replace(self._messages[index], status=int(status))
        if changed:
            self._store.save()

    def delete(self, index: int) -> None:
        """Delete what stands at an index, if anything.

        Raises:
            DeviceError: there is no such index.
        """
        self._check(index)
        self.delete_all([index])

    def delete_all(self, indices: Iterable[int]) -> None:
        """Delete what stands there."""
        if [one for one in [self._messages.pop(index, None) for index in indices] if one]:
            self._store.save()

    def _check(self, index: int) -> None:
        if not 1 <= index <= self.size:
            raise DeviceError(self._refusals.index)

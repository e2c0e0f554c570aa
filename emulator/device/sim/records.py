"""Records of the card that commands keep, too: phonebook, messages and service centre. 51.011 10.5."""

from typing import Protocol

from emulator.device.memory.store import NvmStore
from emulator.device.sim import coding
from emulator.device.sim.files import CardFile
from emulator.device.sim.phonebook import PhonebookEntry
from emulator.device.sms import tpdu
from emulator.device.sms.memory import Status, StoredMessage
from emulator.device.sms.service import ServiceCentre

_FREE = 0x00
_STATUSES = {Status.UNREAD: 0x03, Status.READ: 0x01, Status.UNSENT: 0x07, Status.SENT: 0x05}
_STATUS_BITS = 0x07
_INDICATORS, _CENTRE, _TAIL = 28, 15, 3
"""Where, from the end of EF_SMSP, begin the indicators, the service centre, and protocol, coding and validity."""
_CENTRE_ABSENT = 0x02


class Records(Protocol):
    """The records of one file, which stand in another part of NVM."""

    def read(self, file: CardFile, kept: bytes) -> bytes:
        """Return the whole file; `kept` is what a host has written to it, or what a new card holds."""

    def write(self, file: CardFile, index: int, record: bytes) -> None:
        """Write one record.

        Raises:
            ValueError: the other part cannot keep it.
            DeviceError: the memory fails.
        """


class PhonebookRecords:
    """EF_ADN: what +CPBR shows."""

    def __init__(self, store: NvmStore, storage: str, name_octets: int) -> None:
        self._store = store
        self._storage = storage
        self._name_octets = name_octets

    def read(self, file: CardFile, kept: bytes) -> bytes:
        """See `Records`."""
        entries = self._store.content.phonebook.get(self._storage, {})
        records = {at: coding.entry(one.text, one.number, self._name_octets) for at, one in entries.items()}
        return _filled(file, kept, records)

    def write(self, file: CardFile, index: int, record: bytes) -> None:
        """See `Records`."""
        text, number = coding.entry_of(record, self._name_octets)
        with self._store.change() as nvm:
            entries = nvm.phonebook.setdefault(self._storage, {})
            if number:
                entries[index] = PhonebookEntry(number, 145 if number.startswith("+") else 129, text)
            else:
                entries.pop(index, None)


class MessageRecords:
    """EF_SMS: what +CMGR shows of the memory on the card."""

    def __init__(self, store: NvmStore, memory: str) -> None:
        self._store = store
        self._memory = memory

    def read(self, file: CardFile, kept: bytes) -> bytes:
        """See `Records`."""
        messages = self._store.content.messages.get(self._memory, {})
        records = {
            at: (bytes((_STATUSES[Status(one.status)],)) + one.pdu)[: file.record].ljust(file.record, b"\xff")
            for at, one in messages.items()
        }
        return _filled(file, kept, records)

    def write(self, file: CardFile, index: int, record: bytes) -> None:
        """See `Records`."""
        status = next((one for one, code in _STATUSES.items() if code == record[0] & _STATUS_BITS), None)
        message = (
            None if record[0] == _FREE or status is None else StoredMessage(int(status), _without_fill(record[1:]))
        )
        with self._store.change() as nvm:
            messages = nvm.messages.setdefault(self._memory, {})
            if message is None:
                messages.pop(index, None)
            else:
                messages[index] = message


class CentreRecord:
    """EF_SMSP: the service centre of +CSCA, and <pid>, <dcs> and <vp> of +CSAS."""

    def __init__(self, store: NvmStore, parameters: tuple[int, int, int, int]) -> None:
        self._store = store
        self._parameters = parameters
        """<fo>, <vp>, <pid> and <dcs> of a new card."""

    def read(self, file: CardFile, kept: bytes) -> bytes:
        """See `Records`."""
        content = bytearray(kept)
        if (centre := self._store.content.service_centre) is not None:
            content[-_CENTRE:-_TAIL] = coding.entry("", centre.number, 0)[: _CENTRE - _TAIL]
            content[-_INDICATORS] &= ~_CENTRE_ABSENT
        if (parameters := self._store.content.message_parameters) is not None:
            _, validity, protocol, scheme = parameters
            content[-_TAIL:] = bytes((protocol, scheme, validity))
        return bytes(content)

    def write(self, file: CardFile, index: int, record: bytes) -> None:
        """See `Records`."""
        _, number = coding.entry_of(record[-_CENTRE:], 0)
        absent = record[-_INDICATORS] & _CENTRE_ABSENT
        protocol, scheme, validity = record[-_TAIL:]
        with self._store.change() as nvm:
            nvm.card_files[file.number] = record.hex().upper()
            first = (nvm.message_parameters or self._parameters)[0]
            nvm.message_parameters = (first, validity, protocol, scheme)
            if number and not absent:
                nvm.service_centre = ServiceCentre(number, 145 if number.startswith("+") else 129)


def _filled(file: CardFile, kept: bytes, records: dict[int, bytes]) -> bytes:
    """Put records into the free places of a file; those beyond its end have no place."""
    content = bytearray(kept)
    for index, record in records.items():
        if index * file.record <= len(content):
            content[(index - 1) * file.record : index * file.record] = record
    return bytes(content)


def _without_fill(octets: bytes) -> bytes:
    """Cut a message, its service centre in front, from the fill behind it.

    Raises:
        ValueError: it is no message.
    """
    start = 1 + octets[0]
    shortest = max(start + 2, len(octets.rstrip(b"\xff")))
    for end in range(shortest, len(octets) + 1):
        try:
            tpdu.decode(octets[start:end])
        except ValueError:
            continue
        return octets[:end]
    raise ValueError("it is no message")

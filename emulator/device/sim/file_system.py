"""Keep the files of the card: those of the profile, what a host has written, what other commands keep. 51.011 8."""

from collections.abc import Callable
from enum import IntEnum
from functools import cached_property

from emulator.device.memory.store import NvmStore
from emulator.device.sim import coding
from emulator.device.sim.card import Sim
from emulator.device.sim.files import (
    CENTRES,
    FIXED_NUMBERS,
    MESSAGES,
    NUMBERS,
    OWN_NUMBERS,
    PROVIDER_NAME,
    Access,
    CardFile,
    fixed_numbers,
    message_memory,
    own_name_octets,
)
from emulator.device.sim.records import CentreRecord, MessageRecords, PhonebookRecords, Records
from emulator.errors import DeviceError
from emulator.firmware.schema.profile import Profile


class Status(IntEnum):
    """Status word of the card (51.011 9.4)."""

    DONE = 0x9000
    MEMORY_PROBLEM = 0x9240
    NO_FILE_SELECTED = 0x9400
    OUT_OF_RANGE = 0x9402
    NOT_FOUND = 0x9404
    WRONG_STRUCTURE = 0x9408
    NO_SUCH_PIN = 0x9802
    REFUSED = 0x9804
    PIN_STATUS = 0x9808
    BLOCKED = 0x9840
    TECHNICAL_PROBLEM = 0x6F00
    WRONG_LENGTH = 0x6700
    """The right length stands in the low octet."""
    WRONG_PARAMETER = 0x6B00
    WRONG_INSTRUCTION = 0x6D00
    WRONG_CLASS = 0x6E00


class Refused(Exception):
    """The card answers by a status word alone."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class FileSystem:
    """The files, which the commands for numbers and networks read, too."""

    def __init__(
        self, profile: Profile, store: NvmStore, sim: Sim, list_files: Callable[[Profile], dict[int, CardFile]]
    ) -> None:
        """`list_files` lists the files of the profile's card; it is called when one is looked at first."""
        self._profile = profile
        self._list_files = list_files
        self._store = store
        self._sim = sim
        self.own_name = own_name_octets(profile)
        """Octets for the name of one of the card's own numbers."""
        book = profile.sim.phonebook
        self._records: dict[int, Records] = {
            NUMBERS: PhonebookRecords(store, book.storages[0].name, book.text_length),
            CENTRES: CentreRecord(store, profile.sms.parameters),
        }
        """By file, those that stand in another part of NVM."""
        if (fixed := fixed_numbers(profile)) is not None:
            self._records[FIXED_NUMBERS] = PhonebookRecords(store, fixed.name, book.text_length)
        if (memory := message_memory(profile)) is not None:
            self._records[MESSAGES] = MessageRecords(store, memory.name)

    def __repr__(self) -> str:
        return f"<FileSystem of {len(self.files)} files>"

    @cached_property
    def files(self) -> dict[int, CardFile]:
        """The files of the card, by their identifiers."""
        return self._list_files(self._profile)

    def find(self, number: int) -> CardFile:
        """Find a file.

        Raises:
            Refused: there is none.
        """
        if number not in self.files:
            raise Refused(Status.NOT_FOUND)
        return self.files[number]

    def content(self, number: int) -> bytes:
        """Return what a file holds now."""
        file = self.files[number]
        written = self._store.content.card_files.get(number)
        kept = file.content if written is None else bytes.fromhex(written)
        if len(kept) != len(file.content):  # the profile has made it longer
            kept = file.content
        records = self._records.get(number)
        return kept if records is None else records.read(file, kept)

    def keep(self, number: int, content: bytes) -> None:
        """Write the whole content of a file.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.card_files[number] = content.hex().upper()

    def read(self, file: CardFile, place: int, length: int) -> bytes:
        """Read a part of a transparent file, or one record (51.011 8.3 and 8.5).

        Raises:
            Refused: the PIN is missing, or the file has no such part.
        """
        self._check(file.reading)
        start = self._start(file, place, length)
        return self.content(file.number)[start : start + length]

    def update(self, file: CardFile, place: int, data: bytes) -> None:
        """Write a part of a transparent file, or one record (51.011 8.4 and 8.6).

        Raises:
            Refused: that is not allowed, or the file has no such part, or the memory fails.
        """
        self._check(file.updating)
        start = self._start(file, place, len(data))
        try:
            if file.number in self._records:
                self._records[file.number].write(file, place, data)
            else:
                before = self.content(file.number)
                self.keep(file.number, before[:start] + data + before[start + len(data) :])
        except DeviceError:
            raise Refused(Status.MEMORY_PROBLEM) from None
        except ValueError:
            raise Refused(Status.TECHNICAL_PROBLEM) from None

    def _check(self, condition: Access) -> None:
        met = {Access.ALWAYS: True, Access.PIN: self._sim.ready, Access.PIN2: self._sim.second.verified}
        if not met.get(condition, False):
            raise Refused(Status.REFUSED)

    @staticmethod
    def _start(file: CardFile, place: int, length: int) -> int:
        size = len(file.content)
        if file.record:
            if not 1 <= place <= size // file.record:
                raise Refused(Status.OUT_OF_RANGE)
            if length != file.record:
                raise Refused(Status.WRONG_LENGTH | file.record)
            return (place - 1) * file.record
        if place >= size:
            raise Refused(Status.OUT_OF_RANGE)
        if place + length > size:
            raise Refused(Status.WRONG_LENGTH | size - place)
        return place

    def own_numbers(self) -> dict[int, tuple[str, str]]:
        """Return the names and numbers of the card itself, by their places."""
        file, content = self.files[OWN_NUMBERS], self.content(OWN_NUMBERS)
        records = (content[start : start + file.record] for start in range(0, len(content), file.record))
        entries = {place: coding.entry_of(record, self.own_name) for place, record in enumerate(records, 1)}
        return {place: entry for place, entry in entries.items() if entry[1]}

    def set_own_number(self, place: int, text: str, number: str) -> None:
        """Write one of the card's own numbers; an empty number frees its place.

        Raises:
            DeviceError: the memory fails.
        """
        file = self.files[OWN_NUMBERS]
        record = coding.entry(text, number, self.own_name) if number else b"\xff" * file.record
        content = self.content(OWN_NUMBERS)
        start = (place - 1) * file.record
        self.keep(OWN_NUMBERS, content[:start] + record + content[start + file.record :])

    def provider(self) -> str:
        """Return the name of the service provider."""
        return coding.text_of(self.content(PROVIDER_NAME)[1:])

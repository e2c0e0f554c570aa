"""Keep the files of the card: what the profile gives, what a host has written, and the phonebook. 51.011 8."""

from enum import IntEnum

from emulator.device.memory.store import NvmStore
from emulator.device.sim import coding
from emulator.device.sim.card import Sim
from emulator.device.sim.files import (
    NUMBERS,
    OWN_NUMBERS,
    PREFERRED_NETWORKS,
    PROVIDER_NAME,
    Access,
    CardFile,
    files_of,
    own_name_octets,
)
from emulator.device.sim.phonebook import PhonebookEntry
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

    def __init__(self, profile: Profile, store: NvmStore, sim: Sim) -> None:
        self.files = files_of(profile)
        self._store = store
        self._sim = sim
        self._book = profile.sim.phonebook.storages[0].name
        self._book_name = profile.sim.phonebook.text_length
        self._own_name = own_name_octets(profile)

    def __repr__(self) -> str:
        return f"<FileSystem of {len(self.files)} files>"

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
        if number == NUMBERS:
            return self._phonebook(file)
        written = self._store.content.card_files.get(number)
        content = file.content if written is None else bytes.fromhex(written)
        return content if len(content) == len(file.content) else file.content  # the profile has made it longer

    def _phonebook(self, file: CardFile) -> bytes:
        content = bytearray(file.content)
        for index, one in self._store.content.phonebook.get(self._book, {}).items():
            if index * file.record <= len(content):
                record = coding.entry(one.text, one.number, self._book_name)
                content[(index - 1) * file.record : index * file.record] = record
        return bytes(content)

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
            if file.number == NUMBERS:
                self._write_number(place, data)
            else:
                before = self.content(file.number)
                self.keep(file.number, before[:start] + data + before[start + len(data) :])
        except DeviceError:
            raise Refused(Status.MEMORY_PROBLEM) from None

    def _write_number(self, index: int, record: bytes) -> None:
        text, number = coding.entry_of(record, self._book_name)
        with self._store.change() as nvm:
            entries = nvm.phonebook.setdefault(self._book, {})
            if number:
                entries[index] = PhonebookEntry(number, 145 if number.startswith("+") else 129, text)
            else:
                entries.pop(index, None)

    def _check(self, condition: Access) -> None:
        if condition is not Access.ALWAYS and not (condition is Access.PIN and self._sim.ready):
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

    def own_numbers(self) -> list[tuple[str, str]]:
        """Return the names and numbers of the card itself."""
        file = self.files[OWN_NUMBERS]
        content = self.content(OWN_NUMBERS)
        records = (content[start : start + file.record] for start in range(0, len(content), file.record))
        entries = (coding.entry_of(record, self._own_name) for record in records)
        return [(name, number) for name, number in entries if number]

    def provider(self) -> str:
        """Return the name of the service provider."""
        return coding.text_of(self.content(PROVIDER_NAME)[1:])

    def preferred_networks(self) -> dict[int, str]:
        """Return the preferred networks by their places, from 1."""
        content = self.content(PREFERRED_NETWORKS)
        networks = (coding.numeric_of(content[start : start + 3]) for start in range(0, len(content), 3))
        return {place: numeric for place, numeric in enumerate(networks, 1) if numeric}

    def prefer(self, place: int | None, numeric: str | None) -> None:
        """Write a preferred network, at the first free place if none is given; None frees the place.

        Raises:
            DeviceError: the memory fails.
            LookupError: no place is free.
        """
        content = self.content(PREFERRED_NETWORKS)
        used = self.preferred_networks()
        if place is None:
            place = next((one for one in range(1, len(content) // 3 + 1) if one not in used), None)
        if place is None:
            raise LookupError("no place is free")
        coded = coding.FREE_NETWORK if numeric is None else coding.network(numeric)
        self.keep(PREFERRED_NETWORKS, content[: 3 * place - 3] + coded + content[3 * place :])

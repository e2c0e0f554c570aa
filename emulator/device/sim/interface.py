"""Take instructions for the card, as a reader of cards would send them. 51.011 9.2."""

from typing import Protocol

from emulator.device.sim.card import Sim
from emulator.device.sim.file_system import FileSystem, Refused, Status
from emulator.device.sim.files import GSM, MASTER, TELECOM, CardFile
from emulator.device.sim.pins import FIRST, OCTETS, SECOND, UNBLOCK, CardPins, PinOutcome, codes_in

SELECT, STATUS, GET_RESPONSE = 0xA4, 0xF2, 0xC0
READ_BINARY, UPDATE_BINARY, READ_RECORD, UPDATE_RECORD = 0xB0, 0xD6, 0xB2, 0xDC
SLEEP = 0xFA
CLASS = 0xA0

_RESPONSE_WAITS = 0x9F00
_NEXT, _PREVIOUS, _ABSOLUTE = 2, 3, 4
_LONGEST_ANSWER = 0x100
_TELLS_PLACE = 0x10
"""Mode of SEEK whose answer is the record's number."""
_DIRECTORIES = (MASTER, TELECOM, GSM)
_FIRST_OF_UNBLOCK = 0
_PIN_STATUSES = {
    PinOutcome.DONE: Status.DONE,
    PinOutcome.WRONG: Status.REFUSED,
    PinOutcome.MALFORMED: Status.REFUSED,
    PinOutcome.BLOCKED: Status.BLOCKED,
    PinOutcome.DISABLED: Status.PIN_STATUS,
    PinOutcome.NO_SUCH_PIN: Status.NO_SUCH_PIN,
    PinOutcome.MEMORY_PROBLEM: Status.MEMORY_PROBLEM,
}


class Card(Protocol):
    """The card behind its contacts, with the application that the module uses."""

    files: FileSystem

    def transmit(self, command: bytes) -> bytes:
        """Carry out an instruction of at least five octets, and return data and status word."""

    def find(self, number: int, path: bytes) -> None:
        """Look whether a file is below a path.

        Raises:
            Refused: it is elsewhere.
        """

    def access(self, instruction: int, number: int, place: tuple[int, int], length: int, data: bytes) -> bytes:
        """Read or change a file without selecting it; return its data.

        Raises:
            Refused: the card does not do it.
        """


class CardInterface:
    """A card whose GSM application is in use: what is selected, and what each instruction does."""

    def __init__(self, files: FileSystem, sim: Sim) -> None:
        self.files = files
        self._sim = sim
        self._pins = CardPins(sim)
        self._directory = MASTER
        self._file: CardFile | None = None
        self._record = 0
        self._response = b""

    def __repr__(self) -> str:
        return f"<CardInterface in {self._directory:04X}>"

    def transmit(self, command: bytes) -> bytes:
        """Carry out an instruction of at least five octets, and return data and status word."""
        if command[0] != CLASS:
            return Status.WRONG_CLASS.to_bytes(2, "big")
        try:
            answer, status = self._carry_out(command[1], command[2], command[3], command[4], command[5:])
        except Refused as refusal:
            answer, status = b"", refusal.status
        return answer + status.to_bytes(2, "big")

    def _carry_out(self, instruction: int, p1: int, p2: int, p3: int, data: bytes) -> tuple[bytes, int]:
        length = p3 or 0x100
        match instruction:
            case 0xA4:
                return self._select(p3, data)
            case 0xF2:
                return self._told(self.header(self._directory), length)
            case 0xC0:
                return self._told(self._response, length)
            case 0xB0 | 0xB2:
                file = self._selected(record=instruction == READ_RECORD)
                return self.files.read(file, self._place(file, p1, p2), length), Status.DONE
            case 0xD6 | 0xDC:
                file = self._selected(record=instruction == UPDATE_RECORD)
                self._want(p3, data)
                self.files.update(file, self._place(file, p1, p2), data)
                return b"", Status.DONE
            case 0xA2:
                return self._seek(p2, p3, data)
            case 0x20 | 0x24 | 0x26 | 0x28 | 0x2C:
                return b"", self._use_pin(instruction, p2, p3, data)
            case 0xFA:
                return b"", Status.DONE
        raise Refused(Status.WRONG_INSTRUCTION)

    @staticmethod
    def _want(p3: int, data: bytes, right: int | None = None) -> None:
        if p3 != len(data) or (right is not None and p3 != right):
            raise Refused(Status.WRONG_LENGTH | (right or 0))

    def _select(self, p3: int, data: bytes) -> tuple[bytes, int]:
        self._want(p3, data, 2)
        number = int.from_bytes(data, "big")
        if number in _DIRECTORIES:
            self._directory, self._file = number, None
        else:
            file = self.files.find(number)
            if file.directory != self._directory:
                raise Refused(Status.NOT_FOUND)
            self._file = file
        self._record = 0
        self._response = self.header(number)
        return b"", _RESPONSE_WAITS | len(self._response)

    def header(self, number: int) -> bytes:
        """Return what GET RESPONSE tells of a file or a directory.

        Raises:
            Refused: there is none.
        """
        if number not in _DIRECTORIES:
            return self.files.find(number).header()
        children = sum(1 for one in self.files.files.values() if one.directory == number)
        is_master = number == MASTER
        kind = bytes((1 if is_master else 2,)) + bytes(5)
        asks = 0x13 if self._sim.locked else 0x93
        tries = bytes((0x80 | self._sim.pin_tries, 0x80 | self._sim.puk_tries))
        second = self._sim.second
        tries += bytes((0x80 | second.tries, 0x80 | second.puk_tries))
        counts = bytes((len(_DIRECTORIES) - 1 if is_master else 0, children, 4, 0))
        return bytes(4) + number.to_bytes(2, "big") + kind + b"\x09" + bytes((asks,)) + counts + tries

    @staticmethod
    def _told(header: bytes, length: int) -> tuple[bytes, int]:
        if length > len(header):
            raise Refused(Status.WRONG_LENGTH | len(header))
        return header[:length], Status.DONE

    def _selected(self, *, record: bool) -> CardFile:
        if self._file is None:
            raise Refused(Status.NO_FILE_SELECTED)
        if bool(self._file.record) is not record:
            raise Refused(Status.WRONG_STRUCTURE)
        return self._file

    def _place(self, file: CardFile, p1: int, p2: int) -> int:
        if not file.record:
            return p1 << 8 | p2
        self._record = self._meant(p1, p2)
        return self._record

    def _meant(self, p1: int, p2: int) -> int:
        match p2:
            case 2:
                return self._record + 1
            case 3:
                return self._record - 1
            case 4:
                return p1
        raise Refused(Status.WRONG_PARAMETER)

    def _seek(self, mode: int, p3: int, data: bytes) -> tuple[bytes, int]:
        """Find the record that begins with a pattern, and make it the current one (51.011 8.7)."""
        file = self._selected(record=True)
        self._want(p3, data)
        forward = range(1, len(file.content) // file.record + 1)
        searched = {
            0: list(forward),
            1: list(reversed(forward)),
            2: [place for place in forward if place > self._record],
            3: [place for place in reversed(forward) if place < self._record or not self._record],
        }.get(mode & 0x0F)
        if searched is None or mode >> 4 > 1 or not data:
            raise Refused(Status.WRONG_PARAMETER)
        found = (place for place in searched if self.files.read(file, place, file.record).startswith(data))
        place = next(found, None)
        if place is None:
            raise Refused(Status.NOT_FOUND)
        self._record = place
        if mode < _TELLS_PLACE:
            return b"", Status.DONE
        self._response = bytes((place,))
        return b"", _RESPONSE_WAITS | 1

    def find(self, number: int, path: bytes) -> None:
        """Look whether a file or directory is below the path that the host has given; without one it is anywhere.

        Raises:
            Refused: it is elsewhere.
        """
        if path and number not in _DIRECTORIES:
            directory = int.from_bytes(path[-2:], "big")
            if self.files.find(number).directory != directory or path[:-2] not in (b"", MASTER.to_bytes(2, "big")):
                raise Refused(Status.NOT_FOUND)

    def access(self, instruction: int, number: int, place: tuple[int, int], length: int, data: bytes) -> bytes:
        """Read or change a file without selecting it; return its data (27.007 8.18).

        Raises:
            Refused: the card does not do it.
        """
        if instruction == GET_RESPONSE:
            header = self.header(number)
            return header[:length] if length else header
        file = self.files.find(number)
        if bool(file.record) is not (instruction in (READ_RECORD, UPDATE_RECORD)):
            raise Refused(Status.WRONG_STRUCTURE)
        if file.record and place[1] != _ABSOLUTE:
            raise Refused(Status.WRONG_PARAMETER)
        where = place[0] if file.record else place[0] << 8 | place[1]
        if instruction in (READ_BINARY, READ_RECORD):
            whole = file.record or max(len(file.content) - where, 1)
            return self.files.read(file, where, length or min(whole, _LONGEST_ANSWER))
        self._want(length, data)
        self.files.update(file, where, data)
        return b""

    def _use_pin(self, instruction: int, which: int, p3: int, data: bytes) -> int:
        if instruction == UNBLOCK and which == _FIRST_OF_UNBLOCK:
            which = FIRST
        if which in (FIRST, SECOND):
            self._want(p3, data, codes_in(instruction) * OCTETS)
        return _PIN_STATUSES[self._pins.use(instruction, which, data).outcome]

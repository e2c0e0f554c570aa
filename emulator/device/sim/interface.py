"""Take instructions for the card, as a reader of cards would send them. 51.011 9.2."""

from typing import Protocol

from emulator.device.sim.card import Sim
from emulator.device.sim.file_system import FileSystem, Refused, Status
from emulator.device.sim.files import GSM, MASTER, TELECOM, CardFile
from emulator.device.sim.instructions import OF_PINS, OF_RECORDS, READS, Instruction
from emulator.device.sim.pins import FIRST, OCTETS, SECOND, CardPins, PinOutcome, codes_in
from emulator.device.sim.selection import ABSOLUTE, Selection

CLASS = 0xA0

_RESPONSE_WAITS = 0x9F00
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
        self._selection = Selection(files, _DIRECTORIES)
        self._response = b""

    def __repr__(self) -> str:
        return f"<CardInterface in {self._selection.directory:04X}>"

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
            case Instruction.SELECT:
                return self._select(p3, data)
            case Instruction.STATUS:
                return self._told(self.header(self._selection.directory), length)
            case Instruction.GET_RESPONSE:
                return self._told(self._response, length)
            case Instruction.READ_BINARY | Instruction.READ_RECORD:
                file = self._selected(record=instruction in OF_RECORDS)
                return self.files.read(file, self._place(file, p1, p2), length), Status.DONE
            case Instruction.UPDATE_BINARY | Instruction.UPDATE_RECORD:
                file = self._selected(record=instruction in OF_RECORDS)
                self._want(p3, data)
                self.files.update(file, self._place(file, p1, p2), data)
                return b"", Status.DONE
            case Instruction.SEEK:
                return self._seek(p2, p3, data)
            case Instruction.SLEEP:
                return b"", Status.DONE
        if instruction in OF_PINS:
            return b"", self._use_pin(instruction, p2, p3, data)
        raise Refused(Status.WRONG_INSTRUCTION)

    @staticmethod
    def _want(p3: int, data: bytes, right: int | None = None) -> None:
        if p3 != len(data) or (right is not None and p3 != right):
            raise Refused(Status.WRONG_LENGTH | (right or 0))

    def _select(self, p3: int, data: bytes) -> tuple[bytes, int]:
        self._want(p3, data, 2)
        number = int.from_bytes(data, "big")
        self._selection.go_to(number)
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
        file = self._selection.file
        if bool(file.record) is not record:
            raise Refused(Status.WRONG_STRUCTURE)
        return file

    def _place(self, file: CardFile, p1: int, p2: int) -> int:
        if not file.record:
            return p1 << 8 | p2
        return self._selection.go_to_record(p1, p2)

    def _seek(self, mode: int, p3: int, data: bytes) -> tuple[bytes, int]:
        """Find the record that begins with a pattern, and make it the current one (51.011 8.7)."""
        file = self._selected(record=True)
        self._want(p3, data)
        current = self._selection.record
        forward = range(1, len(file.content) // file.record + 1)
        searched = {
            0: list(forward),
            1: list(reversed(forward)),
            2: [place for place in forward if place > current],
            3: [place for place in reversed(forward) if place < current or not current],
        }.get(mode & 0x0F)
        if searched is None or mode >> 4 > 1 or not data:
            raise Refused(Status.WRONG_PARAMETER)
        found = (place for place in searched if self.files.read(file, place, file.record).startswith(data))
        place = next(found, None)
        if place is None:
            raise Refused(Status.NOT_FOUND)
        self._selection.record = place
        if mode < _TELLS_PLACE:
            return b"", Status.DONE
        self._response = bytes((place,))
        return b"", _RESPONSE_WAITS | 1

    def find(self, number: int, path: bytes) -> None:
        """Look whether a file or directory is below the path that the host has given; without one it is anywhere.

        Raises:
            Refused: it is elsewhere.
        """
        self._selection.find(number, path)

    def access(self, instruction: int, number: int, place: tuple[int, int], length: int, data: bytes) -> bytes:
        """Read or change a file without selecting it; return its data (27.007 8.18).

        Raises:
            Refused: the card does not do it.
        """
        if instruction == Instruction.GET_RESPONSE:
            header = self.header(number)
            return header[:length] if length else header
        file = self.files.find(number)
        if bool(file.record) is not (instruction in OF_RECORDS):
            raise Refused(Status.WRONG_STRUCTURE)
        if file.record and place[1] != ABSOLUTE:
            raise Refused(Status.WRONG_PARAMETER)
        where = place[0] if file.record else place[0] << 8 | place[1]
        if instruction in READS:
            whole = file.record or max(len(file.content) - where, 1)
            return self.files.read(file, where, length or min(whole, _LONGEST_ANSWER))
        self._want(length, data)
        self.files.update(file, where, data)
        return b""

    def _use_pin(self, instruction: int, which: int, p3: int, data: bytes) -> int:
        if instruction == Instruction.UNBLOCK and which == _FIRST_OF_UNBLOCK:
            which = FIRST
        if which in (FIRST, SECOND):
            self._want(p3, data, codes_in(instruction) * OCTETS)
        return _PIN_STATUSES[self._pins.use(instruction, which, data).outcome]

"""Take instructions for a card whose USIM application is in use. 102.221 11.1, 31.102 7."""

from emulator.device.sim.card import Sim
from emulator.device.sim.file_system import FileSystem, Refused, Status
from emulator.device.sim.files import MASTER, TELECOM, CardFile
from emulator.device.sim.instructions import OF_PINS, OF_RECORDS, READS, Instruction
from emulator.device.sim.pins import FIRST, OCTETS, SECOND, CardPins, PinOutcome, codes_in
from emulator.device.sim.selection import ABSOLUTE, Selection
from emulator.device.sim.usim_files import ADF, APPLICATION, by_short_identifier, directory_template, template

_DIRECTORIES = (MASTER, TELECOM, ADF)
_RESPONSE_WAITS, _RIGHT_LENGTH, _TRIES = 0x6100, 0x6C00, 0x63C0
_WRONG_LENGTH, _NO_DATA = 0x6700, 0x0C
_BY_PATH = 0x08
_BY_SHORT_IDENTIFIER = 0x80
_LONGEST = 0x100
_PINS = {0x01: FIRST, 0x81: SECOND}

_STATUSES: dict[int, int] = {
    Status.NOT_FOUND: 0x6A82,
    Status.REFUSED: 0x6982,
    Status.WRONG_STRUCTURE: 0x6981,
    Status.NO_FILE_SELECTED: 0x6986,
    Status.WRONG_PARAMETER: 0x6A86,
    Status.MEMORY_PROBLEM: 0x6581,
}
"""Status words of 102.221 for those of 51.011."""
_PIN_STATUSES = {
    PinOutcome.DONE: 0x9000,
    PinOutcome.BLOCKED: 0x6983,
    PinOutcome.DISABLED: 0x6984,
    PinOutcome.NO_SUCH_PIN: 0x6A88,
    PinOutcome.MALFORMED: 0x6A80,
    PinOutcome.MEMORY_PROBLEM: 0x6581,
}


class UsimInterface:
    """The card behind its contacts, with the USIM application."""

    def __init__(self, files: FileSystem, sim: Sim) -> None:
        self.files = files
        self._sim = sim
        self._pins = CardPins(sim)
        self._selection = Selection(files, _DIRECTORIES)
        self._response = b""

    def __repr__(self) -> str:
        return f"<UsimInterface in {self._selection.directory:04X}>"

    def transmit(self, command: bytes) -> bytes:
        """Carry out an instruction of at least five octets, and return data and status word."""
        if command[0] & 0x70:
            return Status.WRONG_CLASS.to_bytes(2, "big")
        try:
            answer, status = self._carry_out(command[1], command[2], command[3], command[4], command[5:])
        except Refused as refusal:
            answer, status = b"", self._word(refusal.status, command[1])
        return answer + status.to_bytes(2, "big")

    @staticmethod
    def _word(status: int, instruction: int) -> int:
        if status & 0xFF00 == Status.WRONG_LENGTH:
            return _RIGHT_LENGTH | status & 0xFF if instruction in READS else _WRONG_LENGTH
        if status == Status.OUT_OF_RANGE:
            return 0x6A83 if instruction in OF_RECORDS else int(Status.WRONG_PARAMETER)
        return _STATUSES.get(status, status)

    def _carry_out(self, instruction: int, p1: int, p2: int, p3: int, data: bytes) -> tuple[bytes, int]:
        match instruction:
            case Instruction.SELECT:
                return self._select(p1, p2, p3, data)
            case Instruction.STATUS:
                return (b"", Status.DONE) if p2 == _NO_DATA else self._told(self.header(self._selection.directory), p3)
            case Instruction.GET_RESPONSE:
                return self._told(self._response, p3)
            case Instruction.READ_BINARY | Instruction.UPDATE_BINARY:
                return self._use(instruction, self._binary(p1, p2), p3, data)
            case Instruction.READ_RECORD | Instruction.UPDATE_RECORD:
                return self._use(instruction, self._of_record(p1, p2), p3, data)
        if instruction in OF_PINS:
            return b"", self._use_pin(instruction, p2, p3, data)
        raise Refused(Status.WRONG_INSTRUCTION)

    @staticmethod
    def _told(header: bytes, length: int) -> tuple[bytes, int]:
        if length > len(header):
            raise Refused(_RIGHT_LENGTH | len(header))
        return header[: length or len(header)], Status.DONE

    # Selection.

    def _select(self, p1: int, p2: int, p3: int, data: bytes) -> tuple[bytes, int]:
        if p3 != len(data):
            raise Refused(_WRONG_LENGTH)
        match p1:
            case 0x00:
                number = int.from_bytes(data, "big") if data else MASTER
            case 0x04:
                number = self._application(data)
            case 0x08 | 0x09:
                number = self._end_of_path(data, MASTER if p1 == _BY_PATH else self._selection.directory)
            case _:
                raise Refused(Status.WRONG_PARAMETER)
        self._selection.go_to(number)
        self._response = self.header(number)
        return b"", Status.DONE if p2 & _NO_DATA == _NO_DATA else _RESPONSE_WAITS | len(self._response)

    @staticmethod
    def _application(name: bytes) -> int:
        if not name or not APPLICATION.startswith(name):
            raise Refused(Status.NOT_FOUND)
        return ADF

    def _end_of_path(self, path: bytes, start: int) -> int:
        """Go down a path but for its last step, and return that."""
        steps = [int.from_bytes(path[place : place + 2], "big") for place in range(0, len(path), 2)]
        if len(path) % 2 or not steps:
            raise Refused(Status.NOT_FOUND)
        self._selection.directory = start
        for step in steps[:-1]:
            if step not in _DIRECTORIES:
                raise Refused(Status.NOT_FOUND)
            self._selection.directory = step
        return steps[-1]

    def header(self, number: int) -> bytes:
        """Return what SELECT tells of a file or a directory.

        Raises:
            Refused: there is none.
        """
        if number in _DIRECTORIES:
            return directory_template(number, asks_pin=self._sim.locked)
        return template(self.files.find(number))

    # Files.

    def _binary(self, p1: int, p2: int) -> tuple[CardFile, int]:
        if p1 & _BY_SHORT_IDENTIFIER:
            return self._short(p1 & 0x1F), p2
        return self._selection.file, p1 << 8 | p2

    def _of_record(self, p1: int, p2: int) -> tuple[CardFile, int]:
        file = self._short(p2 >> 3) if p2 >> 3 else self._selection.file
        return file, self._selection.go_to_record(p1, p2 & 0x07)

    def _short(self, identifier: int) -> CardFile:
        number = by_short_identifier(identifier, self._selection.directory, self.files.files)
        if number is None:
            raise Refused(Status.NOT_FOUND)
        self._selection.use(number)
        return self._selection.file

    def _use(self, instruction: int, where: tuple[CardFile, int], length: int, data: bytes) -> tuple[bytes, int]:
        file, place = where
        if bool(file.record) is not (instruction in OF_RECORDS):
            raise Refused(Status.WRONG_STRUCTURE)
        if instruction in READS:
            return self.files.read(file, place, length or _LONGEST), Status.DONE
        if length != len(data):
            raise Refused(_WRONG_LENGTH)
        self.files.update(file, place, data)
        return b"", Status.DONE

    def find(self, number: int, path: bytes) -> None:
        """Look whether a file or directory is below the path that the host has given; without one it is anywhere.

        Raises:
            Refused: it is elsewhere.
        """
        try:
            self._selection.find(number, path)
        except Refused as refusal:
            raise Refused(self._word(refusal.status, Instruction.GET_RESPONSE)) from None

    def access(self, instruction: int, number: int, place: tuple[int, int], length: int, data: bytes) -> bytes:
        """Read or change a file without selecting it; return its data (27.007 8.18).

        Raises:
            Refused: the card does not do it.
        """
        try:
            if instruction == Instruction.GET_RESPONSE:
                header = self.header(number)
                return header[:length] if length else header
            file = self.files.find(number)
            if file.record and instruction in OF_RECORDS and place[1] != ABSOLUTE:
                raise Refused(Status.WRONG_PARAMETER)
            where = place[0] if file.record else place[0] << 8 | place[1]
            if instruction in READS and not length:
                length = file.record or min(max(len(file.content) - where, 1), _LONGEST)
            return self._use(instruction, (file, where), length, data)[0]
        except Refused as refusal:
            raise Refused(self._word(refusal.status, instruction)) from None

    # PINs.

    def _use_pin(self, instruction: int, which: int, p3: int, data: bytes) -> int:
        pin = _PINS.get(which)
        if pin is None:
            return _PIN_STATUSES[PinOutcome.NO_SUCH_PIN]
        if not p3 and not data:
            left = self._pins.tries(pin, instruction)
            return _TRIES | left if left else _PIN_STATUSES[PinOutcome.BLOCKED]
        if p3 != len(data) or p3 != codes_in(instruction) * OCTETS:
            return _WRONG_LENGTH
        result = self._pins.use(instruction, pin, data)
        return _TRIES | result.left if result.outcome is PinOutcome.WRONG else _PIN_STATUSES[result.outcome]

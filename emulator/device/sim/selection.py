"""What the host has selected on the card: a directory, a file of it, and a record of that. 51.011 8.2, 102.221 8.4."""

from emulator.device.sim.file_system import FileSystem, Refused, Status
from emulator.device.sim.files import MASTER, CardFile

ABSOLUTE = 4
"""Mode of an instruction that names its record by number."""
_NEXT, _PREVIOUS = 2, 3


class Selection:
    """Begin with the master file, as at power-on."""

    def __init__(self, files: FileSystem, directories: tuple[int, ...]) -> None:
        self._files = files
        self._directories = directories
        self.directory = MASTER
        self.record = 0
        """Number of the record that was used last; 0 before the first."""
        self._file: CardFile | None = None

    def __repr__(self) -> str:
        return f"<Selection of {self._file} in {self.directory:04X}, record {self.record}>"

    @property
    def file(self) -> CardFile:
        """Return the file.

        Raises:
            Refused: none is selected.
        """
        if self._file is None:
            raise Refused(Status.NO_FILE_SELECTED)
        return self._file

    def go_to(self, number: int) -> None:
        """Select a directory, or a file of the one that is selected.

        Raises:
            Refused: there is none.
        """
        if number in self._directories:
            self.directory, self._file, self.record = number, None, 0
        elif self._files.find(number).directory == self.directory:
            self.use(number)
        else:
            raise Refused(Status.NOT_FOUND)

    def use(self, number: int) -> None:
        """Select a file wherever it is."""
        self._file, self.record = self._files.find(number), 0

    def go_to_record(self, number: int, mode: int) -> int:
        """Make a record the current one: the next, the previous, or that of a number; return its number.

        Raises:
            Refused: there is no such mode.
        """
        place = {_NEXT: self.record + 1, _PREVIOUS: self.record - 1, ABSOLUTE: number}.get(mode)
        if place is None:
            raise Refused(Status.WRONG_PARAMETER)
        self.record = place
        return place

    def find(self, number: int, path: bytes) -> None:
        """Look whether a file or directory is below the path that the host has given; without one it is anywhere.

        Raises:
            Refused: it is elsewhere.
        """
        if path and number not in self._directories:
            directory = int.from_bytes(path[-2:], "big")
            if self._files.find(number).directory != directory or path[:-2] not in (b"", MASTER.to_bytes(2, "big")):
                raise Refused(Status.NOT_FOUND)

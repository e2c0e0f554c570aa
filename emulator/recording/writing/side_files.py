"""Files beside the dialogue, for bytes that are too long for a line."""

from pathlib import Path

from emulator.errors import UserError

_LONGEST_BINARY = 256
_LONGEST_TEXT = 2048


class SideFiles:
    """Number the files in the order of their steps."""

    def __init__(self, dialogue: Path) -> None:
        self._dialogue = dialogue
        self._count = 0

    def __repr__(self) -> str:
        return f"<SideFiles of {self._dialogue}, {self._count}>"

    def restart(self) -> None:
        """Begin with the first number: the dialogue is written as a whole."""
        self._count = 0

    def keep(self, data: bytes, *, is_binary: bool) -> str | None:
        """Write bytes to the next file and return its name; None where they are short enough for a line.

        Raises:
            UserError: the file cannot be written.
        """
        if len(data) <= (_LONGEST_BINARY if is_binary else _LONGEST_TEXT):
            return None
        self._count += 1
        path = self._dialogue.with_name(f"{self._dialogue.stem}-{self._count}.bin")
        try:
            path.write_bytes(data)
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}; name a dialogue in a folder that can be written") from error
        return path.name

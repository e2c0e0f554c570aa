"""A folder in which each run leaves its trace and its transcript, under the name of its firmware."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from emulator.errors import UserError
from emulator.options import ModemOptions

_UNSAFE = re.compile(r"[^A-Za-z0-9@._-]+")
"""What a file's name should not have: a firmware may be the path of a profile."""
_LONGEST = 150
"""Characters of a name, without its ending."""
_TRACE, _TRANSCRIPT = ".trace.jsonl", ".transcript.txt"
"""How the names of the files end."""


class TraceFolder:
    """Name the files of each run; those of an earlier run with the same firmware are removed.

    As a context manager it leaves no file where the matrix could not run.
    """

    def __init__(self, folder: Path, option: str, firmwares: Iterable[str]) -> None:
        """Make the folder; `option` is the option that named it.

        Raises:
            UserError: it is no folder, or nothing can be written there.
        """
        self._folder = folder
        self._names: dict[str, str] = {}
        for firmware in firmwares:
            self._names[firmware] = self._unused(_UNSAFE.sub("_", firmware)[-_LONGEST:].lstrip("._"))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path in self._paths():
                path.touch()
                path.unlink()
        except OSError as error:
            reason = "it is a file" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
            raise UserError(f"{option} {folder}: {reason}; name a folder that can be written") from error

    def __repr__(self) -> str:
        return f"<TraceFolder {self._folder}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, UserError):
            for path in self._paths():
                path.unlink(missing_ok=True)

    def named(self, options: ModemOptions) -> ModemOptions:
        """Add the files of a run to the options of its modem, whose firmware is named."""
        assert options.firmware is not None
        path = partial(self._path, options.firmware)
        return replace(options, trace=path(_TRACE), transcript=path(_TRANSCRIPT))

    def _paths(self) -> Iterator[Path]:
        yield from (self._path(firmware, ending) for firmware, ending in product(self._names, (_TRACE, _TRANSCRIPT)))

    def _path(self, firmware: str, ending: str) -> Path:
        return self._folder / f"{self._names[firmware]}{ending}"

    def _unused(self, name: str) -> str:
        taken = self._names.values()
        numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
        return name if name not in taken else next(each for each in numbered if each not in taken)

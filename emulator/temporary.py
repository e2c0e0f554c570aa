"""Temporary folders that outlast no process: what one that was killed has left, a later one removes."""

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_OPENING = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class TemporaryFolder(tempfile.TemporaryDirectory[str]):
    """A temporary folder whose name has the process that made it, and that is locked while anyone holds it.

    To make one removes what dead processes have left under the same prefix.
    """

    def __init__(self, prefix: str, *, ignore_cleanup_errors: bool = False) -> None:
        """Make it; `prefix` must be one that this program alone uses."""
        _remove_folders_of_the_dead(prefix)
        own = f"{prefix}{os.getpid()}-"
        super().__init__(prefix=own, ignore_cleanup_errors=ignore_cleanup_errors)
        self._held = FolderHold(Path(self.name))

    def cleanup(self) -> None:
        """Remove the folder."""
        super().cleanup()
        self._held.close()


class FolderHold:
    """A shared lock on a folder; it ends with the process, however that ends, and no child inherits it."""

    def __init__(self, folder: Path) -> None:
        self._descriptor: int | None = os.open(folder, _OPENING)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def close(self) -> None:
        """Release the lock; harmless a second time."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _remove_folders_of_the_dead(prefix: str) -> None:
    """Remove the folders of processes that are gone and that no other process holds.

    Either sign alone would not do: the lock comes a moment after the folder, and a number can be that of a process in
    another container.
    """
    form = re.compile(rf"{re.escape(prefix)}(\d{{1,9}})-\w+")
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if (found := form.fullmatch(entry.name)) and not _is_alive(int(found[1])):
                _remove_if_free(entry.path)


def _remove_if_free(folder: str) -> None:
    with suppress(OSError):  # it is held, another user's, or another process removes it, too
        descriptor = os.open(folder, _OPENING)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True

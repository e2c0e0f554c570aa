"""Do the steps of keeping a file so that a power cut at any moment leaves the old content or the new one.

A file system may lose what is not synchronized, in any order: the name of a file before its data, or the other way
round. So data is synchronized before it gets its name, and the name before anybody is told.
"""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.later import later

if TYPE_CHECKING:
    import tempfile
else:
    tempfile = later("tempfile")


class Medium:
    """The disk. Each method is one step; a power cut may come after any of them."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder with access for its owner only."""
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # the umask may have taken rights away

    def create(self, folder: Path, prefix: str) -> tuple[int, Path]:
        """Make an empty file of a new name, mode 0600; return its descriptor and path."""
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix)
        return descriptor, Path(name)

    def write(self, descriptor: int, data: bytes) -> None:
        """Write all of the data."""
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]

    def sync(self, descriptor: int) -> None:
        """Make the data of a file durable."""
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Put a file in the place of another one."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_durable_folder(medium: Medium, folder: Path) -> None:
    """Make a folder and those above it that are missing; the folder outlasts a power cut.

    Raises:
        OSError: that fails.
    """
    if folder.is_dir():
        return
    make_durable_folder(medium, folder.parent)
    with contextlib.suppress(FileExistsError):  # another emulator may make it at the same moment
        medium.make_folder(folder)
    _sync_names(medium, folder.parent)


def put(medium: Medium, path: Path, data: bytes, prefix: str) -> None:
    """Put a file with this content at the path: written aside, synchronized, renamed.

    Raises:
        OSError: that fails; what was there before is still there.
    """
    descriptor, aside = medium.create(path.parent, prefix)
    try:
        try:
            medium.write(descriptor, data)
            medium.sync(descriptor)
        finally:
            os.close(descriptor)
        medium.rename(aside, path)
    except BaseException:
        medium.remove(aside)
        raise
    _sync_names(medium, path.parent)


def _sync_names(medium: Medium, folder: Path) -> None:
    """Make names durable where the file system can; what has its name is there, so nothing can fail any more."""
    with contextlib.suppress(OSError):
        medium.sync_folder(folder)

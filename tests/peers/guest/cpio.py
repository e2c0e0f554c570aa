"""Archives in cpio's format `newc`, which the kernel unpacks as its first file system."""

import stat
from collections.abc import Iterator
from pathlib import Path


class Archive:
    """Collect folders, files and links, and write them as one archive."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[int, bytes]] = {}

    def add_file(self, name: str, content: bytes, mode: int = 0o644) -> None:
        """Add a file of that path, and the folders above it."""
        self.add_folder(str(Path(name).parent))
        self._entries[name] = (stat.S_IFREG | mode, content)

    def add_folder(self, name: str) -> None:
        """Add a folder, and those above it."""
        for folder in [*reversed(Path(name).parents), Path(name)][1:]:
            self._entries.setdefault(str(folder), (stat.S_IFDIR | 0o755, b""))

    def add_link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._entries[name] = (stat.S_IFLNK | 0o777, target.encode())

    def __bytes__(self) -> bytes:
        """Return the archive."""
        return b"".join(self._records())

    def _records(self) -> Iterator[bytes]:
        for number, (name, (mode, content)) in enumerate(self._entries.items(), start=1):
            yield _record(number, name, mode, content)
        yield _record(0, "TRAILER!!!", 0, b"")


def _record(number: int, name: str, mode: int, content: bytes) -> bytes:
    """One entry: thirteen numbers in hexadecimal, the name, and the content, each padded to four octets."""
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
    return _padded(head) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)

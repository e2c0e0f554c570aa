"""A disk that loses its power: the steps that were taken on it, and all that may be found on it afterwards.

What is not synchronized may be lost, in any order. A file's data is there, half there, blank, or gone. A name leads
to what it led to before or to what it leads to now, whatever other names do.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from emulator.device.memory.medium import Medium


@dataclass(frozen=True)
class Named:
    """A name leads to something else: to a file by its number, to a folder, or to nothing."""

    path: Path
    leads_to: int | None
    """None stands for nothing."""


@dataclass(frozen=True)
class Written:
    """Data was written to the end of a file."""

    file: int
    data: bytes


@dataclass(frozen=True)
class Synced:
    """A file's data was made durable."""

    file: int


@dataclass(frozen=True)
class NamesSynced:
    """The names in a folder were made durable."""

    folder: Path


@dataclass(frozen=True)
class Acknowledged:
    """The host was told that it is done; nothing happens on the disk."""


Step = Named | Written | Synced | NamesSynced | Acknowledged
Image = Mapping[Path, bytes | None]
"""What is found by each path: a file's data, or None for a folder."""

_FOLDER = 0
"""The number that stands for a folder."""


class RecordingMedium(Medium):
    """A disk that does what it is told, and keeps the steps."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._files: dict[Path, int] = {}
        self._open: dict[int, int] = {}
        self._made = _FOLDER

    def make_folder(self, folder: Path) -> None:
        """Make it, and keep the step."""
        super().make_folder(folder)
        self.steps.append(Named(folder, _FOLDER))

    def create(self, folder: Path, prefix: str) -> tuple[int, Path]:
        """Make it, and keep the step."""
        descriptor, path = super().create(folder, prefix)
        self._made += 1
        self._files[path] = self._open[descriptor] = self._made
        self.steps.append(Named(path, self._made))
        return descriptor, path

    def write(self, descriptor: int, data: bytes) -> None:
        """Write it, and keep the step."""
        super().write(descriptor, data)
        self.steps.append(Written(self._open[descriptor], data))

    def sync(self, descriptor: int) -> None:
        """Keep the step; the real disk is none of this test's business."""
        os.fstat(descriptor)
        self.steps.append(Synced(self._open[descriptor]))

    def rename(self, source: Path, target: Path) -> None:
        """Rename it, and keep the steps."""
        super().rename(source, target)
        self._files[target] = self._files.pop(source)
        self.steps += [Named(target, self._files[target]), Named(source, None)]

    def remove(self, path: Path) -> None:
        """Remove it, and keep the step."""
        super().remove(path)
        self.steps.append(Named(path, None))

    def sync_folder(self, folder: Path) -> None:
        """Keep the step."""
        self.steps.append(NamesSynced(folder))


def images(steps: Iterable[Step]) -> Iterator[Image]:
    """Yield everything that may be found on the disk when the power fails behind these steps."""
    names: dict[Path, list[int | None]] = {}
    data: dict[int, list[bytes]] = {}
    for step in steps:
        match step:
            case Named(path, leads_to):
                names.setdefault(path, [None]).append(leads_to)
            case Written(file, added):
                data[file] = [*data.get(file, [b""]), data.get(file, [b""])[-1] + added]
            case Synced(file):
                data[file] = data.get(file, [b""])[-1:]
            case NamesSynced(folder):
                names |= {path: led_to[-1:] for path, led_to in names.items() if path.parent == folder}
    for chosen in product(*(dict.fromkeys(led_to) for led_to in names.values())):
        found = dict(zip(names, chosen, strict=True))
        files = [file for file in dict.fromkeys(chosen) if file]
        for contents in product(*(_remains(data.get(file, [b""])) for file in files)):
            by_file = dict(zip(files, contents, strict=True))
            yield {
                path: by_file.get(leads_to)
                for path, leads_to in found.items()
                if leads_to is not None and all(found.get(above, _FOLDER) is not None for above in path.parents)
            }


def _remains(written: list[bytes]) -> list[bytes]:
    """What may be left of a file of which all but the first content is not synchronized."""
    *before, last = written
    if not before:
        return [last]
    return [*dict.fromkeys((*before, last[: len(last) // 2], bytes(len(last)), last))]


def lay_out(image: Image, root: Path, copy: Path) -> None:
    """Make the folders and files of an image of what stands below `root`, below `copy`."""
    for path in sorted(image):
        there = copy / path.relative_to(root)
        content = image[path]
        if content is None:
            there.mkdir(mode=0o700)
        else:
            there.write_bytes(content)

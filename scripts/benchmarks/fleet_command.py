"""Many modules as their users start them: `telit-emulator run --count`, on Unix sockets in a folder of their own."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.modem import COMMAND
from benchmarks.processes import child

_PATIENCE = 90.0

Item = TypeVar("Item")


@dataclass(frozen=True)
class Fleet:
    """The running modules."""

    ports: Sequence[str]
    """Their sockets, in the order of their numbers."""
    pids: Sequence[int]
    """The processes that have them."""
    seconds: float
    """From the start of the command until all were ready."""

    @property
    def resident(self) -> int:
        """Bytes of the processes that are in memory."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids)
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def used(self) -> float:
        """Seconds of processor time that the processes have used."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids]
        return sum(int(of[11]) + int(of[12]) for of in fields) / os.sysconf("SC_CLK_TCK")

    def one_of_each_process(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the item that belongs to the first module of each process."""
        return items[:: len(items) // len(self.pids)]


@contextmanager
def fleet(firmware: str, count: int, processes: int, *options: str) -> Iterator[Fleet]:
    """Run so many modules until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [COMMAND, "run", firmware, "--count", str(count), "--processes", str(processes), *options]
        started = time.monotonic()
        with child([*command, "--listen", f"unix:{folder}/{{number}}"]) as running:
            running.wait_for(rb"modules \S+ are ready on ", _PATIENCE)
            seconds = time.monotonic() - started
            ports = [f"{folder}/{number}" for number in range(1, count + 1)]
            yield Fleet(ports, [running.pid] if processes == 1 else _children(running.pid), seconds)


def _children(pid: int) -> Sequence[int]:
    """Return the processes that have modules; Python has one more, which keeps account of resources."""
    children = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]

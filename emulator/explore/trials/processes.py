"""The processes that a host program has started, by /proc; without it, only its own session is known."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_SET_CHILD_SUBREAPER = 36
"""Of prctl(2)."""
_ROUND, _ROUNDS = 0.002, 1000
"""Seconds between two looks at processes that end, and how many looks there are."""


def keep_orphans() -> None:
    """Let processes whose parent has ended become children of this one, so that they can be found and ended."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """Return the children of a process, their children and so on, but for those that have ended."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = [child for child in _children(waiting.pop()) if not _has_ended(child)]
        found += children
        waiting += children
    return found


def kill_descendants() -> None:
    """Kill all that this process has started, and what these have started; their exit codes are still to be taken."""
    for _ in range(_ROUNDS):
        running = descendants(os.getpid())
        for pid in running:
            _kill(pid)
        if not running:
            break
        time.sleep(_ROUND)


def end_descendants() -> None:
    """Kill all that this process has started and leave no zombie; whoever wants an exit code has taken it before."""
    kill_descendants()
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def end_processes_of(folder: Path) -> None:
    """Kill the processes whose environment names a file of a folder: hosts of a worker that was killed."""
    for pid in _processes():
        with suppress(OSError):
            if pid != os.getpid() and os.fsencode(folder) in (_PROC / str(pid) / "environ").read_bytes():
                _kill(pid)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _processes() -> Iterator[int]:
    with suppress(OSError):
        yield from (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def _children(pid: int) -> Iterator[int]:
    """Yield the children of all threads of a process."""
    with suppress(OSError):
        for thread in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                yield from map(int, (thread / "children").read_text().split())


def _has_ended(pid: int) -> bool:
    """Return whether a process is a zombie, or not there any more."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except OSError:
        return True

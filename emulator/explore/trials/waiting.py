"""Tells what a thread of another process waits for, by the system call in which it is blocked.

/proc/PID/task/TID/syscall has the number and the arguments of the call (proc_pid_syscall(5)); what lies behind pointers
is read from /proc/PID/mem. Both are for the same user's processes alone, and some systems have neither.
"""

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NAMES: Mapping[str, Mapping[int, str]] = {
    "x86_64": {
        0: "read",
        1: "write",
        7: "poll",
        19: "read",
        20: "write",
        23: "select",
        43: "read",
        45: "read",
        47: "read",
        61: "wait",
        202: "futex",
        232: "epoll_wait",
        247: "wait",
        270: "select",
        271: "ppoll",
        281: "epoll_wait",
        288: "read",
        441: "epoll_pwait2",
    },
    "aarch64": {
        22: "epoll_wait",
        63: "read",
        64: "write",
        65: "read",
        66: "write",
        72: "select",
        73: "ppoll",
        95: "wait",
        98: "futex",
        202: "read",
        207: "read",
        212: "read",
        242: "read",
        260: "wait",
        441: "epoll_pwait2",
    },
}
"""System calls by machine and number. Calls that differ in nothing that matters here have one name.

`read` are read, readv, accept, accept4, recvfrom and recvmsg, `write` are write and writev, `select` is pselect6, too,
`epoll_wait` is epoll_pwait, too, `wait` are wait4 and waitid.
"""
_WAITS_ON_FUTEX = (0, 6, 9)
"""FUTEX_WAIT, FUTEX_LOCK_PI, FUTEX_WAIT_BITSET."""


@dataclass(frozen=True)
class Call:
    """A system call in which a thread is blocked, and how often the thread has been switched away from until then."""

    pid: int
    name: str
    arguments: tuple[int, ...]
    switches: tuple[str, ...]


def calls_of(pid: int) -> list[Call] | None:
    """Return the calls in which all threads of a process are blocked; None if one is not, or nothing is known."""
    found: list[Call] = []
    with suppress(OSError, ValueError, IndexError):
        for thread in threads_of(pid):
            call = call_of(pid, thread)
            if call is None:
                return None
            found.append(call)
        return found
    return None


def threads_of(pid: int) -> list[int]:
    """Return the numbers of the threads of a process.

    Raises:
        OSError: nothing is known of it.
    """
    return sorted(int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir())


def call_of(pid: int, thread: int) -> Call | None:
    """Return the call in which a thread is blocked; None if it runs, or the call is none of those above.

    Raises:
        OSError: nothing is known of it.
    """
    names = _NAMES.get(os.uname().machine, {})
    folder = Path(f"/proc/{pid}/task/{thread}")
    number, *arguments = (folder / "syscall").read_text().split()
    if number == "running" or int(number) not in names:
        return None
    status = (folder / "status").read_text().splitlines()
    switches = tuple(line for line in status if "ctxt_switches" in line)
    return Call(pid, names[int(number)], tuple(int(text, 16) for text in arguments[:6]), switches)


def awaited(call: Call) -> Sequence[int] | None:
    """Return the file descriptors that a call waits for; None if it has a timeout, or what ends it is not known.

    A call that waits for another thread, or for a child, waits for no descriptor.

    Raises:
        OSError: nothing is known of it.
    """
    first, second, *_ = call.arguments
    match call.name:
        case "read" | "write":
            return [first]
        case "poll" if _as_int(call.arguments[2]) < 0:
            return list(_polled(call.pid, first, second))
        case "ppoll" if call.arguments[2] == 0:
            return list(_polled(call.pid, first, second))
        case "select" if call.arguments[4] == 0:
            return sorted({fd for address in call.arguments[1:4] for fd in _selected(call.pid, address, first)})
        case "epoll_wait" if _as_int(call.arguments[3]) < 0:
            return list(_registered(call.pid, first))
        case "epoll_pwait2" if call.arguments[3] == 0:
            return list(_registered(call.pid, first))
        case "futex" if call.arguments[3] == 0 and second & 0x7F in _WAITS_ON_FUTEX and _is_private(call.pid, first):
            return []
        case "wait":
            return []
    return None


def _as_int(value: int) -> int:
    """Return an argument of type `int`, which is signed and of 32 bits."""
    low = value & 0xFFFFFFFF
    return low - (1 << 32) if low >= 1 << 31 else low


def _memory(pid: int, address: int, size: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123  unbuffered, at an address
        return os.pread(memory.fileno(), size, address)


def _polled(pid: int, address: int, count: int) -> Iterator[int]:
    for fd, _, _ in struct.iter_unpack("ihh", _memory(pid, address, 8 * count)):
        if fd >= 0:
            yield fd


def _selected(pid: int, address: int, count: int) -> Iterator[int]:
    if address:
        for index, byte in enumerate(_memory(pid, address, (count + 7) // 8)):
            yield from (8 * index + bit for bit in range(8) if byte >> bit & 1 and 8 * index + bit < count)


def _registered(pid: int, descriptor: int) -> Iterator[int]:
    for line in Path(f"/proc/{pid}/fdinfo/{descriptor}").read_text().splitlines():
        if line.startswith("tfd:"):
            yield int(line.split()[1])


def _is_private(pid: int, address: int) -> bool:
    """Return whether nobody but this process can see an address: else someone else could wake the thread."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        area, rights, *_ = line.split()
        first, last = (int(edge, 16) for edge in area.split("-"))
        if first <= address < last:
            return rights.endswith("p")
    return False

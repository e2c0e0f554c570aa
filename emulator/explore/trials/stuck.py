"""Sees that a host program is stuck for ever, long before its time is over; on Linux.

It is stuck when each of its threads is blocked in a system call without a timeout, and nothing is left that could end
one of these calls: neither the program itself, nor the module, nor the servers of the lab. Wherever that is not sure,
it is not stuck: then the limit decides.
"""

import fcntl
import os
import re
import struct
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from emulator.explore.trials.processes import descendants
from emulator.explore.trials.waiting import Call, awaited, call_of, calls_of, threads_of

_SAME = 3
"""Looks in a row at which nothing has moved."""
_POLLS = "lab FTP server"
"""Threads of this name look at their sockets again and again; what they have to say shows in these."""
_SIGALRM = 1 << 13
"""In the masks of /proc/PID/status."""
_GET_NUMBER = 0x80045430
"""TIOCGPTN: the number of the terminal that belongs to a master."""
_WAKERS = (b"\0alarm\0", b"\0setitimer\0")
"""Names by which a program calls what ends a blocked call by a signal."""
_SCRIPT_WAKERS = re.compile(rb"\b(alarm|setitimer|itimer)\b")
_LARGEST = 4 << 20
"""Bytes of a program that is searched for these names; interpreters are larger and have them all."""
_64_BIT = b"\2"
"""EI_CLASS of an ELF file."""


class StuckHost:
    """Look at a host program now and then; the looks are a moment apart."""

    def __init__(self, port: str, lab: frozenset[str], silence: float) -> None:
        """Take the port, and what is known of those who could wake the host.

        Args:
            port: the path of the module's port.
            lab: the addresses at which the lab's servers listen.
            silence: seconds for which others than these may be waited for.
        """
        self._terminal = os.path.realpath(port)
        self._before: tuple[object, ...] | None = None
        self._same = 0
        self._since = time.monotonic()
        self._lab = lab
        self._silence = silence

    def __repr__(self) -> str:
        return f"<StuckHost at {self._terminal}, {self._same} looks>"

    def look(self) -> bool:
        """Return whether the host is stuck: sure only when nothing has moved at several looks."""
        try:
            now = self._all_calls()
        except (OSError, ValueError, IndexError):
            now = None
        self._same = self._same + 1 if now is not None and now == self._before else 0
        self._before = now
        if not self._same:
            self._since = time.monotonic()
        if self._same < _SAME or (self._hears_others() and time.monotonic() - self._since < self._silence):
            return False
        hosts = self._hosts()  # none: it has ended meanwhile
        return bool(hosts) and not any(_may_be_woken(pid) for pid in hosts)

    def _hears_others(self) -> bool:
        """Return whether somebody may be heard who is none of the lab's servers: nobody knows when."""
        return bool(_has_outside_connection() or listening_addresses() - self._lab)

    @staticmethod
    def _hosts() -> list[int]:
        return descendants(os.getpid())

    def _all_calls(self) -> tuple[object, ...] | None:
        """Return what all threads are blocked in; None when one of them goes on by itself."""
        hosts = self._hosts()
        if not hosts:
            return None
        own = _own_calls()
        if own is None:
            return None
        outputs = _outputs()
        found: list[Call] = []
        for pid in hosts:
            calls = calls_of(pid)
            if calls is None or not all(self._is_for_ever(call, outputs) for call in calls):
                return None
            found += calls
        return (*own, *found)

    def _is_for_ever(self, call: Call, outputs: frozenset[str]) -> bool:
        descriptors = awaited(call)
        return descriptors is not None and all(self._is_quiet(call, fd, outputs) for fd in descriptors)

    def _is_quiet(self, call: Call, descriptor: int, outputs: frozenset[str]) -> bool:
        """Return whether nobody but module and host can make a descriptor ready, and no time does."""
        what = str(Path(f"/proc/{call.pid}/fd/{descriptor}").readlink())
        if what == self._terminal:
            return call.name != "read" or not _has_timed_reads(self._terminal)
        return (what.startswith("pipe:") and what not in outputs) or what == "anon_inode:[eventfd]"


def _own_calls() -> list[Call] | None:
    """Return what the threads of module and lab are blocked in; None when one of them goes on by itself."""
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    found: list[Call] = []
    for thread in threads_of(os.getpid()):
        if thread == threading.get_native_id() or names.get(thread, "").startswith(_POLLS):
            continue
        call = call_of(os.getpid(), thread)
        if call is None or awaited(call) is None:
            return None
        found.append(call)
    return found


def _outputs() -> frozenset[str]:
    """Return the host's outputs, which this process reads between two looks."""
    return frozenset(what for what in _own_descriptors() if what.startswith("pipe:"))


def _own_descriptors() -> Iterator[str]:
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            yield str(entry.readlink())


def _has_outside_connection() -> bool:
    """Return whether module or lab has a connection whose other end is not in this process."""
    own = {what[len("socket:[") : -1] for what in _own_descriptors() if what.startswith("socket:[")}
    ends = list(_inet_sockets())
    inside = {(local, remote) for local, remote, inode in ends if inode in own or inode == "0"}
    listening = {local for local, remote, inode in ends if inode in own and _is_nobody(remote)}
    return any(
        (remote, local) not in inside and remote not in listening
        for local, remote, inode in ends
        if inode in own and not _is_nobody(remote)
    )


def listening_addresses() -> frozenset[str]:
    """Return the addresses at which module and lab wait for others."""
    own = {what[len("socket:[") : -1] for what in _own_descriptors() if what.startswith("socket:[")}
    return frozenset(local for local, remote, inode in _inet_sockets() if inode in own and _is_nobody(remote))


def _inet_sockets() -> Iterator[tuple[str, str, str]]:
    """Yield both addresses and the inode of each socket of TCP and UDP."""
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with suppress(OSError):
            for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
                words = line.split()
                yield words[1], words[2], words[9]


def _is_nobody(remote: str) -> bool:
    return remote.endswith(":0000")


def _has_timed_reads(terminal: str) -> bool:
    """Return whether a read of a terminal ends by itself; its settings are read from the master, which is ours."""
    number = int(terminal.rpartition("/")[2])
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError, termios.error):
            descriptor = int(entry.name)
            answer = fcntl.ioctl(descriptor, _GET_NUMBER, bytes(4))
            if struct.unpack("I", answer) == (number,):
                return _is_timed(termios.tcgetattr(descriptor))
    return True


def _is_timed(attributes: Sequence[object]) -> bool:
    flags, characters = attributes[3], attributes[6]
    assert isinstance(flags, int)
    assert isinstance(characters, list)
    if flags & termios.ICANON:
        return False
    least = characters[termios.VMIN]
    return (least if isinstance(least, int) else ord(least)) == 0


def _may_be_woken(pid: int) -> bool:
    """Return whether a timer may send a signal to a process, which then goes on, or ends."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        caught = re.search(r"^SigCgt:\s*(\w+)", status, re.MULTILINE)
        if "State:\tS" not in status or caught is None or int(caught[1], 16) & _SIGALRM:
            return True
        if Path(f"/proc/{pid}/timers").read_text():
            return True
        return _calls_for_alarms(Path(f"/proc/{pid}/exe")) or _script_calls_for_alarms(pid)
    except OSError:
        return True


def _calls_for_alarms(program: Path) -> bool:
    """Return whether a program may call for SIGALRM: whether one is due cannot be seen."""
    with program.open("rb") as file:
        code = file.read(_LARGEST)
    if code[4:5] != _64_BIT:
        return True  # its system calls have other numbers
    if b"/ld-" not in code[:4096] and b"\0__libc_start_main\0" not in code:
        return True  # it has no names: it is linked statically, and stripped
    return len(code) < _LARGEST and any(name in code for name in _WAKERS)


def _script_calls_for_alarms(pid: int) -> bool:
    """Return whether a script may do so, or what stands in the command line itself."""
    for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1:]:
        path = Path(f"/proc/{pid}/cwd") / os.fsdecode(word)
        with suppress(OSError, ValueError):
            if _SCRIPT_WAKERS.search(word) or (path.is_file() and _SCRIPT_WAKERS.search(path.read_bytes())):
                return True
    return False

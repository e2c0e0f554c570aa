"""Tells whether a host has a pseudo-terminal open, without polling.

The kernel wakes nobody when a terminal is opened, and reports a hang-up for ever while it is not. So openings and
closings are watched by inotify, one instance an event loop: the kernel grants a user 128 of them, and a process may run
as many modules. Where there is no inotify the emulator keeps the terminal open itself, and a host is taken to be there
always.
"""

import asyncio
import ctypes
import errno
import os
import select
import struct
import threading
from collections.abc import Callable, Iterator
from typing import ClassVar, Final, Protocol

from emulator.errors import UserError

# Source: inotify(7) and <sys/inotify.h>.
_IN_CLOSE_WRITE: Final = 0x08
_IN_CLOSE_NOWRITE: Final = 0x10
_IN_CLOSE: Final = _IN_CLOSE_WRITE | _IN_CLOSE_NOWRITE
_IN_OPEN: Final = 0x20
_IN_Q_OVERFLOW: Final = 0x4000
_EVENT: Final = struct.Struct("iIII")
_READ_SIZE: Final = 64 * 1024

_libc: Final = ctypes.CDLL(None, use_errno=True)


class PresenceObserver(Protocol):
    """Follow the hosts of one terminal."""

    def host_came(self) -> None:
        """Note that a host opened the terminal. Two at the same moment may be reported as one."""

    def host_went(self) -> None:
        """Note that a host is closing the terminal. Two at the same moment may be reported as one."""

    def look(self) -> None:
        """Check again whether a host is there: events were lost (inotify overflow)."""


class Inotify:
    """Hold one inotify instance, read by one event loop and closed with its last watch."""

    _of_loops: ClassVar[dict[asyncio.AbstractEventLoop, "Inotify"]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> "Inotify":
        """Return the instance of this loop; make one when it has none.

        Raises UserError when the user's inotify instances are used up.
        """
        with cls._lock:
            for dead in [other for other in cls._of_loops if other.is_closed()]:
                cls._of_loops.pop(dead)._shut()
            if loop not in cls._of_loops:
                cls._of_loops[loop] = cls(loop)
            return cls._of_loops[loop]

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._observers: dict[int, PresenceObserver] = {}
        self._descriptor = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise _exhausted("instances")
        loop.add_reader(self._descriptor, self._read)
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)

    def __repr__(self) -> str:
        return f"<Inotify {self._descriptor}: {len(self._observers)} watches>"

    def watch(self, path: str, observer: PresenceObserver) -> int:
        """Tell `observer` of openings and closings from now on; return the number for `forget`.

        Raises UserError when the user's inotify watches are used up.
        """
        watch: int = _libc.inotify_add_watch(self._descriptor, os.fsencode(path), _IN_OPEN | _IN_CLOSE)
        if watch < 0:
            failure = _exhausted("watches")
            self._shut_when_unused()
            raise failure
        self._observers[watch] = observer
        return watch

    def forget(self, watch: int) -> None:
        """End a watch; the instance goes with its last one."""
        if self._observers.pop(watch, None) is None:
            return
        _libc.inotify_rm_watch(self._descriptor, watch)
        self._shut_when_unused()

    def take_news(self) -> None:
        """Read the events that wait, if there are any."""
        if self._poll.poll(0):
            self._read()

    def _shut_when_unused(self) -> None:
        with self._lock:
            if not self._observers and self._of_loops.get(self._loop) is self:
                del self._of_loops[self._loop]
                self._shut()

    def _shut(self) -> None:
        self._observers.clear()
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _read(self) -> None:
        try:
            block = os.read(self._descriptor, _READ_SIZE)
        except BlockingIOError:
            return
        for watch, mask in _parse(block):
            if mask & _IN_Q_OVERFLOW:
                for observer in list(self._observers.values()):
                    self._tell(observer.look)
            elif observed := self._observers.get(watch):
                if mask & _IN_OPEN:
                    self._tell(observed.host_came)
                elif mask & _IN_CLOSE:
                    self._tell(observed.host_went)

    def _tell(self, news: Callable[[], None]) -> None:
        # An owner that fails must not cost the other ports their events.
        try:
            news()
        except Exception as error:
            self._loop.call_exception_handler({"message": "the owner of a port failed", "exception": error})


def _parse(block: bytes) -> Iterator[tuple[int, int]]:
    """Yield the watch number and the mask of each event in the bytes that were read."""
    offset = 0
    while offset < len(block):
        watch, mask, _cookie, name_length = _EVENT.unpack_from(block, offset)
        offset += _EVENT.size + name_length
        yield watch, mask


def _exhausted(what: str) -> Exception:
    number = ctypes.get_errno()
    if number in (errno.EMFILE, errno.ENOSPC):
        return UserError(f"inotify {what} are used up; raise the limit: sysctl fs.inotify.max_user_{what}")
    return OSError(number, os.strerror(number))


class NoticedPresence:
    """Watch hosts come and go by inotify, and close the emulator's own opening of the terminal."""

    def __init__(self, path: str, slave: int, observer: PresenceObserver) -> None:
        os.close(slave)
        self._inotify = Inotify.of(asyncio.get_running_loop())
        self._watch = self._inotify.watch(path, observer)
        self.take_news = self._inotify.take_news
        """Reports at once what the event loop would report next; costs one system call when there is nothing."""

    def end(self) -> None:
        """Stop watching; to be called once."""
        self._inotify.forget(self._watch)


class AssumedPresence:
    """Assume that a host is always there, because the emulator holds the terminal open itself."""

    def __init__(self, _path: str, slave: int, _observer: PresenceObserver) -> None:
        self._slave = slave
        self.take_news: Callable[[], None] = lambda: None

    def end(self) -> None:
        """Let go of the terminal."""
        os.close(self._slave)


Presence = NoticedPresence | AssumedPresence


def observe(path: str, slave: int, observer: PresenceObserver) -> Presence:
    """Observe the hosts of the terminal at `path`, in the way this system has.

    `slave` is the emulator's own opening of it, which belongs to the observation from now on. Hosts from before are not
    reported: the observer looks for itself, once, when this has returned.

    Raises UserError when the system's limits leave no room for one more watch.
    """
    way = NoticedPresence if hasattr(_libc, "inotify_init1") else AssumedPresence
    return way(path, slave, observer)

"""Tells whether a host has a pseudo-terminal open, without polling.

The kernel wakes nobody when a terminal is opened, and reports a hang-up for ever while it is not. So openings and
closings are watched by inotify. One instance serves the process: the kernel grants a user 128 of them, and a process
may run more modules than that, each in a thread of its own. Where there is no inotify the emulator keeps the terminal
open itself, and a host is taken to be there always.
"""

import asyncio
import ctypes
import errno
import os
import select
import struct
import termios
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar, Final, Protocol

from emulator.errors import UserError
from emulator.guard import guarded

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

    def fail(self, error: Exception) -> None:
        """Take a defect of the emulator: something that it was told has failed, or it cannot be told."""


class Watch:
    """Watch one terminal for an observer, whose event loop hears the news in their order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, observer: PresenceObserver, number: int) -> None:
        self.number = number
        """What inotify calls it."""
        self.loop = loop
        self._observer = observer
        self.news: deque[int] = deque()
        """What the observer has not been told."""

    def add(self, mask: int, told: asyncio.AbstractEventLoop | None) -> None:
        """Keep one event until `tell`, and let it be told, unless the loop is the one that is `told` next."""
        self.news.append(mask)
        if self.loop is not told:
            with suppress(RuntimeError):  # the loop is closed
                self.loop.call_soon_threadsafe(self.tell)

    def fail(self, error: Exception) -> None:
        """Tell the observer of a defect of the emulator."""
        self._observer.fail(error)

    @guarded
    def tell(self) -> None:
        """Tell the observer what is new."""
        while self.news:
            mask = self.news.popleft()
            if mask & _IN_Q_OVERFLOW:
                self._call(self._observer.look)
            elif mask & _IN_OPEN:
                self._call(self._observer.host_came)
            elif mask & _IN_CLOSE:
                self._call(self._observer.host_went)

    def _call(self, news: Callable[[], None]) -> None:
        # An owner that fails must not cost the other ports their events.
        try:
            news()
        except Exception as error:
            self.fail(error)


class Inotify:
    """Hold the inotify instance of the process: every loop with a watch reads it, and it is closed with the last watch.

    Whichever thread reads an event hands it to the loop that it is for.
    """

    _only: "ClassVar[Inotify | None]" = None
    _keepers: ClassVar[int] = 0
    """How many want the instance to stay without a watch."""
    _lock: ClassVar[threading.RLock] = threading.RLock()

    @classmethod
    def watch(cls, path: str, observer: PresenceObserver) -> "tuple[Inotify, Watch]":
        """Tell `observer` of openings and closings from now on, in this event loop; return the watch for `forget`.

        Raises UserError when the user's inotify instances or watches are used up.
        """
        loop = asyncio.get_running_loop()
        with cls._lock:
            if cls._only is not None:
                cls._only._forget_closed_loops()
            if cls._only is None:
                cls._only = cls()
            return cls._only, cls._only._add(path, loop, observer)

    @classmethod
    @contextmanager
    def kept(cls) -> Iterator[None]:
        """Keep the instance within the block: the kernel takes milliseconds to close one."""
        with cls._lock:
            cls._keepers += 1
        try:
            yield
        finally:
            with cls._lock:
                cls._keepers -= 1
                if cls._only is not None:
                    cls._only._close_when_unused()

    def __init__(self) -> None:
        self._watches: dict[int, Watch] = {}
        self._descriptor = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise _exhausted("instances")

    def __repr__(self) -> str:
        return f"<Inotify {self._descriptor}: {len(self._watches)} watches>"

    def forget(self, watch: Watch) -> None:
        """End a watch; the instance goes with its last one."""
        with self._lock:
            if self._watches.pop(watch.number, None) is None:
                return
            _libc.inotify_rm_watch(self._descriptor, watch.number)
            if not self._serves(watch.loop):
                watch.loop.remove_reader(self._descriptor)
            self._close_when_unused()

    def poll(self) -> Callable[[int], object]:
        """Return what tells, within so many milliseconds, whether there are events; each thread needs its own."""
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return poll.poll

    def drop_unread(self, path: str, watch: Watch) -> None:
        """Drop what nobody has read at the terminal, without a word to its observer of this opening and closing."""
        with self._lock:
            self._take_in(None)
            try:
                terminal = os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
            except OSError:  # a host has locked it
                return
            termios.tcflush(terminal, termios.TCIFLUSH)
            os.close(terminal)
            self._take_in(None, (watch.number, _IN_OPEN), (watch.number, _IN_CLOSE_NOWRITE))

    def _add(self, path: str, loop: asyncio.AbstractEventLoop, observer: PresenceObserver) -> Watch:
        number: int = _libc.inotify_add_watch(self._descriptor, os.fsencode(path), _IN_OPEN | _IN_CLOSE)
        if number < 0:
            failure = _exhausted("watches")
            self._close_when_unused()
            raise failure
        if not self._serves(loop):
            loop.add_reader(self._descriptor, self.read)
        watch = self._watches[number] = Watch(loop, observer, number)
        return watch

    def _serves(self, loop: asyncio.AbstractEventLoop) -> bool:
        return any(watch.loop is loop for watch in self._watches.values())

    def _forget_closed_loops(self) -> None:
        for watch in list(self._watches.values()):
            if watch.loop.is_closed():
                self.forget(watch)

    def _close_when_unused(self) -> None:
        if not self._watches and not self._keepers and Inotify._only is self:
            Inotify._only = None
            os.close(self._descriptor)

    def fail(self, error: Exception) -> None:
        """Tell all observers in this event loop of a defect of the emulator."""
        loop = asyncio.get_running_loop()
        for watch in list(self._watches.values()):
            if watch.loop is loop:
                watch.fail(error)

    @guarded
    def read(self) -> None:
        """Tell all observers of this event loop what is new."""
        loop = asyncio.get_running_loop()
        with self._lock:
            self._take_in(loop)
            here = [watch for watch in self._watches.values() if watch.loop is loop]
        for watch in here:
            watch.tell()

    def _take_in(self, told: asyncio.AbstractEventLoop | None, *own: tuple[int, int]) -> None:
        """Read the events that wait, and give them to their watches; one of each of `own` is nobody's news.

        Every event loop is woken for its news, but for the one that is told them next.
        """
        ours = list(own)
        try:
            block = os.read(self._descriptor, _READ_SIZE)
        except OSError:  # nothing waits, or the last watch has ended meanwhile
            return
        for number, mask in _parse(block):
            if (number, mask) in ours:
                ours.remove((number, mask))
            elif mask & _IN_Q_OVERFLOW:
                for watch in self._watches.values():
                    watch.add(mask, told)
            elif watched := self._watches.get(number):
                watched.add(mask, told)


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
        self._path = path
        self._inotify, self._watch = Inotify.watch(path, observer)
        self._poll = self._inotify.poll()

    def take_news(self) -> None:
        """Report at once what the event loop would report next; costs one system call when there is nothing."""
        if self._poll(0):
            self._inotify.read()
        elif self._watch.news:
            self._watch.tell()

    def drop_unread(self) -> None:
        """Drop what the last host has left unread, though another one may be there already."""
        self._inotify.drop_unread(self._path, self._watch)

    def end(self) -> None:
        """Stop watching; to be called once."""
        self._inotify.forget(self._watch)


class AssumedPresence:
    """Assume that a host is always there, because the emulator holds the terminal open itself."""

    def __init__(self, _path: str, slave: int, _observer: PresenceObserver) -> None:
        self._slave = slave

    def take_news(self) -> None:
        """Do nothing: there is never any."""

    def drop_unread(self) -> None:
        """Do nothing: no host is ever seen to follow another one."""

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

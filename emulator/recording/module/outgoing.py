"""What goes to a descriptor, in order: bytes, and changes of the line that must not overtake them."""

import asyncio
from collections import deque
from collections.abc import Callable

from emulator.guard import guarded

_ANOTHER_LOOK = 0.005
"""Seconds until the next look whether the line has sent all."""
_LONGEST_DRAIN = 30.0
"""Seconds after which a line that sends nothing is waited for no longer, as when a serial port is closed."""


class Outgoing:
    """Send bytes without blocking; nothing waits here that could wait at the host."""

    def __init__(
        self,
        descriptor: int,
        send: Callable[[bytes], int],
        unsent: Callable[[], int],
        relieved: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Begin empty.

        Args:
            descriptor: to wait for until it takes more.
            send: writes, and returns how many bytes were taken.
            unsent: tells how many bytes have been taken and have not left yet.
            relieved: called when all has been taken after some had to wait.
            failed: called with what the event loop's callbacks raise.
        """
        self.fail = failed
        """See `guard.Failing`."""
        self._loop = asyncio.get_running_loop()
        self._descriptor = descriptor
        self._send = send
        self._unsent = unsent
        self._relieved = relieved
        self._items: deque[bytes | Callable[[], None]] = deque()
        self._writer = False
        self._drain: asyncio.TimerHandle | None = None
        self._drain_until = 0.0

    def __repr__(self) -> str:
        return f"<Outgoing {len(self._items)} pieces wait>"

    @property
    def waits(self) -> bool:
        """Whether something has not been taken."""
        return bool(self._items)

    def put(self, data: bytes) -> None:
        """Send bytes."""
        if not self._items:
            data = data[self._send(data) :]  # nearly always all of it
        if data:
            self._items.append(data)
            self._await()

    def then(self, change: Callable[[], None]) -> None:
        """Change the line once all bytes before have left it."""
        if self._items or self._unsent():
            self._items.append(change)
            self._await()
        else:
            change()

    def at_once(self, change: Callable[[], None]) -> None:
        """Change the line now; behind another change that waits."""
        if any(not isinstance(item, bytes) for item in self._items):
            self._items.append(change)
        else:
            change()

    def clear(self) -> None:
        """Drop what waits, and wait for nothing."""
        self._items.clear()
        self._stop()

    def _await(self) -> None:
        """Wait until the first item can go on."""
        if isinstance(self._items[0], bytes):
            if not self._writer:
                self._writer = True
                self._loop.add_writer(self._descriptor, self._go_on)
        elif self._drain is None:
            self._drain_until = self._loop.time() + _LONGEST_DRAIN
            self._drain = self._loop.call_later(_ANOTHER_LOOK, self._look)

    def _stop(self) -> None:
        if self._writer:
            self._writer = False
            self._loop.remove_writer(self._descriptor)
        if self._drain is not None:
            self._drain.cancel()
            self._drain = None

    @guarded
    def _look(self) -> None:
        if self._unsent() and self._loop.time() < self._drain_until:
            self._drain = self._loop.call_later(_ANOTHER_LOOK, self._look)
        else:
            self._drain = None
            self._change()
            self._go_on()

    @guarded
    def _go_on(self) -> None:
        self._stop()
        while self._items:
            item = self._items[0]
            if isinstance(item, bytes):
                rest = item[self._send(item) :]
                if rest:
                    self._items[0] = rest
                    self._await()
                    return
                self._items.popleft()
            elif self._unsent():
                self._await()
                return
            else:
                self._change()
        self._relieved()

    def _change(self) -> None:
        change = self._items.popleft()
        assert not isinstance(change, bytes)
        change()

"""Sends bytes to a host through a descriptor that does not block."""

import asyncio
from collections.abc import Callable

from emulator.guard import guarded
from emulator.line.serial.queue import PacedQueue


class Output(PacedQueue):
    """Keep the bytes that the descriptor does not take at once, and send them when the event loop says so."""

    def __init__(
        self,
        send: Callable[[bytes], int],
        relieved: Callable[[], None],
        failed: Callable[[Exception], None],
        is_hopeless: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin with nothing to send.

        Args:
            send: writes to the descriptor and returns how many bytes it took.
            relieved: called when the queue was congested and is no longer.
            failed: called with what the event loop's callbacks raise.
            is_hopeless: tells, when a ready descriptor takes nothing, whether it never will.
        """
        super().__init__(send, relieved=relieved, failed=failed)
        self._is_hopeless = is_hopeless
        self._loop = asyncio.get_running_loop()
        self._awaited: int | None = None
        self.descriptor = -1
        """Descriptor that `send` writes to."""

    def _stop(self) -> None:
        super()._stop()
        if self._awaited is None:
            self._awaited = self.descriptor
            self._loop.add_writer(self.descriptor, self._go_on)

    @guarded
    def _go_on(self) -> None:
        waiting = self.waiting
        self.hold(False)
        if not self.held:
            self._stop_waiting()
        elif self.waiting == waiting and self._is_hopeless():
            self.drop()
            self.relieve()

    def drop(self) -> None:
        """Drop what waits: nobody reads it any more. Call `relieve` once the owner knows."""
        self.clear()
        self.held = False
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._awaited is not None:
            self._loop.remove_writer(self._awaited)
            self._awaited = None

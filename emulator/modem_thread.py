"""Runs a modem in a thread of its own, with an event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from emulator.modem import Modem
from emulator.options import ModemOptions

Result = TypeVar("Result")


class ModemThread:
    """Run a modem in a thread with an event loop, from construction until `end`.

    Raises what making the modem raises.
    """

    def __init__(self, options: ModemOptions) -> None:
        started: Future[tuple[Modem, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(_serve(options, started)), name="virtual-modem", daemon=True
        )
        self._thread.start()
        try:
            self.modem, self._loop, self._stopping = started.result()
        except BaseException:
            self._give_up(started)
            raise

    def _give_up(self, started: "Future[tuple[Modem, asyncio.AbstractEventLoop, asyncio.Event]]") -> None:
        """End the thread: it could not start, or its start was interrupted and goes on all the same."""
        with suppress(Exception):
            _, self._loop, self._stopping = started.result()
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    @property
    def is_current(self) -> bool:
        """Return whether the caller is this thread."""
        return threading.current_thread() is self._thread

    def run(self, function: Callable[[Modem], Result]) -> Result:
        """Call `function` in the event loop."""

        async def within() -> Result:
            return function(self.modem)

        return asyncio.run_coroutine_threadsafe(within(), self._loop).result()

    def end(self) -> None:
        """Close the modem and wait for the thread."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()


async def _serve(
    options: ModemOptions, started: "Future[tuple[Modem, asyncio.AbstractEventLoop, asyncio.Event]]"
) -> None:
    stopping = asyncio.Event()
    try:
        modem = Modem(options)
    except BaseException as error:
        started.set_exception(error)
        return
    try:
        started.set_result((modem, asyncio.get_running_loop(), stopping))
        await stopping.wait()
    finally:
        modem.close()

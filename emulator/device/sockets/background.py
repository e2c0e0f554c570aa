"""Dial in the background: the command has been answered, and the state of the connection tells the rest."""

from collections.abc import Callable, Coroutine
from typing import Any

from emulator.device.connection.states import State
from emulator.errors import DeviceError
from emulator.trace.defect import reporting_task
from emulator.trace.events import StateChanged
from emulator.trace.trace import Trace


class BackgroundDial:
    """The attempt of one socket that no command waits for."""

    def __init__(self, name: str, trace: Trace) -> None:
        """`name` is what the trace calls the socket."""
        self.is_running = False
        self._name = name
        self._trace = trace

    def __repr__(self) -> str:
        return f"<BackgroundDial of {self._name}, {'running' if self.is_running else 'idle'}>"

    def begin(self, dial: Coroutine[Any, Any, None], opened: Callable[[], None]) -> None:
        """Begin, and call `opened` once the connection is open; the trace tells why it cannot be opened."""
        self.is_running = True
        reporting_task(self._trace, "a connection in the background", self._run(dial, opened))

    async def _run(self, dial: Coroutine[Any, Any, None], opened: Callable[[], None]) -> None:
        try:
            await dial
        except DeviceError as error:
            before = State.CONNECTING.value
            self._trace.emit(StateChanged(thing=self._name, before=before, after=f"{State.CLOSED.value}, {error}"))
            return
        finally:
            self.is_running = False
        opened()

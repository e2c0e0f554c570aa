"""Connects a dialogue to the module at a serial port, in real time."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from emulator.dte.module_line import ModuleLine
from emulator.dte.port import SerialPort
from emulator.dte.reset import reset

_PAUSE = 0.3
"""Longest pause between two pieces of one answer, in seconds."""
_MOST = 4096
"""Longest output in a report, in bytes."""


class SerialLine:
    """Implement `Line` for a serial port; entering the `with` block opens it, resets the module and sets its echo."""

    def __init__(self, port: str, baud: int, time_scale: float, timeout: float, *, echo: bool = False) -> None:
        self.name = port
        self.timeout = timeout
        self._scale = time_scale
        self._echo = echo
        self._port = SerialPort(port, baud)

    def __repr__(self) -> str:
        return f"<SerialLine to {self._port!r}>"

    def __enter__(self) -> Self:
        self._port.__enter__()
        try:
            module = ModuleLine(self._port, time_scale=self._scale)
            module.wake()
            reset(module)
            module.ask(f"ATE{self._echo:d}")
        except BaseException:
            self._port.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._port.__exit__(kind, error, traceback)

    def send(self, data: bytes) -> None:
        self._port.write(data)

    def read(self) -> bytes:
        return self._port.read(0)

    async def hear(self, within: float | None) -> bytes:
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._port.serial.fileno(), readable.set)
        try:
            async with asyncio.timeout(self.timeout if within is None else within):
                await readable.wait()
        except TimeoutError:
            return b""
        finally:
            loop.remove_reader(self._port.serial.fileno())
        return self.read()

    async def rest(self) -> bytes:
        rest = b""
        while len(rest) < _MOST and (heard := await self.hear(_PAUSE)):
            rest += heard
        return rest

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._scale)

    def values(self) -> Mapping[str, bytes]:
        """Return nothing: a real module shows no more than its answers."""
        return {}

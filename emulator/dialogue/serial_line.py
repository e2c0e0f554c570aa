"""Connects a dialogue to the module at a serial port, in real time."""

import asyncio
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import serial

from emulator.dialogue.real_device import ask, clean
from emulator.errors import UserError

_PAUSE = 0.3
"""Longest pause between two pieces of one answer, in seconds."""
_MOST = 4096
"""Longest output in a report, in bytes."""


class SerialLine:
    """Implement `Line` for a serial port; entering the `with` block opens it, resets the module and turns echo off."""

    def __init__(self, port: str, baud: int, time_scale: float, timeout: float) -> None:
        self.name = port
        self.timeout = timeout
        self._scale = time_scale
        try:
            self._port = serial.serial_for_url(port, baud, do_not_open=True)
        except ValueError as error:
            raise UserError(f"{port}: {error}; name a serial port, or a URL that pyserial opens") from error

    def __repr__(self) -> str:
        return f"<SerialLine to {self.name}, {'open' if self._port.is_open else 'closed'}>"

    def __enter__(self) -> Self:
        try:
            self._port.open()
            if clean(self._port):
                ask(self._port, "ATE0")
            self._port.timeout = 0
        except (OSError, ValueError) as error:
            self._port.close()
            raise self._lost(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._port.close()

    def send(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except OSError as error:
            raise self._lost(error) from error

    def read(self) -> bytes:
        try:
            heard = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise self._lost(error) from error
        return bytes(heard)

    async def hear(self, within: float | None) -> bytes:
        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._port.fileno(), readable.set)
        try:
            async with asyncio.timeout(self.timeout if within is None else within):
                await readable.wait()
        except TimeoutError:
            return b""
        finally:
            loop.remove_reader(self._port.fileno())
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

    def _lost(self, error: OSError | ValueError) -> UserError:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number else str(error)
        return UserError(f"{self.name}: {reason}; name a serial port that can be used")

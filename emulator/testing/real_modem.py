"""A module on a serial port in place of the emulator: the same tests, less what only the emulator can do."""

import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

import pytest
import serial

from emulator.host_program import HostProgram, HostRun

_RESET = ("AT#FTPCLOSE", "AT#SSLH=1", "AT#SGACT=1,0", "AT&F1")
"""What makes a module that another test has used like a new one, as far as that can be; errors mean nothing."""
_GUARD_TIME = 1.2
_SILENCE = 1.0
"""Seconds after which a module says no more."""


class RealModem:
    """What tests see of a module on a desk; for anything else they are skipped, by name."""

    def __init__(self, port: str) -> None:
        self.port = port

    def __repr__(self) -> str:
        return f"<RealModem at {self.port}>"

    def run(
        self, command: Sequence[str], *, timeout: float = 60.0, environment: Mapping[str, str] | None = None
    ) -> HostRun:
        """See `VirtualModem.run`."""
        return HostProgram(command, self.port, environment).wait(timeout)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        pytest.skip(f"only the emulator has modem.{name}")

    def clean(self) -> None:
        """Leave data mode, end connections, restore the factory's settings."""
        with self._opened() as line:
            if _ask(line, "AT") is None:
                time.sleep(_GUARD_TIME)
                line.write(b"+++")
                time.sleep(_GUARD_TIME)
                line.reset_input_buffer()
            for command in _RESET:
                _ask(line, command)

    def model(self) -> str:
        """What it says to +CGMM; nothing when it is silent."""
        with self._opened() as line:
            _ask(line, "ATE0")
            words = (_ask(line, "AT+CGMM") or "").split()
        return words[0] if words else ""

    def _opened(self) -> serial.Serial:
        return serial.Serial(self.port, 115200, timeout=_SILENCE)


def _ask(line: serial.Serial, command: str) -> str | None:
    """The answer up to its result; None when there is none in time."""
    line.write(f"{command}\r".encode())
    heard = ""
    while text := line.readline().decode("latin-1"):
        heard += text
        if text.startswith(("OK", "ERROR", "NO CARRIER", "+CME ERROR")):
            return heard
    return None

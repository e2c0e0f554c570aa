"""Runs tests on a real device at a serial port; what only the emulator can do is skipped."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
import serial

from emulator.dialogue.play import play_file
from emulator.dialogue.real_device import SILENCE, ask, clean
from emulator.host_program import HostProgram, HostRun


class RealModem:
    """Give tests a real device in the place of a `VirtualModem`; skip the test when it uses anything else."""

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

    def play(self, dialogue: str | Path) -> None:
        """See `VirtualModem.play`."""
        play_file(dialogue, self.port)

    def clean(self) -> None:
        """Leave data mode, close connections and restore the factory settings."""
        with self._opened() as line:
            clean(line)

    def model(self) -> str:
        """Return the answer to +CGMM; empty when the device is silent."""
        with self._opened() as line:
            ask(line, "ATE0")
            words = (ask(line, "AT+CGMM") or "").split()
        return words[0] if words else ""

    def _opened(self) -> serial.Serial:
        return serial.serial_for_url(self.port, 115200, timeout=SILENCE)

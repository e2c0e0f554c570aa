"""Watches the control lines of the module: a thread asks for them, so that a slow adapter delays no byte."""

import asyncio
import fcntl
import struct
import termios
import threading
from collections.abc import Callable
from contextlib import suppress

import serial

from emulator.guard import guarded, log_defect
from emulator.line.serial.lines import DeviceLines

_INTERVAL = 0.02
"""Seconds between two looks; the shortest pulse of RI that a host can ask for takes 50 ms."""

_BITS = (
    (termios.TIOCM_CTS, DeviceLines.CTS),
    (termios.TIOCM_DSR, DeviceLines.DSR),
    (termios.TIOCM_RI, DeviceLines.RI),
    (termios.TIOCM_CD, DeviceLines.DCD),
)


def lines_of_terminal(descriptor: int) -> DeviceLines | None:
    """Return the lines that the module drives, by one call; None where the terminal has none."""
    try:
        state = struct.unpack("I", fcntl.ioctl(descriptor, termios.TIOCMGET, bytes(4)))[0]
    except OSError:
        return None
    lines = DeviceLines.NONE
    for bit, line in _BITS:
        if state & bit:
            lines |= line
    return lines


def lines_of_url(port: serial.Serial) -> DeviceLines | None:
    """Return the lines as the far end has told them; None where it has told none."""
    try:
        states = (port.cts, DeviceLines.CTS), (port.dsr, DeviceLines.DSR), (port.ri, DeviceLines.RI)
        lines = DeviceLines.DCD if port.cd else DeviceLines.NONE
    except (OSError, AttributeError, NotImplementedError):
        return None
    for is_up, line in states:
        if is_up:
            lines |= line
    return lines


class ModemLinesWatch:
    """Tell the event loop of lines that have changed, until `end`."""

    def __init__(self, read: Callable[[], DeviceLines | None], changed: Callable[[DeviceLines], None]) -> None:
        """Begin; `read` is called in a thread, `changed` in the event loop, at first with the lines as they are."""
        self._read = read
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="control lines", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<ModemLinesWatch {'ended' if self._ended.is_set() else 'at work'}>"

    def end(self) -> None:
        """Tell nothing more."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        told: DeviceLines | None = None
        while not self._ended.is_set():
            lines = self._read()
            if lines is not None and lines != told:
                told = lines
                with suppress(RuntimeError):  # the loop has ended
                    self._loop.call_soon_threadsafe(self._tell, lines)
            self._ended.wait(_INTERVAL)

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`."""
        log_defect("the control lines of the module", error)

    @guarded
    def _tell(self, lines: DeviceLines) -> None:
        if not self._ended.is_set():
            self._changed(lines)

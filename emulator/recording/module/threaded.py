"""A port of the module that has no descriptor, as pyserial's client of RFC 2217: two threads read and write it."""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from emulator.dte.port import SerialPort
from emulator.guard import guarded, log_defect
from emulator.line.serial.lines import DeviceLines, HostLines
from emulator.line.serial.port import HIGH_MARK, LOW_MARK
from emulator.line.serial.serial_line import LineFormat
from emulator.recording.module.end import SHOWN_WITHOUT_LINES, ModuleOwner
from emulator.recording.module.modem_lines import ModemLinesWatch, lines_of_url
from emulator.recording.module.settings import apply_break, apply_format, apply_lines, apply_speed

LOOK = 0.5
"""Seconds after which a read without a byte looks whether the port is still wanted; bytes come at once."""


class ThreadedEnd:
    """Serve as a `ModuleEnd`. The threads know only the port and the event loop."""

    def __init__(self, port: SerialPort) -> None:
        """Take an open port."""
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._owner: ModuleOwner | None = None
        self._wanted = threading.Event()
        self._ended = threading.Event()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._unsent = 0
        self.congested = False
        self._has_lines = lines_of_url(port.serial) is not None
        self._threads = [
            threading.Thread(target=run, name=f"{name} {port.name}", daemon=True)
            for name, run in (("reads", self._read), ("writes", self._write))
        ]
        self._watch: ModemLinesWatch | None = None

    def __repr__(self) -> str:
        return f"<ThreadedEnd {self._port!r}, {self._unsent} bytes wait>"

    def open(self, owner: ModuleOwner) -> None:
        self._owner = owner
        if self._has_lines:
            self._watch = ModemLinesWatch(partial(lines_of_url, self._port.serial), self._lines_changed)
        else:
            owner.module_lines_changed(SHOWN_WITHOUT_LINES)
        self._wanted.set()
        for thread in self._threads:
            thread.start()

    def write(self, data: bytes) -> None:
        self._unsent += len(data)
        self.congested = self.congested or self._unsent > HIGH_MARK
        self._do(partial(self._send, data))

    def set_lines(self, lines: HostLines) -> None:
        if self._has_lines:
            self._do(partial(apply_lines, self._port.serial, lines))

    def hang_up(self) -> None:
        self.set_lines(HostLines.NONE)

    def set_speed(self, rate: int) -> None:
        self._do(partial(apply_speed, self._port, rate))

    def set_format(self, form: LineFormat) -> None:
        self._do(partial(apply_format, self._port, form))

    def set_break(self, on: bool) -> None:
        self._do(partial(apply_break, self._port, on))

    def pause(self) -> None:
        self._wanted.clear()

    def resume(self) -> None:
        self._wanted.set()

    def close(self) -> None:
        self._owner = None
        self._ended.set()
        self._wanted.set()
        self._work.put(None)
        if self._watch is not None:
            self._watch.end()
            self._watch = None

    # In the event loop.

    def _do(self, work: Callable[[], None]) -> None:
        if self._owner is not None:
            self._work.put(work)

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`."""
        log_defect("the line to the module", error)

    @guarded
    def _call(self, call: Callable[[], None]) -> None:
        call()

    def _said(self, data: bytes) -> None:
        if self._owner is not None:
            self._owner.module_said(data)

    def _sent(self, size: int) -> None:
        self._unsent -= size
        if self.congested and self._unsent <= LOW_MARK:
            self.congested = False
            if self._owner is not None:
                self._owner.module_writable()

    def _lost(self, error: OSError) -> None:
        owner = self._owner
        if owner is not None:
            self.close()
            owner.module_lost(self._port.lost(error))

    def _lines_changed(self, lines: DeviceLines) -> None:
        if self._owner is not None:
            self._owner.module_lines_changed(lines)

    # In the threads.

    def _tell(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._call, call)

    def _read(self) -> None:
        port = self._port.serial
        try:
            while self._wanted.wait() and not self._ended.is_set():
                data = port.read(1)
                if data:
                    self._tell(partial(self._said, bytes(data + port.read(port.in_waiting))))
        except (OSError, TypeError, AttributeError) as error:  # pyserial's own when it is closed meanwhile
            self._tell(partial(self._lost, error if isinstance(error, OSError) else OSError()))

    def _write(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except OSError as error:
                self._tell(partial(self._lost, error))

    def _send(self, data: bytes) -> None:
        self._port.serial.write(data)
        self._tell(partial(self._sent, len(data)))

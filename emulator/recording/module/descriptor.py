"""A port of the module that has a descriptor: a serial port, or a TCP connection."""

import asyncio
import fcntl
import os
import select
import socket
import struct
import termios
from functools import partial

from emulator.dte.port import SerialPort
from emulator.guard import guarded, log_defect
from emulator.line.serial.lines import DeviceLines, HostLines
from emulator.line.serial.serial_line import LineFormat
from emulator.recording.module.end import SHOWN_WITHOUT_LINES, ModuleOwner
from emulator.recording.module.modem_lines import ModemLinesWatch, lines_of_terminal
from emulator.recording.module.outgoing import Outgoing
from emulator.recording.module.settings import apply_break, apply_format, apply_lines, apply_speed

_READ_SIZE = 64 * 1024
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class DescriptorEnd:
    """Serve as a `ModuleEnd`: one system call a direction, straight from and to the event loop."""

    def __init__(self, port: SerialPort, descriptor: int) -> None:
        """Take an open port."""
        self._port = port
        self._descriptor = descriptor
        self._is_terminal = os.isatty(descriptor)
        self._has_lines = lines_of_terminal(descriptor) is not None
        self._loop = asyncio.get_running_loop()
        self._owner: ModuleOwner | None = None
        self._reading = False
        self._outgoing = Outgoing(descriptor, self._send, self._unsent, self._relieved, self.fail)
        self._watch: ModemLinesWatch | None = None
        if not self._is_terminal:
            _send_at_once(descriptor)

    def __repr__(self) -> str:
        return f"<DescriptorEnd {self._port!r}, {self._outgoing!r}>"

    @property
    def congested(self) -> bool:
        return self._outgoing.waits

    def open(self, owner: ModuleOwner) -> None:
        self._owner = owner
        if self._has_lines:
            self._watch = ModemLinesWatch(partial(lines_of_terminal, self._descriptor), self._lines_changed)
        else:
            owner.module_lines_changed(SHOWN_WITHOUT_LINES)
        self.resume()

    def write(self, data: bytes) -> None:
        if self._owner is not None:
            self._outgoing.put(data)

    def set_lines(self, lines: HostLines) -> None:
        if self._has_lines and self._owner is not None:
            self._outgoing.at_once(partial(self._apply_lines, lines))

    def hang_up(self) -> None:
        if self._has_lines and self._owner is not None:
            self._outgoing.then(partial(self._apply_lines, HostLines.NONE))

    def set_speed(self, rate: int) -> None:
        if self._owner is not None:
            self._outgoing.then(partial(apply_speed, self._port, rate))

    def set_format(self, form: LineFormat) -> None:
        if self._owner is not None:
            self._outgoing.then(partial(apply_format, self._port, form))

    def set_break(self, on: bool) -> None:
        if self._has_lines and self._owner is not None:
            self._outgoing.then(partial(apply_break, self._port, on))

    def pause(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._descriptor)

    def resume(self) -> None:
        if not self._reading and self._owner is not None:
            self._reading = True
            self._loop.add_reader(self._descriptor, self._read)

    def close(self) -> None:
        self.pause()
        self._owner = None
        self._outgoing.clear()
        if self._watch is not None:
            self._watch.end()
            self._watch = None

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the port goes on."""
        log_defect("the line to the module", error)

    def _apply_lines(self, lines: HostLines) -> None:
        try:
            apply_lines(self._port.serial, lines)
        except OSError as error:
            self._loop.call_soon(self._lose, error)

    def _lines_changed(self, lines: DeviceLines) -> None:
        if self._owner is not None:
            self._owner.module_lines_changed(lines)

    def _relieved(self) -> None:
        if self._owner is not None:
            self._owner.module_writable()

    @guarded
    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, _READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(error)
            return
        if data and self._owner is not None:
            self._owner.module_said(data)
        elif not data and (not self._is_terminal or self._is_gone()):
            self._lose(OSError())

    def _is_gone(self) -> bool:
        """Return whether a terminal has hung up; one that only has nothing to read gives no byte either."""
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return any(events & _GONE for _, events in poll.poll(0))

    def _send(self, data: bytes) -> int:
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._loop.call_soon(self._lose, error)  # whoever writes is not to be told within the call
            return len(data)

    def _unsent(self) -> int:
        """Return the bytes that the terminal has taken and not sent."""
        if not self._has_lines:
            return 0
        try:
            return int(struct.unpack("i", fcntl.ioctl(self._descriptor, termios.TIOCOUTQ, bytes(4)))[0])
        except OSError:
            return 0

    @guarded
    def _lose(self, error: OSError) -> None:
        owner = self._owner
        if owner is not None:
            self.close()
            owner.module_lost(self._port.lost(error))


def _send_at_once(descriptor: int) -> None:
    """Let a TCP connection send each piece at once."""
    connection = socket.socket(fileno=os.dup(descriptor))
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    finally:
        connection.close()

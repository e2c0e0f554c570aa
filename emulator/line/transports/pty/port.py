"""A pseudo-terminal as a port: any program that opens serial ports can be its host.

The emulator holds the master. The data path is one system call each way, straight from and to the event loop. When a
program locks the terminal by TIOCEXCL, it stays locked for every later user but root until the emulator ends: Linux
keeps that lock as long as there is a master.
"""

import asyncio
import os
import select
import termios
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emulator.errors import UserError
from emulator.guard import guarded
from emulator.later import later
from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import DeviceLines
from emulator.line.serial.output import Output
from emulator.line.serial.port import PortOwner
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports.pty.presence import Presence, observe

if TYPE_CHECKING:
    from emulator.line.transports.pty import link as port_link
else:
    port_link = later("emulator.line.transports.pty.link")

_READ_SIZE: Final = 4096
_FULL: Final = 4095
"""Bytes that Linux hands out at once; more may wait behind them."""
_PIECE: Final = 16 * 1024
"""Bytes after which what the host writes is passed on: its peer works while more is read."""

_Attributes = list[Any]


class PtyPort:
    """Open a fresh pseudo-terminal as a `Port`, in raw mode at 115200 bit/s, inside the running event loop.

    `link`, when given, is a path at which a symbolic link to the terminal stands until the port is closed. Raises
    UserError when the system has no pseudo-terminal left, or when the link cannot be made.

    The hang-up of the kernel tells that the last host has left. It disappears when another host opens the terminal
    before the event loop has seen it. So openings and closings are counted, too: a host that comes after all known ones
    have left makes DTR fall and rise again, once however many came and went in that moment.
    """

    def __init__(self, link: Path | None = None, line: SerialLine | None = None) -> None:
        """Make the terminal; a `line`, when given, is told of the speed that a host sets."""
        self._loop = asyncio.get_running_loop()
        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise UserError(f"no pseudo-terminal to be had ({error.strerror}); close others") from error
        os.set_blocking(self._master, False)
        self._line = line
        self._attributes = _make_raw(self._slave, line)
        self.name = os.ttyname(self._slave)
        self._hosts = HostQueue()
        self._output = Output(self._send, self._hosts.writable, self.fail, is_hopeless=self._is_hung_up)
        self._output.descriptor = self._master
        self._presence: Presence | None = None
        self._link: port_link.PortLink | None = None
        """Link to the terminal, until the port is closed."""
        self._closed = False
        self._present = False
        self._reading = False
        self._known_hosts = 0
        self._host_changed = False
        if link is not None:
            try:
                self._link = port_link.PortLink(link, self.name)
            except UserError:
                self.close()
                raise

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open to a host" if self._present else "without a host"
        pausing = ", paused" if self._hosts.paused else ""
        return f"<PtyPort {self.name} {state}{pausing}, {self._output.waiting} bytes wait>"

    @property
    def congested(self) -> bool:
        return self._output.congested

    def open(self, owner: PortOwner) -> None:
        self._hosts.open(owner)
        slave, self._slave = self._slave, -1
        self._presence = observe(self.name, slave, self)
        self._take_news = self._presence.take_news
        self.look()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._hosts.close()
        self._present = False
        self._listen()
        self._output.drop()
        self._output.relieve()
        if self._link is not None:
            self._link.remove()
        if self._presence is not None:
            self._presence.end()
        if self._slave >= 0:
            os.close(self._slave)
        os.close(self._master)

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator, and go on."""
        self._hosts.port_failed(error)

    # Towards the host

    def write(self, data: bytes) -> None:
        if self._hosts.is_heard and not (self._host_changed and self._hosts.paused):
            self._output.put(data)

    def _send(self, data: bytes) -> int:
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0

    def _is_hung_up(self) -> bool:
        """Whether no host is there: a hang-up wakes a writer, too, again and again."""
        return bool(self._poll() & select.POLLHUP)

    def set_lines(self, lines: DeviceLines) -> None:
        """Ignore them: a pseudo-terminal has none."""

    # From the host

    def pause(self) -> None:
        self._hosts.pause(True)
        self._listen()

    def resume(self) -> None:
        self._hosts.pause(False)
        self._listen()
        if self._host_changed:
            self._loop.call_soon(self._finish_with_previous_host)

    def _listen(self) -> None:
        """Let the event loop read the master, only while a host is there and the port is not paused."""
        wanted = self._present and not self._hosts.paused
        if wanted == self._reading:
            return
        self._reading = wanted
        if wanted:
            self._loop.add_reader(self._master, self._read)
        else:
            self._loop.remove_reader(self._master)

    @guarded
    def _read(self) -> None:
        try:
            data = os.read(self._master, _READ_SIZE)
            if len(data) >= _FULL:
                data = self._read_on(data)
        except BlockingIOError:
            if self._host_changed:
                self._hand_over()
        except OSError:  # EIO: nothing is left to read and no host is there
            self._hang_up()
        else:
            self._take_news()  # what was read before the next host came is surely from the last one
            if self._line is not None:
                self._follow(self._line)
            self._hosts.data_received(data)

    def _read_on(self, data: bytes) -> bytes:
        """Return `data` with what waits behind it, so that a long write of the host is one piece of work."""
        pieces, size = [data], len(data)
        with suppress(OSError):  # the next `_read` finds it again
            while len(pieces[-1]) >= _FULL and size < _PIECE:
                pieces.append(os.read(self._master, _READ_SIZE))
                size += len(pieces[-1])
        return b"".join(pieces)

    def _follow(self, line: SerialLine) -> None:
        """Tell the line of the speed that the host has set; the kernel tells nobody."""
        rate = _RATES.get(termios.tcgetattr(self._master)[5])
        if rate and rate != line.host_rate:
            line.set_host(rate)

    # The coming and going of hosts

    def host_came(self) -> None:
        """See `PresenceObserver`: it is the first host, another one, or one that follows the last one at once."""
        self._known_hosts += 1
        if not self._present:
            self._raise_dtr()
        elif self._known_hosts == 1:
            if not self._host_changed:
                self._host_changed = True
                self._drop_what_is_unread()
                self._hosts.host_changes()
            self._loop.call_soon(self._finish_with_previous_host)

    def host_went(self) -> None:
        """See `PresenceObserver`; after the last host, the hang-up that follows tells the owner."""
        self._known_hosts = max(0, self._known_hosts - 1)

    def look(self) -> None:
        """See `PresenceObserver`; a host is present if it holds the terminal, or left something to be read."""
        if not self._present and not self._closed and self._poll() != select.POLLHUP:
            self.host_came()

    def _poll(self) -> int:
        """Return the state of the line: POLLHUP while no host is there, POLLIN when one left something to be read."""
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        return sum(events for _, events in poll.poll(0))

    @guarded
    def _finish_with_previous_host(self) -> None:
        """Read all bytes of the previous host, with other work of the event loop between.

        Bytes of the new host cannot be told apart: those that came meanwhile are received before DTR falls.
        """
        if self._host_changed and self._reading:
            self._read()
            self._loop.call_soon(self._finish_with_previous_host)

    def _drop_what_is_unread(self) -> None:
        """Drop all that was said so far: it was said to the previous host."""
        assert self._presence is not None
        self._output.drop()
        self._presence.drop_unread()
        self._output.relieve()

    def _hand_over(self) -> None:
        """Let DTR fall and rise for the next host; what has been said since it came may be its answer, and stays."""
        self._present = self._host_changed = False
        self._listen()
        self._hosts.host_closed()
        if not self._closed:
            self._raise_dtr()

    def _hang_up(self) -> None:
        """Let DTR fall: nobody is there. A host that came behind another one, and has gone, too, had its own DTR."""
        if self._host_changed:
            self._hand_over()
        self._known_hosts = 0
        if self._present:
            self._drop_dtr()

    def _raise_dtr(self) -> None:
        self._present = True
        self._hosts.host_opened()
        self._listen()

    def _drop_dtr(self) -> None:
        self._present = False
        self._listen()
        self._output.drop()
        self._clear_line()
        self._hosts.host_closed()
        self._output.relieve()

    def _clear_line(self) -> None:
        """Set raw mode again and drop the output for the next host; unless it is there and has its own settings."""
        if not self._poll() & select.POLLHUP:
            return
        echoing = termios.tcgetattr(self._master)[3] & termios.ECHO
        termios.tcflush(self._master, termios.TCOFLUSH)
        termios.tcsetattr(self._master, termios.TCSAFLUSH, self._attributes)
        if echoing:
            self._drop_echo()

    def _drop_echo(self) -> None:
        """Drop what a terminal in line mode has echoed of our own bytes, after its host has left.

        A host that opens the terminal at this moment must not lose its first bytes.
        """
        with suppress(OSError):
            while self._poll() & select.POLLHUP:
                os.read(self._master, _READ_SIZE)


_RATES: Final = {
    code: int(name[1:]) for name, code in vars(termios).items() if name[:1] == "B" and name[1:].isdecimal()
}
"""Speeds in bit/s, by what a terminal keeps for them."""
_CODES: Final = {rate: code for code, rate in _RATES.items()}
_USUAL_RATE: Final = 115200


def _make_raw(descriptor: int, line: SerialLine | None) -> _Attributes:
    """Set a terminal to pass all bytes as they are; return its new attributes."""
    rate = (line.baud if line is not None else None) or _USUAL_RATE
    attributes = termios.tcgetattr(descriptor)
    attributes[0] = attributes[1] = attributes[3] = 0
    attributes[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
    attributes[4] = attributes[5] = _CODES.get(rate, termios.B115200)
    attributes[6][termios.VMIN] = 1
    attributes[6][termios.VTIME] = 0
    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
    return termios.tcgetattr(descriptor)

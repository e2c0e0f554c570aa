"""A pseudo-terminal: what a program that opens serial ports takes for one."""

from emulator.line.port import Port
from emulator.line.serial_line import SerialLine
from emulator.line.transport import Transport
from emulator.line.transports.pty.port import PtyPort

__all__ = ["PtyPort"]


def _make(_line: SerialLine) -> Port:
    return PtyPort()


TRANSPORT = Transport("pty", "a pseudo-terminal", lambda _address: _make)

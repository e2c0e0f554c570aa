"""A pseudo-terminal, which hosts open as a serial port."""

from emulator.line.transports import Transport
from emulator.line.transports.pty.port import PtyPort

__all__ = ["TRANSPORT", "PtyPort"]

TRANSPORT = Transport("pty", "a pseudo-terminal", lambda _address: lambda _line: PtyPort())

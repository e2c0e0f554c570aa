"""A serial port over telnet, with a speed and control lines; `rfc2217://HOST:PORT` of pyserial opens it."""

from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports import PortMaker, Transport
from emulator.line.transports.rfc2217.port import Rfc2217Port
from emulator.line.transports.tcp import TcpAddress

__all__ = ["TRANSPORT", "Rfc2217Port"]


def _at(text: str) -> PortMaker:
    address = TcpAddress(text, "rfc2217")

    def make(line: SerialLine) -> Port:
        return Rfc2217Port(address.listen(), line)

    return make


TRANSPORT = Transport("rfc2217:ADDRESS:PORT", "a TCP port with control lines and a speed", _at)

"""A serial port over telnet, with its speed and its control lines. RFC 2217."""

from emulator.line.transports.rfc2217.port import Rfc2217Port

__all__ = ["Rfc2217Port"]

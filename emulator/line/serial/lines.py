"""The control lines of a serial port, by the side that drives them. V.24, as 27.010 5.4.6.3.7 names them."""

from enum import IntFlag


class DeviceLines(IntFlag):
    """Lines that the module drives and its host sees."""

    NONE = 0
    CTS = 0x1
    """The module takes what the host sends."""
    DSR = 0x2
    """The module is there."""
    RI = 0x4
    """Somebody calls."""
    DCD = 0x8
    """There is a connection."""


class HostLines(IntFlag):
    """Lines that the host drives; both are up when it opens the port."""

    NONE = 0
    DTR = 0x1
    """The host is there."""
    RTS = 0x2
    """The host takes what the module sends."""


HOST_IS_READY = HostLines.DTR | HostLines.RTS

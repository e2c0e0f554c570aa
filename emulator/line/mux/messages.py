"""The messages of the control channel. 27.010 5.4.6."""

from collections.abc import Iterator
from enum import IntEnum, IntFlag

import msgspec

_EXTENSION = 0x01
_COMMAND = 0x02


class Type(IntEnum):
    """Types of messages: the type field without the EA and C/R bits."""

    PARAMETER_NEGOTIATION = 0x80
    POWER_SAVING = 0x40
    CLOSE_DOWN = 0xC0
    TEST = 0x20
    FLOW_ON = 0xA0
    FLOW_OFF = 0x60
    MODEM_STATUS = 0xE0
    NOT_SUPPORTED = 0x10
    REMOTE_PORT = 0x90
    LINE_STATUS = 0x50
    SERVICES = 0xD0


class Signals(IntFlag):
    """The control lines of a channel in MODEM_STATUS (27.010 5.4.6.3.7)."""

    FLOW_CONTROL = 0x02
    """The sender can take no frames."""
    COMMUNICATING = 0x04
    """DTR from the host, DSR from the module."""
    RECEIVING = 0x08
    """RTS from the host, CTS from the module."""
    INCOMING_CALL = 0x40
    """RI from the module."""
    DATA_VALID = 0x80
    """DCD from the module."""


class ControlMessage(msgspec.Struct, frozen=True):
    """Hold one message; `type` may be a number that `Type` has no name for."""

    type: int
    value: bytes = b""
    command: bool = True

    @property
    def head(self) -> int:
        """First byte."""
        return self.type | (_COMMAND if self.command else 0) | _EXTENSION

    def encoded(self) -> bytes:
        """Return the bytes; ValueError when the value has more than 127."""
        if len(self.value) > 127:
            raise ValueError(f"{len(self.value)} bytes do not fit into a message")
        return bytes((self.head, len(self.value) << 1 | 1)) + self.value


def decoded(information: bytes) -> Iterator[ControlMessage]:
    """Yield the messages in the information of a frame; ignore one that is cut off."""
    while len(information) >= 2:
        end = 2 + (information[1] >> 1)
        if len(information) < end:
            return
        yield ControlMessage(
            information[0] & ~(_EXTENSION | _COMMAND), information[2:end], bool(information[0] & _COMMAND)
        )
        information = information[end:]

"""What a connection tells its owner."""

from enum import Enum


class TcpChange(Enum):
    """What has happened to a connection."""

    OPENED = "opened"
    READABLE = "readable"
    """The host has sent data; `read` takes it."""
    WRITABLE = "writable"
    """The host has taken enough: send on."""
    ENDED = "ended"
    """The host has sent its FIN, and all before it."""
    RESET = "reset"
    """The host has reset the connection."""
    GIVEN_UP = "given up"
    """The host acknowledges nothing any more."""
    CLOSED = "closed"
    """Both sides have ended in order."""

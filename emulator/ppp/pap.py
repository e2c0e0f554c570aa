"""Authenticate by PAP: wait for the host's Authenticate-Request. RFC 1334 2."""

from collections.abc import Callable
from enum import IntEnum

from emulator.ppp.authentication import Credentials, password_credentials
from emulator.ppp.control_protocol import Timers
from emulator.ppp.packets import ControlPacket


class _Code(IntEnum):
    REQUEST = 1
    ACK = 2


class Pap:
    """The side that asks. Each request is acknowledged, as the first answer may be lost (RFC 1334 2.2.1)."""

    def __init__(
        self,
        timers: Timers,
        send: Callable[[ControlPacket], None],
        succeeded: Callable[[Credentials, float], None],
        failed: Callable[[float], None],
    ) -> None:
        self.deadline: float | None = None
        self._timers = timers
        self._send = send
        self._succeeded = succeeded
        self._failed = failed

    def __repr__(self) -> str:
        return f"<Pap, waits until {self.deadline}>"

    def begin(self, now: float) -> None:
        """See `Authenticator`."""
        self.deadline = now + self._timers.restart * self._timers.most_requests

    def expire(self, now: float) -> None:
        """See `Authenticator`."""
        if self.deadline is not None and now >= self.deadline:
            self.deadline = None
            self._failed(now)

    def receive(self, packet: ControlPacket, now: float) -> None:
        """See `Authenticator`."""
        if packet.code != _Code.REQUEST or (fields := _fields(packet.data)) is None:
            return
        self._send(ControlPacket(_Code.ACK, packet.identifier, b"\0"))  # with an empty text
        if self.deadline is not None:
            self.deadline = None
            self._succeeded(password_credentials(*fields), now)


def _fields(data: bytes) -> tuple[bytes, bytes] | None:
    """Return user and password, each of which stands behind its length; None where a length is wrong."""
    username, rest = _counted(data)
    password, _ = _counted(rest)
    return None if username is None or password is None else (username, password)


def _counted(data: bytes) -> tuple[bytes | None, bytes]:
    end = 1 + data[0] if data else 1
    return (data[1:end], data[end:]) if end <= len(data) else (None, b"")

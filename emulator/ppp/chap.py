"""Authenticate by CHAP with MD5: challenge the host, and take its response. RFC 1994."""

from collections.abc import Callable
from enum import IntEnum

from emulator.ppp.authentication import Credentials, challenge_credentials
from emulator.ppp.control_protocol import Timers
from emulator.ppp.packets import ControlPacket

_CHALLENGE_SIZE = _DIGEST_SIZE = 16


class _Code(IntEnum):
    CHALLENGE = 1
    RESPONSE = 2
    SUCCESS = 3


class Chap:
    """The side that asks. The challenge is repeated until the host answers, and each answer hears of its success."""

    def __init__(
        self,
        name: bytes,
        timers: Timers,
        random_bytes: Callable[[int], bytes],
        send: Callable[[ControlPacket], None],
        succeeded: Callable[[Credentials, float], None],
        failed: Callable[[float], None],
    ) -> None:
        """`name` is the device's own in the challenge."""
        self.deadline: float | None = None
        self._name = name
        self._timers = timers
        self._challenge = random_bytes(_CHALLENGE_SIZE)
        self._identifier = random_bytes(1)[0]
        self._left = timers.most_requests
        self._send = send
        self._succeeded = succeeded
        self._failed = failed

    def __repr__(self) -> str:
        return f"<Chap, {self._left} challenges left>"

    def begin(self, now: float) -> None:
        """See `Authenticator`."""
        self._left -= 1
        self.deadline = now + self._timers.restart
        data = bytes((len(self._challenge),)) + self._challenge + self._name
        self._send(ControlPacket(_Code.CHALLENGE, self._identifier, data))

    def expire(self, now: float) -> None:
        """See `Authenticator`."""
        if self.deadline is None or now < self.deadline:
            return
        if self._left > 0:
            self.begin(now)
        else:
            self.deadline = None
            self._failed(now)

    def receive(self, packet: ControlPacket, now: float) -> None:
        """See `Authenticator`."""
        if packet.code != _Code.RESPONSE or packet.identifier != self._identifier:
            return
        size, rest = packet.data[:1], packet.data[1:]
        if size != bytes((_DIGEST_SIZE,)) or len(rest) < _DIGEST_SIZE:
            return
        self._send(ControlPacket(_Code.SUCCESS, packet.identifier))
        if self.deadline is not None:
            self.deadline = None
            response, username = rest[:_DIGEST_SIZE], rest[_DIGEST_SIZE:]
            self._succeeded(challenge_credentials(username, self._identifier, self._challenge, response), now)

"""Let the host say who it is. Whether it may is the network's to decide, when the context is activated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5
from hmac import compare_digest
from typing import Protocol

from emulator.ppp.packets import ControlPacket


@dataclass(frozen=True)
class Credentials:
    """A user and the proof that the host knows the password."""

    username: str = ""
    _proof: Callable[[str], bool] = field(default=lambda password: password == "", repr=False, compare=False)

    def proves(self, password: str) -> bool:
        """Return whether the host knows this password."""
        return self._proof(password)


ANONYMOUS = Credentials()


class Authenticator(Protocol):
    """One authentication protocol, from the side that asks."""

    deadline: float | None
    """When `expire` is to be called next."""

    def begin(self, now: float) -> None:
        """Ask the host, or wait for it."""

    def expire(self, now: float) -> None:
        """Ask again, or give up."""

    def receive(self, packet: ControlPacket, now: float) -> None:
        """Take a packet of the host."""


def password_credentials(username: bytes, password: bytes) -> Credentials:
    """Make the credentials of PAP."""
    return Credentials(_text(username), lambda known: compare_digest(known.encode(), password))


def challenge_credentials(username: bytes, identifier: int, challenge: bytes, response: bytes) -> Credentials:
    """Make the credentials of CHAP: the response is MD5 of identifier, password and challenge (RFC 1994 4.1)."""

    def proves(known: str) -> bool:
        return compare_digest(md5(bytes((identifier,)) + known.encode() + challenge).digest(), response)

    return Credentials(_text(username), proves)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")

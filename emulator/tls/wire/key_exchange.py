"""The server's part of a Diffie-Hellman key exchange, as far as it can be judged. RFC 5246 7.4.3, RFC 8422 5.4."""

from dataclasses import dataclass
from typing import Self

from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.handshake import HandshakeMessage
from emulator.tls.wire.suites import KeyExchange
from emulator.tls.wire.vectors import Reader

_NAMED_CURVE = 3


@dataclass(frozen=True)
class ServerKeyExchange:
    """The group that the server has chosen; its key and its signature are the engine's to judge."""

    curve: int | None
    """The number of a named curve; None where the group is one of whole numbers."""
    bits: int
    """The size of the prime of such a group."""

    @classmethod
    def decode(cls, message: HandshakeMessage, exchange: KeyExchange) -> Self:
        """Read the begin of a body.

        Raises:
            FatalError: it is cut short, or names no curve.
        """
        reader = Reader(message.body, "server_key_exchange")
        if exchange is KeyExchange.DHE_RSA:
            return cls(None, int.from_bytes(reader.vector(2, at_least=1), "big").bit_length())
        kind = reader.integer(1)
        if kind != _NAMED_CURVE:
            raise FatalError(
                Alert.ILLEGAL_PARAMETER, f"server_key_exchange has a curve of the type {kind}, not a named one"
            )
        return cls(reader.integer(2), 0)

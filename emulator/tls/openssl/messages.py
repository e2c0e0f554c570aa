"""Read those messages of the server that are judged before OpenSSL has them; OpenSSL judges the form of the others."""

from emulator.tls.decisions import Agreement
from emulator.tls.wire import messages
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType
from emulator.tls.wire.key_exchange import ServerKeyExchange
from emulator.tls.wire.suites import KeyExchange
from emulator.tls.wire.versions import VersionRange

_FIRST = (HandshakeType.HELLO_REQUEST, HandshakeType.SERVER_HELLO)

Judged = messages.ServerMessage | ServerKeyExchange


def read_message(message: HandshakeMessage, agreement: Agreement | None, versions: VersionRange) -> Judged | None:
    """Return a message to judge, or None.

    Args:
        message: the message.
        agreement: what both sides have agreed on; None before server_hello.
        versions: those that were offered.

    Raises:
        FatalError: it is malformed, or none that a server may send in such a session.
    """
    if agreement is None:
        return messages.decode(message, versions.highest) if message.message_type in _FIRST else None
    if agreement.version.hides_handshake:
        judged = message.message_type in (HandshakeType.SERVER_HELLO, HandshakeType.CERTIFICATE)
        return messages.decode(message, agreement.version) if judged else None
    if message.message_type == HandshakeType.NEW_SESSION_TICKET and Extension.SESSION_TICKET in agreement.answered:
        return None
    exchange = agreement.suite.key_exchange
    if message.message_type == HandshakeType.SERVER_KEY_EXCHANGE and exchange is not KeyExchange.RSA:
        return ServerKeyExchange.decode(message, exchange)
    return messages.decode(message, agreement.version)

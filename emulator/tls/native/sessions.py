"""Sessions to resume: by the id that the server gave (RFC 2246 7.4.1.2), or by its ticket (RFC 5077)."""

import hashlib
from dataclasses import dataclass, field

from emulator.tls.client import TlsConfiguration
from emulator.tls.decisions import Agreement
from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import ProtocolVersion


@dataclass(frozen=True)
class NativeSession:
    """The secrets of a session, kept to resume it."""

    version: ProtocolVersion
    suite: CipherSuite
    session_id: bytes
    """The server's; beside a ticket one of our own, by which it shows that it takes the ticket (RFC 5077 3.4)."""
    master_secret: bytes = field(repr=False)
    ticket: bytes = b""
    is_extended: bool = False
    """Whether the master secret is that of RFC 7627."""

    @classmethod
    def of(cls, agreed: Agreement, master_secret: bytes, session_id: bytes, ticket: bytes) -> "NativeSession | None":
        """Return a session to resume, None where the server gave neither id nor ticket."""
        if ticket:
            session_id = hashlib.sha256(ticket).digest()
        if not session_id:
            return None
        extended = Extension.EXTENDED_MASTER_SECRET in agreed.answered
        return cls(agreed.version, agreed.suite, session_id, master_secret, ticket, extended)

    def check(self, agreed: Agreement) -> None:
        """Make sure that the server resumes this session as it was.

        Raises:
            FatalError: it goes on with another suite, version or master secret (RFC 7627 5.3).
        """
        if agreed.suite is not self.suite:
            detail = f"the server resumed the session with suite {agreed.suite.number:#06x}"
            raise FatalError(Alert.ILLEGAL_PARAMETER, detail)
        if agreed.version is not self.version:
            raise FatalError(Alert.ILLEGAL_PARAMETER, f"the server resumed the session in {agreed.version.name}")
        if self.is_extended is not (Extension.EXTENDED_MASTER_SECRET in agreed.answered):
            detail = "the server resumed the session with another extended_master_secret"
            raise FatalError(Alert.HANDSHAKE_FAILURE, detail)


def resumable(configuration: TlsConfiguration) -> NativeSession | None:
    """Return the session to offer: one of our own that the offer still allows."""
    session = configuration.session
    if not isinstance(session, NativeSession):
        return None
    if session.suite not in configuration.suites or session.version not in configuration.versions:
        return None
    needed = {Extension.EXTENDED_MASTER_SECRET} if session.is_extended else set()
    needed |= {Extension.SESSION_TICKET} if session.ticket else set()
    return session if needed <= {*configuration.sent_extensions} else None

"""The causes of failed sessions."""

from enum import Enum


class FailureCause(Enum):
    """The cause of a failed session, in words for a trace."""

    ALERT_RECEIVED = "alert received"
    NO_COMMON_SUITE = "no common suite"
    """The peer refused every suite offered (alert handshake_failure), or chose one that was not offered."""
    PROTOCOL_VERSION = "protocol version"
    DOWNGRADE = "downgrade"
    """Server and module both speak a later version than the one that reached the server's answer."""
    NOT_TLS = "not TLS"
    """The first bytes of the peer are no TLS record."""
    PEER_CLOSED = "peer closed"
    """The peer ended the stream within the handshake."""
    UNTRUSTED = "untrusted"
    """The verifier refused the peer's chain."""
    BAD_MESSAGE = "bad message"
    """A message or record is malformed, out of order, too long or too short."""
    BAD_RECORD_MAC = "bad record MAC"
    """A record's MAC or padding is wrong (RFC 2246 6.2.3)."""
    BAD_FINISHED = "bad finished"
    """The peer's Finished does not match the handshake."""
    KEY_UNUSABLE = "key unusable"
    """The peer's key is of a kind that cannot be used, or too weak or too long, as its group of Diffie-Hellman may be;
    or the module's own does not go with its certificate."""
    UNSUPPORTED = "unsupported"
    """The engine cannot offer every suite that was asked for."""
    INTERNAL = "internal"


class TlsFailure(Exception):
    """A session ended in failure; `cause` says why, `detail` adds one line for a person.

    `alert` is the number of the fatal alert that was sent or received, if there was one.
    """

    def __init__(self, cause: FailureCause, detail: str, alert: int | None = None) -> None:
        super().__init__(f"{cause.value}: {detail}")
        self.cause = cause
        self.detail = detail
        self.alert = alert

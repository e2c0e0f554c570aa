"""Alerts: their names, their form in a record, and the exception that ends a session with one.

Source: RFC 2246 7.2 and A.3; RFC 5246 7.2 for `unsupported_extension`.
"""

from enum import IntEnum

import msgspec

from emulator.tls.wire.failures import FailureCause, TlsFailure


class AlertLevel(IntEnum):
    """Level of an alert; a fatal one ends the session."""

    WARNING = 1
    FATAL = 2


class Alert(IntEnum):
    """An alert's description; the lower-case name is the RFC's own."""

    CLOSE_NOTIFY = 0
    UNEXPECTED_MESSAGE = 10
    BAD_RECORD_MAC = 20
    DECRYPTION_FAILED = 21
    RECORD_OVERFLOW = 22
    DECOMPRESSION_FAILURE = 30
    HANDSHAKE_FAILURE = 40
    NO_CERTIFICATE = 41
    """Of SSL 3.0; some servers still send it at TLS 1.0."""
    BAD_CERTIFICATE = 42
    UNSUPPORTED_CERTIFICATE = 43
    CERTIFICATE_REVOKED = 44
    CERTIFICATE_EXPIRED = 45
    CERTIFICATE_UNKNOWN = 46
    ILLEGAL_PARAMETER = 47
    UNKNOWN_CA = 48
    ACCESS_DENIED = 49
    DECODE_ERROR = 50
    DECRYPT_ERROR = 51
    EXPORT_RESTRICTION = 60
    PROTOCOL_VERSION = 70
    INSUFFICIENT_SECURITY = 71
    INTERNAL_ERROR = 80
    INAPPROPRIATE_FALLBACK = 86
    """RFC 7507 3."""
    USER_CANCELED = 90
    NO_RENEGOTIATION = 100
    MISSING_EXTENSION = 109
    """RFC 8446 6.2, as the two below it that end in `required` and `protocol`."""
    UNSUPPORTED_EXTENSION = 110
    UNRECOGNIZED_NAME = 112
    """RFC 6066 3; a warning from some servers, which then go on."""
    CERTIFICATE_REQUIRED = 116
    NO_APPLICATION_PROTOCOL = 120


class FatalError(Exception):
    """Ends the session: `alert` tells the peer, `cause` and `detail` tell the caller."""

    def __init__(self, alert: Alert, detail: str, cause: FailureCause = FailureCause.BAD_MESSAGE) -> None:
        super().__init__(detail)
        self.alert = alert
        self.detail = detail
        self.cause = cause


class AlertMessage(msgspec.Struct, frozen=True):
    """One alert. The description is kept as a number: later RFCs know more of them than `Alert` does."""

    level: AlertLevel
    description: int

    def encode(self) -> bytes:
        """Return the two bytes on the wire."""
        return bytes((self.level, self.description))

    @classmethod
    def decode(cls, fragment: bytes) -> "AlertMessage":
        """Read the content of an alert record.

        The RFC would let alerts be split and joined like any content; no implementation does, and none accepts it.

        Raises:
            FatalError: it is not one alert.
        """
        if len(fragment) != 2:
            raise FatalError(Alert.DECODE_ERROR, f"an alert of {len(fragment)} bytes")
        if fragment[0] not in (AlertLevel.WARNING, AlertLevel.FATAL):
            raise FatalError(Alert.ILLEGAL_PARAMETER, f"an alert of level {fragment[0]}")
        return cls(AlertLevel(fragment[0]), fragment[1])


def alert_name(description: int) -> str:
    """Return the RFC's name of an alert, or its number where `Alert` has none for it."""
    try:
        return Alert(description).name.lower()
    except ValueError:
        return str(description)


_ANSWERS_TO_HELLO = {
    Alert.HANDSHAKE_FAILURE: FailureCause.NO_COMMON_SUITE,
    Alert.INSUFFICIENT_SECURITY: FailureCause.NO_COMMON_SUITE,
    Alert.PROTOCOL_VERSION: FailureCause.PROTOCOL_VERSION,
    Alert.INAPPROPRIATE_FALLBACK: FailureCause.DOWNGRADE,
}


def failure_told_by(description: int, answers_hello: bool) -> TlsFailure:
    """Return the failure that a fatal alert of the peer means; in answer to the hello it says what was not accepted."""
    cause = _ANSWERS_TO_HELLO.get(Alert(description)) if answers_hello and description in _ANSWERS_TO_HELLO else None
    told = f"the peer sent the alert {alert_name(description)}"
    return TlsFailure(cause or FailureCause.ALERT_RECEIVED, told, description)

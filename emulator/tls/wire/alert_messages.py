"""Alerts as they travel in a record, and the one exception with which every part of the engine ends a session.

Source: RFC 2246 7.2.
"""

from typing import NamedTuple

from emulator.tls.client import FailureCause
from emulator.tls.wire.alerts import Alert, AlertLevel


class FatalError(Exception):
    """The session ends here: `alert` tells the peer, `cause` and `detail` tell the caller."""

    def __init__(self, alert: Alert, detail: str, cause: FailureCause = FailureCause.BAD_MESSAGE) -> None:
        super().__init__(detail)
        self.alert = alert
        self.detail = detail
        self.cause = cause


class AlertMessage(NamedTuple):
    """One alert. The description is kept as a number: later RFCs know more of them than `Alert` does."""

    level: AlertLevel
    description: int

    def encode(self) -> bytes:
        """The two bytes on the wire."""
        return bytes(self)

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

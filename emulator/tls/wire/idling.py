"""Limits on what keeps a session busy and gets it nowhere.

OpenSSL has limits of the same kind (MAX_WARN_ALERT_COUNT, MAX_EMPTY_RECORDS).
"""

from emulator.states import Symbol
from emulator.tls.wire.alerts import Alert, FatalError


class Idle(Symbol):
    """What a peer can send without saying anything: its name in a message, and how many are taken in a row."""

    WARNING = "warning alerts", 4
    EMPTY_RECORD = "empty records", 32
    HELLO_REQUEST = "hello_requests", 32

    def __init__(self, plural: str, most: int) -> None:
        self.plural = plural
        self.most = most


class IdleCounter:
    """Counts idle records and messages until something else comes."""

    def __init__(self) -> None:
        self._counts: dict[Idle, int] = {}

    def __repr__(self) -> str:
        return f"<IdleCounter {self._counts}>"

    def count(self, kind: Idle) -> None:
        """Note one more.

        Raises:
            FatalError: it is one too many.
        """
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count > kind.most:
            raise FatalError(Alert.UNEXPECTED_MESSAGE, f"more than {kind.most} {kind.plural} in a row")

    def reset(self) -> None:
        """Begin again: data, or a new message of the handshake, has come."""
        self._counts.clear()

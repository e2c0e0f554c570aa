"""The record layer: bytes from the peer become whole records in clear, content for the peer becomes records.

Source: RFC 2246 6.1 and 6.2.
"""

from collections.abc import Sequence

from emulator.tls.native.protection import ClearState, ReadState, WriteState
from emulator.tls.wire.alerts import Alert, AlertMessage, FatalError
from emulator.tls.wire.records import HEADER, MAX_PLAINTEXT, ContentType, RecordBuffer
from emulator.tls.wire.versions import ProtocolVersion, VersionRange


class RecordLayer:
    """Both directions of a connection, each with its current connection state (RFC 2246 6.1)."""

    def __init__(self, versions: VersionRange) -> None:
        self.read_state: ReadState = ClearState()
        self.write_state: WriteState = ClearState()
        self._version = versions.of_first_record.record_number
        self._incoming = RecordBuffer(versions)
        self._outgoing: list[bytes] = []

    def agree(self, version: ProtocolVersion) -> None:
        """Send and take records of this version only: both sides have agreed on it."""
        self._version = version.record_number
        self._incoming.agree(version)

    def receive(self, data: bytes) -> None:
        """Take bytes from the peer."""
        self._incoming.add(data)

    def next_content(self) -> tuple[ContentType, bytes] | None:
        """Return the type and plaintext of the next record, None while it is incomplete.

        Raises:
            FatalError: it is no record of this version, or not what the peer's connection state makes.
        """
        record = self._incoming.next_record()
        if record is None:
            return None
        content_type = record.content_type
        plaintext = self.read_state.open(content_type, record.fragment)
        if len(plaintext) > MAX_PLAINTEXT:
            raise FatalError(Alert.RECORD_OVERFLOW, f"a record of {len(plaintext)} bytes of plaintext")
        if not plaintext and content_type is not ContentType.APPLICATION_DATA:
            raise FatalError(Alert.DECODE_ERROR, f"an empty record of type {content_type.name.lower()}")
        return content_type, plaintext

    def send(self, content_type: ContentType, content: bytes) -> None:
        """Queue `content` in as many records as it takes."""
        pieces = [content[start : start + MAX_PLAINTEXT] for start in range(0, len(content), MAX_PLAINTEXT)]
        self.send_each(content_type, pieces)

    def send_each(self, content_type: ContentType, plaintexts: Sequence[bytes]) -> None:
        """Queue each of `plaintexts` as one record."""
        queue, header, version = self._outgoing.append, HEADER.pack, self._version
        for fragment in self.write_state.seal(content_type, plaintexts):
            queue(header(content_type, version, len(fragment)))
            queue(fragment)

    def send_alert(self, alert: AlertMessage) -> None:
        """Queue an alert."""
        self.send(ContentType.ALERT, alert.encode())

    def data_to_send(self) -> bytes:
        """Return everything queued since the last call."""
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

"""Read along the handshake messages of one direction, for an engine whose library does not show them.

Up to TLS 1.2, what comes before change_cipher_spec is in clear, and behind it the first handshake record is the
Finished. From TLS 1.3 on, what comes behind the hellos is opened by the secrets that the library tells for a key log.
"""

from collections.abc import Callable, Iterator

from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, MessageBuffer
from emulator.tls.wire.protection import ProtectedRecords
from emulator.tls.wire.records import ContentType, Record, RecordBuffer
from emulator.tls.wire.versions import ProtocolVersion


class HandshakeSniffer:
    """Reads along. `on_message` gets each message; a Finished in secret is one whose body is zeros.

    The only thing it refuses is what can't be read along: what is no record for `records`, a message longer than is
    taken, or a change_cipher_spec of no bytes, over which a library may pass without a change.
    """

    def __init__(
        self,
        records: RecordBuffer,
        on_message: Callable[[HandshakeMessage], None],
        on_change_cipher_spec: Callable[[], None],
    ) -> None:
        self._version: ProtocolVersion | None = None
        self._protected: ProtectedRecords | None = None
        self._on_message = on_message
        self._on_change_cipher_spec = on_change_cipher_spec
        self._records = records
        self._messages = MessageBuffer()
        self._passing = b""
        self.in_clear = True
        self.done = False

    def agree(self, version: ProtocolVersion) -> None:
        """Go by this version from now on: both sides have agreed on it."""
        self._version = version
        self._records.agree(version)

    def open_by(self, protected: ProtectedRecords) -> None:
        """Open the records that follow."""
        self._protected = protected
        self.done = False

    def read(self, data: bytes) -> Iterator[bytes]:
        """Yield what passes, record by record, each once it was looked at.

        Once there is nothing more to read, the rest passes as it is: behind the Finished, or the first data.

        Raises:
            FatalError: no record stands there, a handshake message is too long, or a change_cipher_spec is empty.
        """
        if not self.done:
            self._records.add(data)
            while not self.done and (record := self._records.next_record()) is not None:
                self._passing = record.encode()
                self._look_at(record)
                yield self._passing
                self._passing = b""
            data = self._records.take_rest() if self.done else b""
        if data:
            yield data

    def take_rest(self) -> bytes:
        """Return and drop what has not passed: the record at which `read` failed, and all behind it."""
        return self._passing + self._records.take_rest()

    def _look_at(self, record: Record) -> None:
        if record.content_type is ContentType.CHANGE_CIPHER_SPEC and not record.fragment:
            raise FatalError(Alert.DECODE_ERROR, "an empty change_cipher_spec")
        if self._version is not None and self._version.hides_handshake:
            self._look_into(record)
        elif record.content_type is ContentType.CHANGE_CIPHER_SPEC and self.in_clear:
            self.in_clear = False
            self._on_change_cipher_spec()
        elif record.content_type is ContentType.HANDSHAKE and not self.in_clear:
            self.done = True
            length = self._version.verify_data_length if self._version is not None else 0
            self._on_message(HandshakeMessage(HandshakeType.FINISHED, bytes(length)))
        elif record.content_type is ContentType.HANDSHAKE:
            self._take_messages(record.fragment)

    def _look_into(self, record: Record) -> None:
        """Take a record of TLS 1.3."""
        if record.content_type is ContentType.CHANGE_CIPHER_SPEC:
            self._on_change_cipher_spec()
        elif record.content_type is ContentType.HANDSHAKE:
            self._take_messages(record.fragment)
        elif record.content_type is ContentType.APPLICATION_DATA:
            self.in_clear = False
            opened = self._protected.open(record) if self._protected is not None else None
            if opened is not None and opened.content_type is ContentType.HANDSHAKE:
                self._take_messages(opened.fragment)
            elif opened is None or opened.content_type is ContentType.APPLICATION_DATA:
                self.done = True

    def _take_messages(self, fragment: bytes) -> None:
        self._messages.add(fragment)
        while (message := self._messages.next_message()) is not None:
            self._on_message(message)

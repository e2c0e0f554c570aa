"""Read along the handshake messages of one direction, for an engine whose library does not show them.

What comes before change_cipher_spec is in clear. Behind it the first handshake record is the Finished.
"""

from collections.abc import Callable

from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, MessageBuffer
from emulator.tls.wire.records import ContentType, Record, RecordBuffer
from emulator.tls.wire.versions import ProtocolVersion


class HandshakeSniffer:
    """Reads along. `on_message` gets each message in clear, and the Finished as a message whose body is zeros.

    The only thing it refuses is what can't be read along: what is no record for `records`, or a message longer than is
    taken.
    """

    def __init__(
        self,
        records: RecordBuffer,
        on_message: Callable[[HandshakeMessage], None],
        on_change_cipher_spec: Callable[[], None],
    ) -> None:
        self._version: ProtocolVersion | None = None
        self._on_message = on_message
        self._on_change_cipher_spec = on_change_cipher_spec
        self._records = records
        self._messages = MessageBuffer()
        self.in_clear = True
        self.done = False

    def agree(self, version: ProtocolVersion) -> None:
        """Go by this version from now on: both sides have agreed on it."""
        self._version = version
        self._records.agree(version)

    def feed(self, data: bytes) -> None:
        """Take what passes; nothing is looked at once the Finished has passed.

        Raises:
            FatalError: no record stands there, or a handshake message is too long.
        """
        if self.done:
            return
        self._records.add(data)
        while not self.done and (record := self._records.next_record()) is not None:
            self._look_at(record)

    def _look_at(self, record: Record) -> None:
        if record.content_type is ContentType.CHANGE_CIPHER_SPEC and self.in_clear:
            self.in_clear = False
            self._on_change_cipher_spec()
        elif record.content_type is ContentType.HANDSHAKE and not self.in_clear:
            self.done = True
            length = self._version.verify_data_length if self._version is not None else 0
            self._on_message(HandshakeMessage(HandshakeType.FINISHED, bytes(length)))
        elif record.content_type is ContentType.HANDSHAKE:
            self._messages.add(record.fragment)
            while (message := self._messages.next_message()) is not None:
                self._on_message(message)

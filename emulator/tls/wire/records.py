"""The record layer: bytes from the peer become whole records in clear, content for the peer becomes records.

Source: RFC 2246 6.2. There is no compression.
"""

from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from emulator.tls.client import FailureCause
from emulator.tls.native import VERSION
from emulator.tls.native.ciphers import ClearState, ReadState, WriteState
from emulator.tls.wire.alert_messages import AlertMessage, FatalError
from emulator.tls.wire.alerts import Alert

MAX_PLAINTEXT = 2**14
MAX_CIPHERTEXT = MAX_PLAINTEXT + 2048

_HEADER = Struct(">BHH")  # type, version, length of the fragment


class ContentType(IntEnum):
    """What a record carries."""

    CHANGE_CIPHER_SPEC = 20
    ALERT = 21
    HANDSHAKE = 22
    APPLICATION_DATA = 23


_CONTENT_TYPES = {int(content_type): content_type for content_type in ContentType}


class Record(NamedTuple):
    """One record."""

    content_type: ContentType
    fragment: bytes


class RecordBuffer:
    """Cuts a stream into records as they stand on the wire; between calls it holds less than one record."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._started = False

    def __repr__(self) -> str:
        return f"<RecordBuffer {len(self._buffer)} bytes>"

    def add(self, data: bytes) -> None:
        """Take bytes of the stream."""
        self._buffer += data

    def next_record(self) -> Record | None:
        """Take the next record out; None while it is not there as a whole.

        Raises:
            FatalError: what stands there is no TLS 1.0 record.
        """
        buffer = self._buffer
        if not buffer:
            return None
        content_type = self._content_type()
        if len(buffer) < _HEADER.size:
            return None
        _, version, length = _HEADER.unpack_from(buffer)
        if version != VERSION:
            self._check_version(content_type, version)
        if length > MAX_CIPHERTEXT:
            raise FatalError(Alert.RECORD_OVERFLOW, f"a record of {length} bytes, at most {MAX_CIPHERTEXT} are allowed")
        end = _HEADER.size + length
        if len(buffer) < end:
            return None
        fragment = bytes(memoryview(buffer)[_HEADER.size : end])
        del buffer[:end]
        self._started = True
        return Record(content_type, fragment)

    def _content_type(self) -> ContentType:
        number = self._buffer[0]
        content_type = _CONTENT_TYPES.get(number)
        if content_type is not None:
            return content_type
        if not self._started:
            raise _not_tls(f"the first byte is {number:#04x}")
        # RFC 2246 6 would have it ignored; TLS 1.2 ends the session, lest a peer keep us busy with nothing.
        raise FatalError(Alert.UNEXPECTED_MESSAGE, f"a record of unknown type {number}")

    def _check_version(self, content_type: ContentType, version: int) -> None:
        if not self._started:
            if version >> 8 != VERSION >> 8:
                raise _not_tls(f"the first record has the version {version:#06x}")
            if content_type is ContentType.ALERT:
                return  # a server that does not speak TLS 1.0 says so in a record of its own version
        raise FatalError(
            Alert.PROTOCOL_VERSION,
            f"a record of version {version:#06x} instead of {VERSION:#06x}",
            FailureCause.PROTOCOL_VERSION,
        )


def _not_tls(detail: str) -> FatalError:
    return FatalError(Alert.UNEXPECTED_MESSAGE, detail, FailureCause.NOT_TLS)


class RecordLayer:
    """Both directions of a connection, each with its current connection state (RFC 2246 6.1)."""

    def __init__(self) -> None:
        self.read_state: ReadState = ClearState()
        self.write_state: WriteState = ClearState()
        self._incoming = RecordBuffer()
        self._outgoing: list[bytes] = []

    def receive(self, data: bytes) -> None:
        """Take bytes from the peer."""
        self._incoming.add(data)

    def next_record(self) -> Record | None:
        """The next record, in clear; None while it is not there as a whole.

        Raises:
            FatalError: it is no TLS 1.0 record, or not what the peer's connection state makes.
        """
        record = self._incoming.next_record()
        if record is None:
            return None
        content_type, fragment = record
        plaintext = self.read_state.open(content_type, fragment)
        if len(plaintext) > MAX_PLAINTEXT:
            raise FatalError(Alert.RECORD_OVERFLOW, f"a record of {len(plaintext)} bytes of plaintext")
        if not plaintext and content_type is not ContentType.APPLICATION_DATA:
            raise FatalError(Alert.DECODE_ERROR, f"an empty record of type {content_type.name.lower()}")
        return Record(content_type, plaintext)

    def send(self, content_type: ContentType, content: bytes) -> None:
        """Queue `content` in as many records as it takes."""
        for start in range(0, len(content), MAX_PLAINTEXT):
            fragment = self.write_state.seal(content_type, content[start : start + MAX_PLAINTEXT])
            self._outgoing.append(_HEADER.pack(content_type, VERSION, len(fragment)) + fragment)

    def send_alert(self, alert: AlertMessage) -> None:
        """Queue an alert."""
        self.send(ContentType.ALERT, alert.encode())

    def data_to_send(self) -> bytes:
        """Everything queued since the last call."""
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

"""Framing of records, and their limits.

Source: RFC 2246 6.2. There is no compression.
"""

from collections.abc import Sequence
from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.failures import FailureCause
from emulator.tls.wire.versions import ProtocolVersion, VersionRange

MAX_PLAINTEXT = 2**14
MAX_CIPHERTEXT = MAX_PLAINTEXT + 2048

HEADER = Struct(">BHH")  # type, version, length of the fragment

MAJOR_VERSION = 3
"""The first byte of the version of every TLS, and of SSL 3.0."""


class ContentType(IntEnum):
    """What a record carries."""

    CHANGE_CIPHER_SPEC = 20
    ALERT = 21
    HANDSHAKE = 22
    APPLICATION_DATA = 23


_CONTENT_TYPES = {int(content_type): content_type for content_type in ContentType}


def require_fitting(packets: Sequence[bytes]) -> None:
    """Make sure that each packet fits into one record.

    Raises:
        ValueError: one is too long.
    """
    longest = max(map(len, packets), default=0)
    if longest > MAX_PLAINTEXT:
        raise ValueError(f"{longest} bytes do not fit into one record of {MAX_PLAINTEXT}")


class Record(NamedTuple):
    """One record."""

    content_type: ContentType
    version: int
    fragment: bytes

    def encode(self) -> bytes:
        """Return the record as it stands on the wire."""
        return HEADER.pack(self.content_type, self.version, len(self.fragment)) + self.fragment


class RecordBuffer:
    """Cuts a stream into records as they stand on the wire; between calls it holds less than one record."""

    def __init__(self, versions: VersionRange | None = None) -> None:
        """`versions` are those of a record until `agree` says which it is; without any, each may have its own."""
        self._versions = versions
        self._numbers = versions.record_numbers if versions is not None else frozenset[int]()
        self._buffer = bytearray()
        self._started = False

    def __repr__(self) -> str:
        return f"<RecordBuffer {len(self._buffer)} bytes>"

    def __len__(self) -> int:
        return len(self._buffer)

    def add(self, data: bytes) -> None:
        """Take bytes of the stream."""
        self._buffer += data

    def agree(self, version: ProtocolVersion) -> None:
        """Take records of this version only: both sides have agreed on it."""
        self._versions = version.alone
        self._numbers = self._versions.record_numbers

    def next_record(self) -> Record | None:
        """Return the next record, None while it is incomplete.

        Raises:
            FatalError: what stands there is no TLS record, or one of another version.
        """
        buffer = self._buffer
        if not buffer:
            return None
        content_type = self._content_type()
        if len(buffer) < HEADER.size:
            return None
        _, version, length = HEADER.unpack_from(buffer)
        if self._versions is not None and version not in self._numbers:
            self._check_version(content_type, version, self._versions)
        if length > MAX_CIPHERTEXT:
            raise FatalError(Alert.RECORD_OVERFLOW, f"a record of {length} bytes, at most {MAX_CIPHERTEXT} are allowed")
        end = HEADER.size + length
        if len(buffer) < end:
            return None
        fragment = bytes(memoryview(buffer)[HEADER.size : end])
        del buffer[:end]
        self._started = True
        return Record(content_type, version, fragment)

    def take_rest(self) -> bytes:
        """Return and drop everything that is not cut into records."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def _content_type(self) -> ContentType:
        number = self._buffer[0]
        content_type = _CONTENT_TYPES.get(number)
        if content_type is not None:
            return content_type
        if not self._started:
            raise _not_tls(f"the first byte is {number:#04x}")
        # RFC 2246 6 would have it ignored; TLS 1.2 ends the session, lest a peer keep us busy with nothing.
        raise FatalError(Alert.UNEXPECTED_MESSAGE, f"a record of unknown type {number}")

    def _check_version(self, content_type: ContentType, version: int, expected: VersionRange) -> None:
        if not self._started:
            if version >> 8 != MAJOR_VERSION:
                raise _not_tls(f"the first record has the version {version:#06x}")
            if content_type is ContentType.ALERT:
                return  # a server that does not speak our version says so in a record of its own
        raise FatalError(
            Alert.PROTOCOL_VERSION,
            f"a record of version {version:#06x} instead of {_numbers(expected)}",
            FailureCause.PROTOCOL_VERSION,
        )


def _numbers(versions: VersionRange) -> str:
    return " or ".join(dict.fromkeys(f"{version.record_number:#06x}" for version in versions))


def _not_tls(detail: str) -> FatalError:
    return FatalError(Alert.UNEXPECTED_MESSAGE, detail, FailureCause.NOT_TLS)

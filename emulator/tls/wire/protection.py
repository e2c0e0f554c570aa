"""Protected records of TLS 1.3, opened and sealed by a traffic secret of the key log.

Source: RFC 8446 5.2 (protection), 5.3 (nonce), 7.1 (HKDF-Expand-Label), 7.3 (keys).
"""

import hmac
from itertools import count
from typing import TYPE_CHECKING, Protocol

from emulator.tls.wire.records import HEADER, ContentType, Record
from emulator.tls.wire.suites import CipherSuite

if TYPE_CHECKING:
    from collections.abc import Callable

NONCE_LENGTH = 12


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


def expand_label(secret: bytes, label: bytes, length: int, digest: str) -> bytes:
    """Return `length` bytes made of a secret for the purpose `label`, without a context."""
    name = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name + b"\x00"
    output = block = b""
    for number in count(1):  # HKDF-Expand (RFC 5869 2.3)
        if len(output) >= length:
            break
        block = hmac.digest(secret, block + info + bytes([number]), digest)
        output += block
    return output[:length]


class ProtectedRecords:
    """Opens or seals the records of one direction, each once and in order, from the first under its secret on."""

    def __init__(self, suite: CipherSuite, secret: bytes) -> None:
        key = expand_label(secret, b"key", suite.cipher.key_length, suite.digest)
        self._iv = int.from_bytes(expand_label(secret, b"iv", NONCE_LENGTH, suite.digest), "big")
        self._aead = _AEADS[suite.cipher.name](key, suite.cipher.tag_length)
        self._tag_length = suite.cipher.tag_length
        self._count = 0

    def seal(self, record: Record) -> Record:
        """Return the record that protects this one."""
        content = record.fragment + bytes([record.content_type])
        header = self._header(record.version, len(content) + self._tag_length)
        return Record(ContentType.APPLICATION_DATA, record.version, self._aead.encrypt(self._nonce(), content, header))

    def open(self, record: Record) -> Record | None:
        """Return the record that was protected in this one; None where it was made with another key, or is no such."""
        from cryptography.exceptions import InvalidTag

        if record.content_type is not ContentType.APPLICATION_DATA:
            return None
        header = self._header(record.version, len(record.fragment))
        try:
            content = self._aead.decrypt(self._nonce(), record.fragment, header).rstrip(b"\x00")
        except (InvalidTag, ValueError):  # what is shorter than a tag
            return None
        types = {int(content_type): content_type for content_type in ContentType}
        inner = types.get(content[-1]) if content else None
        return Record(inner, record.version, content[:-1]) if inner is not None else None

    def _nonce(self) -> bytes:
        nonce = (self._iv ^ self._count).to_bytes(NONCE_LENGTH, "big")
        self._count += 1
        return nonce

    @staticmethod
    def _header(version: int, length: int) -> bytes:
        return HEADER.pack(ContentType.APPLICATION_DATA, version, length)


def _gcm(key: bytes, tag_length: int) -> _Aead:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _ccm(key: bytes, tag_length: int) -> _Aead:
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM

    return AESCCM(key, tag_length)


def _chacha(key: bytes, tag_length: int) -> _Aead:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


_AEADS: "dict[str, Callable[[bytes, int], _Aead]]" = {"AES-GCM": _gcm, "AES-CCM": _ccm, "CHACHA20-POLY1305": _chacha}
"""By the name of the cipher."""

"""How a record's content is protected: MAC, then padding, then the bulk cipher; one state for each direction.

Source: RFC 2246 6.1 (connection states), 6.2.3; RFC 3268 for AES. The primitives are OpenSSL's, through `cryptography`.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import MD5, SHA1, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from emulator.tls.client import FailureCause
from emulator.tls.native import VERSION
from emulator.tls.wire.alert_messages import FatalError
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.keys import DirectionKeys
from emulator.tls.wire.suites import CipherSuite

_MAC_HEADER = Struct(">QBHH")  # sequence number, type, version, length (RFC 2246 6.2.3.1)

Transform = Callable[[bytes], bytes]


class WriteState(Protocol):
    """Protects what is sent, record after record."""

    def seal(self, content_type: int, plaintext: bytes) -> bytes:
        """The fragment of the next record."""


class ReadState(Protocol):
    """Undoes the peer's protection, record after record."""

    def open(self, content_type: int, fragment: bytes) -> bytes:
        """The plaintext of the next record.

        Raises:
            FatalError: the peer's write state cannot have made this fragment.
        """


class ClearState:
    """Both states before the first change_cipher_spec: nothing is protected."""

    def seal(self, content_type: int, plaintext: bytes) -> bytes:
        return plaintext

    def open(self, content_type: int, fragment: bytes) -> bytes:
        return fragment


class Authenticator:
    """The MAC of one direction, record after record (RFC 2246 6.2.3.1)."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys) -> None:
        self._keyed = HMAC(keys.mac_secret, bulk.digest)  # copied for each record, which saves hashing the key again
        self._sequence = 0

    def __call__(self, content_type: int, plaintext: bytes) -> bytes:
        mac = self._keyed.copy()
        mac.update(_MAC_HEADER.pack(self._sequence, content_type, VERSION, len(plaintext)))
        mac.update(plaintext)
        self._sequence += 1
        return mac.finalize()


class ProtectedWriteState:
    """MAC, padding and cipher of what we send."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys) -> None:
        self._authenticate = Authenticator(bulk, keys)
        self._padding = bulk.padding
        self._encrypt = bulk.encryptor(keys)

    def seal(self, content_type: int, plaintext: bytes) -> bytes:
        content = plaintext + self._authenticate(content_type, plaintext)
        return self._encrypt(content + self._padding[len(content) % len(self._padding)])


class ProtectedReadState:
    """Cipher, padding and MAC of what the peer sends."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys) -> None:
        self._authenticate = Authenticator(bulk, keys)
        self._mac_length = bulk.mac_length
        self._padding = bulk.padding
        self._decrypt = bulk.decryptor(keys)

    def open(self, content_type: int, fragment: bytes) -> bytes:
        if len(fragment) % len(self._padding):
            raise _bad_record(f"{len(fragment)} bytes are no whole number of cipher blocks")
        content = self._decrypt(fragment)
        # The MAC is computed whatever the padding says, and both faults look alike: whoever sees which one it was
        # can decrypt by asking. Python cannot make them take the same time to the last microsecond; nothing here
        # depends on it, since a session ends with its first bad record.
        end, padded_well = self._without_padding(content)
        start = max(0, end - self._mac_length)
        plaintext = content[:start]
        expected = self._authenticate(content_type, plaintext)
        if not hmac.compare_digest(expected, content[start:end]) or not padded_well:
            raise _bad_record("its MAC or its padding is wrong")
        return plaintext

    def _without_padding(self, content: bytes) -> tuple[int, bool]:
        """Where the padding begins, and whether it is right; wrong padding is taken for none."""
        if len(self._padding) == 1:
            return len(content), True
        if not content:
            return 0, False
        length = content[-1] + 1  # every padding byte, the last one too, tells how many come before the last
        right = length <= len(content) and content.endswith(content[-1:] * length)
        return len(content) - (length if right else 0), right


def _bad_record(what: str) -> FatalError:
    return FatalError(Alert.BAD_RECORD_MAC, f"a record cannot be opened: {what}", FailureCause.BAD_RECORD_MAC)


@dataclass(frozen=True)
class BulkCipher:
    """What a suite makes of the key block."""

    digest: HashAlgorithm
    mac_length: int
    """Bytes; the MAC secret is as long."""
    key_length: int
    iv_length: int
    padding: tuple[bytes, ...]
    """By how many bytes stand beyond the last whole block, what fills them up; as many entries as a block has bytes."""
    encryptor: Callable[[DirectionKeys], Transform]
    decryptor: Callable[[DirectionKeys], Transform]

    @property
    def sizes(self) -> tuple[int, int, int]:
        """What the key block is cut into: MAC secret, key and IV, in bytes."""
        return self.mac_length, self.key_length, self.iv_length


def _nothing(_: DirectionKeys) -> Transform:
    return bytes


def _rc4(keys: DirectionKeys) -> Transform:
    return Cipher(ARC4(keys.key), mode=None).encryptor().update


# One context lives as long as the session: in TLS 1.0 the last block of a record is the IV of the next one.
def _aes_encryptor(keys: DirectionKeys) -> Transform:
    return Cipher(AES(keys.key), CBC(keys.iv)).encryptor().update


def _aes_decryptor(keys: DirectionKeys) -> Transform:
    return Cipher(AES(keys.key), CBC(keys.iv)).decryptor().update


_UNPADDED = (b"",)
_AES_PADDING = tuple(bytes([missing - 1]) * missing for missing in range(16, 0, -1))

BULK_CIPHERS = {
    CipherSuite.TLS_RSA_WITH_NULL_SHA: BulkCipher(SHA1(), 20, 0, 0, _UNPADDED, _nothing, _nothing),
    CipherSuite.TLS_RSA_WITH_RC4_128_MD5: BulkCipher(MD5(), 16, 16, 0, _UNPADDED, _rc4, _rc4),
    CipherSuite.TLS_RSA_WITH_RC4_128_SHA: BulkCipher(SHA1(), 20, 16, 0, _UNPADDED, _rc4, _rc4),
    CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA: BulkCipher(
        SHA1(), 20, 16, 16, _AES_PADDING, _aes_encryptor, _aes_decryptor
    ),
    CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA: BulkCipher(
        SHA1(), 20, 32, 16, _AES_PADDING, _aes_encryptor, _aes_decryptor
    ),
}

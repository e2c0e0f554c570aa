"""Protection of records: MAC, then padding, then the bulk cipher; one state for each direction.

Source: RFC 2246 6.1 (connection states), 6.2.3; RFC 4346 6.2.3.2 for explicit IVs; RFC 3268 for AES. The primitives are
OpenSSL's, through `cryptography`.
"""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from operator import add
from struct import Struct

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA224, SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from emulator.tls.wire import suites
from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.failures import FailureCause
from emulator.tls.wire.keys import DirectionKeys
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import IvRule, ProtocolVersion

RECORD_HEADER = Struct(">QBHH")  # sequence number, type, version, length (RFC 2246 6.2.3.1)
"""What a MAC proves beside the content."""

HASHES: dict[str, HashAlgorithm] = {
    "md5": MD5(),
    "sha1": SHA1(),
    "sha224": SHA224(),
    "sha256": SHA256(),
    "sha384": SHA384(),
    "sha512": SHA512(),
}
"""Digests by the names that suites and versions use."""

Transform = Callable[[bytes], bytes]


class Authenticator:
    """Computes the MAC of one direction, record after record (RFC 2246 6.2.3.1)."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys) -> None:
        self._keyed = HMAC(
            keys.mac_secret, HASHES[bulk.suite.mac.digest]
        )  # copied for each record, which saves hashing the key again
        self._version = bulk.version.record_number
        self._sequence = 0

    def __call__(self, content_type: int, plaintexts: Sequence[bytes]) -> list[bytes]:
        """Return the MACs of the next records, one for each plaintext."""
        keyed, header, version = self._keyed.copy, RECORD_HEADER.pack, self._version
        macs = []
        for sequence, plaintext in enumerate(plaintexts, self._sequence):
            mac = keyed()
            mac.update(header(sequence, content_type, version, len(plaintext)) + plaintext)
            macs.append(mac.finalize())
        self._sequence += len(plaintexts)
        return macs


class Encryptor:
    """Pads and encrypts what we send, many records in one call: each continues the cipher where the last one ended."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> None:
        self._padding = bulk.padding
        self._encrypt = bulk.encryptor(keys)
        self._explicit_iv = bulk.explicit_iv_length
        self._random_bytes = random_bytes

    def __call__(self, contents: Sequence[bytes]) -> list[bytes]:
        padding, block_length = self._padding, len(self._padding)
        ivs = self._ivs(len(contents))
        padded = [
            iv + content + padding[len(content) % block_length] for iv, content in zip(ivs, contents, strict=True)
        ]
        return cut(self._encrypt(b"".join(padded)), map(len, padded))

    def _ivs(self, count: int) -> list[bytes]:
        length = self._explicit_iv
        return cut(self._random_bytes(count * length), [length] * count)


def cut(data: bytes, lengths: Iterable[int]) -> list[bytes]:
    """Return the pieces of `data`, of these lengths."""
    ends = accumulate(lengths, initial=0)
    return [data[start:end] for start, end in pairwise(ends)]


class ProtectedWriteState:
    """Protects what we send: MAC, padding and cipher."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> None:
        self._authenticate = Authenticator(bulk, keys)
        self._encrypt_all = Encryptor(bulk, keys, random_bytes)

    def seal(self, content_type: int, plaintexts: Sequence[bytes]) -> list[bytes]:
        return self._encrypt_all(list(map(add, plaintexts, self._authenticate(content_type, plaintexts))))


class ProtectedReadState:
    """Opens what the peer sends: cipher, padding and MAC."""

    def __init__(self, bulk: "BulkCipher", keys: DirectionKeys) -> None:
        self._authenticate = Authenticator(bulk, keys)
        self._mac_length = bulk.suite.mac.length
        self._block_length = len(bulk.padding)
        self._padded = self._block_length > 1
        self._decrypt = bulk.decryptor(keys)
        self._explicit_iv = bulk.explicit_iv_length

    def open(self, content_type: int, fragment: bytes) -> bytes:
        if len(fragment) % self._block_length:
            raise bad_record(f"{len(fragment)} bytes are no whole number of cipher blocks")
        content = self._decrypt(fragment)[self._explicit_iv :]
        # The MAC is computed whatever the padding says, and both faults look alike: whoever sees which one it was
        # can decrypt by asking. Python cannot make them take the same time to the last microsecond; nothing here
        # depends on it, since a session ends with its first bad record.
        end, padded_well = padding_start(content) if self._padded else (len(content), True)
        start = max(0, end - self._mac_length)
        plaintext = content[:start]
        (expected,) = self._authenticate(content_type, [plaintext])
        if not hmac.compare_digest(expected, content[start:end]) or not padded_well:
            raise bad_record("its MAC or its padding is wrong")
        return plaintext


def padding_start(content: bytes) -> tuple[int, bool]:
    """Return where the padding begins and whether it is right; wrong padding counts as none."""
    if not content:
        return 0, False
    length = content[-1] + 1  # every padding byte, the last one too, tells how many come before the last
    right = length <= len(content) and content.endswith(content[-1:] * length)
    return len(content) - (length if right else 0), right


def bad_record(what: str) -> FatalError:
    """Return the error of a record that the peer cannot have made; whatever is wrong, the alert is the same."""
    return FatalError(Alert.BAD_RECORD_MAC, f"a record cannot be opened: {what}", FailureCause.BAD_RECORD_MAC)


@dataclass(frozen=True)
class BulkCipher:
    """The record protection of a suite in one version."""

    suite: CipherSuite
    version: ProtocolVersion
    padding: tuple[bytes, ...]
    """Padding by the number of bytes beyond the last whole block; one entry for each byte of a block."""
    encryptor: Callable[[DirectionKeys], Transform]
    decryptor: Callable[[DirectionKeys], Transform]

    @property
    def explicit_iv_length(self) -> int:
        """Return the length of the IV in front of each record."""
        return self.suite.cipher.iv_length if self.version.iv is IvRule.EXPLICIT else 0

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Return the lengths of MAC secret, key and first IV in the key block, in bytes."""
        cipher = self.suite.cipher
        return self.suite.mac.length, cipher.key_length, cipher.iv_length - self.explicit_iv_length

    def write_state(self, keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> ProtectedWriteState:
        """Return the state of what we send."""
        return ProtectedWriteState(self, keys, random_bytes)

    def read_state(self, keys: DirectionKeys) -> ProtectedReadState:
        """Return the state of what the peer sends."""
        return ProtectedReadState(self, keys)


def _nothing(_: DirectionKeys) -> Transform:
    return bytes


def _rc4(keys: DirectionKeys) -> Transform:
    return Cipher(ARC4(keys.key), mode=None).encryptor().update


# One context lives as long as the session: in TLS 1.0 the last block of a record is the IV of the next one. An explicit
# IV may be encrypted like that, too, as a first block that the receiver drops; the mask of the very first one is zero
# (RFC 4346 6.2.3.2, (2)).
def _aes_encryptor(keys: DirectionKeys) -> Transform:
    return Cipher(AES(keys.key), CBC(keys.iv or bytes(16))).encryptor().update


def _aes_decryptor(keys: DirectionKeys) -> Transform:
    return Cipher(AES(keys.key), CBC(keys.iv or bytes(16))).decryptor().update


_ALGORITHMS = {
    "NULL": (_nothing, _nothing),
    "RC4": (_rc4, _rc4),
    "AES": (_aes_encryptor, _aes_decryptor),
}
"""Encryption and decryption of each cipher, by its name in the table of suites."""


@cache
def bulk_cipher(suite: CipherSuite, version: ProtocolVersion) -> BulkCipher:
    """Return the record protection of `suite` in `version`."""
    return BulkCipher(suite, version, _padding(suite.cipher.block_length), *_ALGORITHMS[suite.cipher.name])


def _padding(block_length: int) -> tuple[bytes, ...]:
    """Return the padding of each length; each of its bytes is the length less one (RFC 2246 6.2.3.2)."""
    if block_length == 1:
        return (b"",)
    return tuple(bytes([missing - 1]) * missing for missing in range(block_length, 0, -1))


@cache
def bulk_works(cipher: suites.Cipher) -> bool:
    """Return whether this `cryptography` has the cipher."""
    if cipher.name not in _ALGORITHMS:
        return False
    try:
        _ALGORITHMS[cipher.name][0](DirectionKeys(b"", bytes(cipher.key_length), bytes(cipher.iv_length)))
    except UnsupportedAlgorithm:
        return False
    return True

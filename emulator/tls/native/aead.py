"""Protection of records by a cipher that proves them itself: AES in GCM.

Source: RFC 5246 6.2.3.3, RFC 5288 3.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from emulator.tls.native.ciphers import RECORD_HEADER, bad_record
from emulator.tls.wire import suites
from emulator.tls.wire.keys import DirectionKeys
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import ProtocolVersion

_EXPLICIT_NONCE = 8
"""Bytes of the nonce that stand in front of each record."""
_ALGORITHMS = {"AES-GCM": AESGCM}


@dataclass(frozen=True)
class AeadCipher:
    """The record protection of a suite with such a cipher."""

    suite: CipherSuite
    version: ProtocolVersion

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Return the lengths of MAC secret, key and salt in the key block, in bytes."""
        cipher = self.suite.cipher
        return 0, cipher.key_length, cipher.salt_length

    def write_state(self, keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> "AeadWriteState":
        """Return the state of what we send; nothing in it is random."""
        return AeadWriteState(self, keys)

    def read_state(self, keys: DirectionKeys) -> "AeadReadState":
        """Return the state of what the peer sends."""
        return AeadReadState(self, keys)


class AeadWriteState:
    """Protects what we send; the explicit nonce is the number of the record, so that none comes twice (RFC 5288 3)."""

    def __init__(self, cipher: AeadCipher, keys: DirectionKeys) -> None:
        self._cipher = _ALGORITHMS[cipher.suite.cipher.name](keys.key)
        self._salt = keys.iv
        self._version = cipher.version.record_number
        self._sequence = 0

    def seal(self, content_type: int, plaintexts: Sequence[bytes]) -> list[bytes]:
        encrypt, salt, header, version = self._cipher.encrypt, self._salt, RECORD_HEADER.pack, self._version
        fragments = []
        for sequence, plaintext in enumerate(plaintexts, self._sequence):
            nonce = sequence.to_bytes(_EXPLICIT_NONCE, "big")
            proved = header(sequence, content_type, version, len(plaintext))
            fragments.append(nonce + encrypt(salt + nonce, plaintext, proved))
        self._sequence += len(plaintexts)
        return fragments


class AeadReadState:
    """Opens what the peer sends; a record that is too short and one that is not proved look alike."""

    def __init__(self, cipher: AeadCipher, keys: DirectionKeys) -> None:
        self._cipher = _ALGORITHMS[cipher.suite.cipher.name](keys.key)
        self._salt = keys.iv
        self._version = cipher.version.record_number
        self._overhead = _EXPLICIT_NONCE + cipher.suite.cipher.tag_length
        self._sequence = 0

    def open(self, content_type: int, fragment: bytes) -> bytes:
        length = len(fragment) - self._overhead
        if length < 0:
            raise bad_record(f"{len(fragment)} bytes are too few for nonce and tag")
        header = RECORD_HEADER.pack(self._sequence, content_type, self._version, length)
        self._sequence += 1
        nonce, sealed = fragment[:_EXPLICIT_NONCE], fragment[_EXPLICIT_NONCE:]
        try:
            return self._cipher.decrypt(self._salt + nonce, sealed, header)
        except InvalidTag:
            raise bad_record("its tag is wrong") from None


def aead_works(cipher: suites.Cipher) -> bool:
    """Return whether the engine has this cipher."""
    return cipher.name in _ALGORITHMS

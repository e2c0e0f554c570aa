"""The protection of records: what a suite makes of the keys of each direction.

Source: RFC 2246 6.1 (connection states).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from emulator.tls.decisions import Agreement
from emulator.tls.native.aead import AeadCipher, aead_works
from emulator.tls.native.ciphers import bulk_cipher, bulk_works
from emulator.tls.native.encrypt_then_mac import EncryptThenMac
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.keys import DirectionKeys
from emulator.tls.wire.suites import CipherSuite, KeyExchange


class WriteState(Protocol):
    """Protects what is sent, record after record."""

    def seal(self, content_type: int, plaintexts: Sequence[bytes]) -> Sequence[bytes]:
        """Return the fragments of the next records, one for each plaintext."""


class ReadState(Protocol):
    """Opens what the peer has protected, record after record."""

    def open(self, content_type: int, fragment: bytes) -> bytes:
        """Return the plaintext of the next record.

        Raises:
            FatalError: the peer's write state cannot have made this fragment.
        """


class ClearState:
    """Both states before the first change_cipher_spec: nothing is protected."""

    def seal(self, content_type: int, plaintexts: Sequence[bytes]) -> Sequence[bytes]:
        return plaintexts

    def open(self, content_type: int, fragment: bytes) -> bytes:
        return fragment


class Protection(Protocol):
    """The protection of records that both sides have agreed on."""

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Return the lengths of MAC secret, key and IV in the key block, in bytes."""

    def write_state(self, keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> WriteState:
        """Return the state of what we send."""

    def read_state(self, keys: DirectionKeys) -> ReadState:
        """Return the state of what the peer sends."""


def protection(agreed: Agreement) -> Protection:
    """Return the protection of records of a session."""
    if agreed.suite.cipher.tag_length:
        return AeadCipher(agreed.suite, agreed.version)
    bulk = bulk_cipher(agreed.suite, agreed.version)
    return EncryptThenMac(bulk) if Extension.ENCRYPT_THEN_MAC in agreed.answered else bulk


def available(suite: CipherSuite) -> bool:
    """Return whether the engine has the suite's key exchange, digest and cipher.

    `cryptography` has no RC4 where OpenSSL's legacy provider is switched off.
    """
    if suite.key_exchange is not KeyExchange.RSA:
        return False
    return aead_works(suite.cipher) if suite.cipher.tag_length else bulk_works(suite.cipher)

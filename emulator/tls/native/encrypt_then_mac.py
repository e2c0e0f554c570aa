"""Protection of records whose MAC is over the ciphertext, where both sides have agreed on `encrypt_then_mac`.

Source: RFC 7366 3. Nothing is decrypted before it is proved, so that no fault of the padding can be told apart.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add

from emulator.tls.native.ciphers import Authenticator, BulkCipher, Encryptor, bad_record, padding_start
from emulator.tls.wire.keys import DirectionKeys


@dataclass(frozen=True)
class EncryptThenMac:
    """The record protection of a block cipher, MAC outermost."""

    bulk: BulkCipher

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Return the lengths of MAC secret, key and IV in the key block, in bytes."""
        return self.bulk.sizes

    def write_state(self, keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> "OuterMacWriteState":
        """Return the state of what we send."""
        return OuterMacWriteState(self.bulk, keys, random_bytes)

    def read_state(self, keys: DirectionKeys) -> "OuterMacReadState":
        """Return the state of what the peer sends."""
        return OuterMacReadState(self.bulk, keys)


class OuterMacWriteState:
    """Protects what we send: padding, cipher and MAC."""

    def __init__(self, bulk: BulkCipher, keys: DirectionKeys, random_bytes: Callable[[int], bytes]) -> None:
        self._authenticate = Authenticator(bulk, keys)
        self._encrypt_all = Encryptor(bulk, keys, random_bytes)

    def seal(self, content_type: int, plaintexts: Sequence[bytes]) -> list[bytes]:
        sealed = self._encrypt_all(plaintexts)
        return list(map(add, sealed, self._authenticate(content_type, sealed)))


class OuterMacReadState:
    """Opens what the peer sends: MAC, cipher and padding."""

    def __init__(self, bulk: BulkCipher, keys: DirectionKeys) -> None:
        self._authenticate = Authenticator(bulk, keys)
        self._mac_length = bulk.suite.mac.length
        self._block_length = len(bulk.padding)
        self._decrypt = bulk.decryptor(keys)
        self._explicit_iv = bulk.explicit_iv_length

    def open(self, content_type: int, fragment: bytes) -> bytes:
        end = max(0, len(fragment) - self._mac_length)
        sealed, mac = fragment[:end], fragment[end:]
        (expected,) = self._authenticate(content_type, [sealed])
        if not hmac.compare_digest(expected, mac) or end % self._block_length:
            raise bad_record("its MAC is wrong")
        content = self._decrypt(sealed)[self._explicit_iv :]
        start, padded_well = padding_start(content)
        if not padded_well:
            raise bad_record("its padding is wrong")
        return content[:start]

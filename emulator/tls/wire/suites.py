"""The table of cipher suites: one entry says everything about a suite."""

from enum import unique

import msgspec

from emulator.states import Symbol
from emulator.tls.wire.keys import Prf
from emulator.tls.wire.versions import SSL_3_0, TLS_1_0, TLS_1_2, TLS_1_3, ProtocolVersion, VersionRange


class KeyUse(Symbol):
    """What a key exchange has the server's key do, as a certificate may allow it (RFC 5280 4.2.1.3)."""

    ENCRYPTS = "encryption (keyEncipherment, RFC 2246 7.4.2)"
    SIGNS = "signatures (digitalSignature, RFC 8422 2)"

    @property
    def attribute(self) -> str:
        """The name of the use in the class of `cryptography`."""
        return "key_encipherment" if self is KeyUse.ENCRYPTS else "digital_signature"


class KeyExchange(Symbol):
    """Key exchange: the way to a secret that both sides share, and the key that proves the server."""

    RSA = "RSA"
    """The premaster secret, encrypted for the key in the server's certificate (RFC 2246 7.4.7.1)."""
    DHE_RSA = "DHE_RSA"
    """Diffie-Hellman with a new key for each session, signed by the server's RSA key (RFC 2246 7.4.3)."""
    ECDHE_RSA = "ECDHE_RSA"
    """The same with an elliptic curve (RFC 8422 2.2)."""
    ECDHE_ECDSA = "ECDHE_ECDSA"
    """The same, signed by an ECDSA key (RFC 8422 2.1)."""
    NEGOTIATED = "negotiated"
    """That of TLS 1.3: extensions agree on group and signature (RFC 8446 4.1.1)."""

    @property
    def key_use(self) -> KeyUse:
        """What the server's key has to do."""
        return KeyUse.ENCRYPTS if self is KeyExchange.RSA else KeyUse.SIGNS


class Cipher(msgspec.Struct, frozen=True):
    """A bulk cipher; lengths are in bytes (RFC 2246 C)."""

    name: str
    """The algorithm, without its key length."""
    key_length: int
    block_length: int = 1
    """1 marks a stream cipher; a block cipher runs in CBC mode, and its IV is a block long."""
    salt_length: int = 0
    """The part of an AEAD cipher's nonce that comes out of the key block (RFC 5288 3)."""
    tag_length: int = 0
    """What an AEAD cipher adds to prove a record; 0 where a MAC does that."""

    @property
    def iv_length(self) -> int:
        """The length of an initialization vector; a stream cipher has none."""
        return self.block_length if self.block_length > 1 else 0


class Mac(msgspec.Struct, frozen=True):
    """A record's MAC: HMAC with this digest (RFC 2246 6.2.3.1)."""

    digest: str
    length: int
    """Bytes of the MAC, and of its secret."""


NULL = Cipher("NULL", 0)
RC4_128 = Cipher("RC4", 16)
AES_128_CBC = Cipher("AES", 16, 16)
AES_256_CBC = Cipher("AES", 32, 16)
AES_128_GCM = Cipher("AES-GCM", 16, salt_length=4, tag_length=16)
AES_256_GCM = Cipher("AES-GCM", 32, salt_length=4, tag_length=16)
AES_128_CCM = Cipher("AES-CCM", 16, salt_length=4, tag_length=16)
AES_128_CCM_8 = Cipher("AES-CCM", 16, salt_length=4, tag_length=8)
CHACHA = Cipher("CHACHA20-POLY1305", 32, salt_length=12, tag_length=16)

MD5 = Mac("md5", 16)
SHA = Mac("sha1", 20)
SHA256 = Mac("sha256", 32)
SHA384 = Mac("sha384", 48)
AEAD = Mac("AEAD", 0)
"""No MAC: the cipher itself proves the record (RFC 5246 6.2.3.3)."""

_RSA, _DHE, _ANY = KeyExchange.RSA, KeyExchange.DHE_RSA, KeyExchange.NEGOTIATED
_ECDHE, _ECDSA = KeyExchange.ECDHE_RSA, KeyExchange.ECDHE_ECDSA

_OLD = VersionRange(SSL_3_0, TLS_1_2)
_CURVES = VersionRange(TLS_1_0, TLS_1_2)
"""A hello of SSL 3.0 has no extension to name a curve in."""
_1_2 = TLS_1_2.alone
_1_3 = TLS_1_3.alone


@unique
class CipherSuite(Symbol):
    """A cipher suite: the name is IANA's; then number on the wire, OpenSSL's name, key exchange, cipher and MAC.

    Last come the versions that have it.

    Source: RFC 2246 A.5, RFC 3268 for AES, RFC 5246 A.5 for SHA-256, RFC 5288 for RSA and DHE with GCM, RFC 8422 6 and
    RFC 5289 for elliptic curves, RFC 7905 for ChaCha20, RFC 8446 B.4 for TLS 1.3; guide 2.2.1.
    """

    TLS_RSA_WITH_NULL_SHA = 0x0002, "NULL-SHA", _RSA, NULL, SHA
    TLS_RSA_WITH_RC4_128_MD5 = 0x0004, "RC4-MD5", _RSA, RC4_128, MD5
    TLS_RSA_WITH_RC4_128_SHA = 0x0005, "RC4-SHA", _RSA, RC4_128, SHA
    TLS_RSA_WITH_AES_128_CBC_SHA = 0x002F, "AES128-SHA", _RSA, AES_128_CBC, SHA
    TLS_RSA_WITH_AES_256_CBC_SHA = 0x0035, "AES256-SHA", _RSA, AES_256_CBC, SHA
    TLS_RSA_WITH_AES_128_CBC_SHA256 = 0x003C, "AES128-SHA256", _RSA, AES_128_CBC, SHA256, _1_2
    TLS_RSA_WITH_AES_256_CBC_SHA256 = 0x003D, "AES256-SHA256", _RSA, AES_256_CBC, SHA256, _1_2
    TLS_RSA_WITH_AES_128_GCM_SHA256 = 0x009C, "AES128-GCM-SHA256", _RSA, AES_128_GCM, AEAD, _1_2
    TLS_RSA_WITH_AES_256_GCM_SHA384 = 0x009D, "AES256-GCM-SHA384", _RSA, AES_256_GCM, AEAD, _1_2

    TLS_DHE_RSA_WITH_AES_128_CBC_SHA = 0x0033, "DHE-RSA-AES128-SHA", _DHE, AES_128_CBC, SHA
    TLS_DHE_RSA_WITH_AES_256_CBC_SHA = 0x0039, "DHE-RSA-AES256-SHA", _DHE, AES_256_CBC, SHA
    TLS_DHE_RSA_WITH_AES_128_CBC_SHA256 = 0x0067, "DHE-RSA-AES128-SHA256", _DHE, AES_128_CBC, SHA256, _1_2
    TLS_DHE_RSA_WITH_AES_256_CBC_SHA256 = 0x006B, "DHE-RSA-AES256-SHA256", _DHE, AES_256_CBC, SHA256, _1_2
    TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 = 0x009E, "DHE-RSA-AES128-GCM-SHA256", _DHE, AES_128_GCM, AEAD, _1_2
    TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 = 0x009F, "DHE-RSA-AES256-GCM-SHA384", _DHE, AES_256_GCM, AEAD, _1_2
    TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 = 0xCCAA, "DHE-RSA-CHACHA20-POLY1305", _DHE, CHACHA, AEAD, _1_2

    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA = 0xC009, "ECDHE-ECDSA-AES128-SHA", _ECDSA, AES_128_CBC, SHA, _CURVES
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA = 0xC00A, "ECDHE-ECDSA-AES256-SHA", _ECDSA, AES_256_CBC, SHA, _CURVES
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA = 0xC013, "ECDHE-RSA-AES128-SHA", _ECDHE, AES_128_CBC, SHA, _CURVES
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA = 0xC014, "ECDHE-RSA-AES256-SHA", _ECDHE, AES_256_CBC, SHA, _CURVES
    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 = 0xC023, "ECDHE-ECDSA-AES128-SHA256", _ECDSA, AES_128_CBC, SHA256, _1_2
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 = 0xC024, "ECDHE-ECDSA-AES256-SHA384", _ECDSA, AES_256_CBC, SHA384, _1_2
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 = 0xC027, "ECDHE-RSA-AES128-SHA256", _ECDHE, AES_128_CBC, SHA256, _1_2
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 = 0xC028, "ECDHE-RSA-AES256-SHA384", _ECDHE, AES_256_CBC, SHA384, _1_2
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 = 0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", _ECDSA, AES_128_GCM, AEAD, _1_2
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 = 0xC02C, "ECDHE-ECDSA-AES256-GCM-SHA384", _ECDSA, AES_256_GCM, AEAD, _1_2
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 = 0xC02F, "ECDHE-RSA-AES128-GCM-SHA256", _ECDHE, AES_128_GCM, AEAD, _1_2
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 = 0xC030, "ECDHE-RSA-AES256-GCM-SHA384", _ECDHE, AES_256_GCM, AEAD, _1_2
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 = 0xCCA8, "ECDHE-RSA-CHACHA20-POLY1305", _ECDHE, CHACHA, AEAD, _1_2
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 = 0xCCA9, "ECDHE-ECDSA-CHACHA20-POLY1305", _ECDSA, CHACHA, AEAD, _1_2

    TLS_AES_128_GCM_SHA256 = 0x1301, "TLS_AES_128_GCM_SHA256", _ANY, AES_128_GCM, AEAD, _1_3
    TLS_AES_256_GCM_SHA384 = 0x1302, "TLS_AES_256_GCM_SHA384", _ANY, AES_256_GCM, AEAD, _1_3
    TLS_CHACHA20_POLY1305_SHA256 = 0x1303, "TLS_CHACHA20_POLY1305_SHA256", _ANY, CHACHA, AEAD, _1_3
    TLS_AES_128_CCM_SHA256 = 0x1304, "TLS_AES_128_CCM_SHA256", _ANY, AES_128_CCM, AEAD, _1_3
    TLS_AES_128_CCM_8_SHA256 = 0x1305, "TLS_AES_128_CCM_8_SHA256", _ANY, AES_128_CCM_8, AEAD, _1_3

    def __init__(
        self,
        number: int,
        openssl_name: str,
        key_exchange: KeyExchange,
        cipher: Cipher,
        mac: Mac,
        versions: VersionRange = _OLD,
    ) -> None:
        self.number = number
        """On the wire."""
        self.openssl_name = openssl_name
        """As `openssl ciphers` has it."""
        self.key_exchange = key_exchange
        self.cipher = cipher
        self.mac = mac
        self.versions = versions
        """The versions that have it (RFC 5246 A.5, RFC 8446 B.4)."""

    @property
    def digest(self) -> str:
        """The digest of handshake and PRF, where the version leaves it to the suite (RFC 5246 5, RFC 5289 3)."""
        return "sha384" if self.name.endswith("_SHA384") else "sha256"

    @property
    def uses_curves(self) -> bool:
        """Whether its key exchange may be one with an elliptic curve."""
        return self.key_exchange not in (KeyExchange.RSA, KeyExchange.DHE_RSA)

    def goes_with(self, version: ProtocolVersion) -> bool:
        """Return whether a session of `version` may use the suite."""
        return version in self.versions

    def prf(self, version: ProtocolVersion) -> Prf:
        """Return the pseudo-random function of a session of `version`."""
        return Prf((self.digest,)) if version.hashes_by_suite else version.prf

    def finished(self, version: ProtocolVersion) -> tuple[str, ...]:
        """Return the digests of the handshake, side by side, that a Finished of `version` proves."""
        return (self.digest,) if version.hashes_by_suite else version.finished


def suites_of(version: ProtocolVersion, *exchanges: KeyExchange) -> tuple[CipherSuite, ...]:
    """Return every suite that a session of `version` may use, with one of these key exchanges if any are named."""
    return tuple(
        suite
        for suite in CipherSuite
        if suite.goes_with(version) and (not exchanges or suite.key_exchange in exchanges)
    )

"""The table of cipher suites: one entry says everything about a suite."""

from enum import Enum, unique
from typing import NamedTuple

from emulator.tls.wire.versions import TLS_1_0, TLS_1_2, ProtocolVersion


class KeyExchange(Enum):
    """Key exchange: the way of the premaster secret to the server."""

    RSA = "RSA"
    """Encrypted for the key in its certificate (RFC 2246 7.4.7.1)."""


class Cipher(NamedTuple):
    """A bulk cipher; lengths are in bytes (RFC 2246 C)."""

    name: str
    """The algorithm, without its key length."""
    key_length: int
    block_length: int = 1
    """1 marks a stream cipher; a block cipher runs in CBC mode, and its IV is a block long."""

    @property
    def iv_length(self) -> int:
        """The length of an initialization vector; a stream cipher has none."""
        return self.block_length if self.block_length > 1 else 0


class Mac(NamedTuple):
    """A record's MAC: HMAC with this digest (RFC 2246 6.2.3.1)."""

    digest: str
    length: int
    """Bytes of the MAC, and of its secret."""


NULL = Cipher("NULL", 0)
RC4_128 = Cipher("RC4", 16)
AES_128_CBC = Cipher("AES", 16, 16)
AES_256_CBC = Cipher("AES", 32, 16)

MD5 = Mac("md5", 16)
SHA = Mac("sha1", 20)
SHA256 = Mac("sha256", 32)


@unique
class CipherSuite(Enum):
    """A cipher suite: the name is IANA's; then number on the wire, OpenSSL's name, key exchange, cipher and MAC.

    Source: RFC 2246 A.5, RFC 3268 for AES, RFC 5246 A.5 for SHA-256; guide 2.2.1.
    """

    TLS_RSA_WITH_NULL_SHA = 0x0002, "NULL-SHA", KeyExchange.RSA, NULL, SHA
    TLS_RSA_WITH_RC4_128_MD5 = 0x0004, "RC4-MD5", KeyExchange.RSA, RC4_128, MD5
    TLS_RSA_WITH_RC4_128_SHA = 0x0005, "RC4-SHA", KeyExchange.RSA, RC4_128, SHA
    TLS_RSA_WITH_AES_128_CBC_SHA = 0x002F, "AES128-SHA", KeyExchange.RSA, AES_128_CBC, SHA
    TLS_RSA_WITH_AES_256_CBC_SHA = 0x0035, "AES256-SHA", KeyExchange.RSA, AES_256_CBC, SHA
    TLS_RSA_WITH_AES_128_CBC_SHA256 = 0x003C, "AES128-SHA256", KeyExchange.RSA, AES_128_CBC, SHA256, TLS_1_2
    TLS_RSA_WITH_AES_256_CBC_SHA256 = 0x003D, "AES256-SHA256", KeyExchange.RSA, AES_256_CBC, SHA256, TLS_1_2

    def __init__(
        self,
        number: int,
        openssl_name: str,
        key_exchange: KeyExchange,
        cipher: Cipher,
        mac: Mac,
        since: ProtocolVersion = TLS_1_0,
    ) -> None:
        self.number = number
        """On the wire."""
        self.openssl_name = openssl_name
        """As `openssl ciphers` has it."""
        self.key_exchange = key_exchange
        self.cipher = cipher
        self.mac = mac
        self.since = since
        """The first version that may use it (RFC 5246 A.5)."""

    def goes_with(self, version: ProtocolVersion) -> bool:
        """Return whether a session of `version` may use the suite."""
        return self.since.number <= version.number


def suites_of(version: ProtocolVersion) -> tuple[CipherSuite, ...]:
    """Return every suite that a session of `version` may use."""
    return tuple(suite for suite in CipherSuite if suite.goes_with(version))

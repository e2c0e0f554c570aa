"""The names that tlslite-ng has for parts of a cipher suite."""

from collections.abc import Collection
from typing import Any

from emulator.tls.wire.suites import (
    AEAD,
    AES_128_CBC,
    AES_128_GCM,
    AES_256_CBC,
    AES_256_GCM,
    CHACHA,
    MD5,
    NULL,
    RC4_128,
    SHA,
    SHA256,
    SHA384,
    CipherSuite,
    KeyExchange,
)

_EXCHANGES = {
    KeyExchange.RSA: "rsa",
    KeyExchange.DHE_RSA: "dhe_rsa",
    KeyExchange.ECDHE_RSA: "ecdhe_rsa",
    KeyExchange.ECDHE_ECDSA: "ecdhe_ecdsa",
}
_CIPHERS = {
    NULL: "null",
    RC4_128: "rc4",
    AES_128_CBC: "aes128",
    AES_256_CBC: "aes256",
    AES_128_GCM: "aes128gcm",
    AES_256_GCM: "aes256gcm",
    CHACHA: "chacha20-poly1305",
}
_MACS = {MD5: "md5", SHA: "sha", SHA256: "sha256", SHA384: "sha384", AEAD: "aead"}

SUITES = {suite.openssl_name: suite for suite in CipherSuite if suite.cipher in _CIPHERS}
"""The suites that tlslite-ng can have, by OpenSSL's name."""


def choose_suites(settings: Any, suites: Collection[CipherSuite]) -> None:
    """Let a `HandshakeSettings` have these suites: each exchange with each cipher and each digest that they name."""
    settings.cipherNames = list(dict.fromkeys(_CIPHERS[suite.cipher] for suite in suites))
    settings.macNames = list(dict.fromkeys(_MACS[suite.mac] for suite in suites))
    exchanges = [_EXCHANGES[suite.key_exchange] for suite in suites if suite.key_exchange in _EXCHANGES]
    settings.keyExchangeNames = list(dict.fromkeys(exchanges))

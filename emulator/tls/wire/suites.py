"""The cipher suites that a module knows, by the names of Tab. 1 in the guide and their numbers on the wire."""

from enum import IntEnum


class CipherSuite(IntEnum):
    """A TLS 1.0 cipher suite; the value is its number on the wire.

    Source: RFC 2246 appendix A.5, RFC 3268 for AES; guide 2.2.1.
    """

    TLS_RSA_WITH_NULL_SHA = 0x0002
    TLS_RSA_WITH_RC4_128_MD5 = 0x0004
    TLS_RSA_WITH_RC4_128_SHA = 0x0005
    TLS_RSA_WITH_AES_128_CBC_SHA = 0x002F
    TLS_RSA_WITH_AES_256_CBC_SHA = 0x0035

    @property
    def openssl_name(self) -> str:
        """What OpenSSL calls it, as in `openssl ciphers`."""
        return _OPENSSL_NAMES[self]


_OPENSSL_NAMES = {
    CipherSuite.TLS_RSA_WITH_NULL_SHA: "NULL-SHA",
    CipherSuite.TLS_RSA_WITH_RC4_128_MD5: "RC4-MD5",
    CipherSuite.TLS_RSA_WITH_RC4_128_SHA: "RC4-SHA",
    CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA: "AES128-SHA",
    CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA: "AES256-SHA",
}

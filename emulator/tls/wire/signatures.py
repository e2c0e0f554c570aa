"""The forms of signatures in a handshake, with their names and numbers.

Source: RFC 2246 7.4.8, RFC 5246 7.4.1.4.1, RFC 8446 4.2.3.
"""

import msgspec

from emulator.states import Symbol


class SignatureForm(msgspec.Struct, frozen=True):
    """Form of a CertificateVerify's signature with an RSA key, by PKCS #1 v1.5."""

    digests: tuple[str, ...]
    """Digests of the handshake so far; two stand side by side without a DigestInfo (RFC 2246 7.4.8)."""
    code: bytes = b""
    """The SignatureAndHashAlgorithm that names it (RFC 5246 7.4.1.4.1); empty where the version has no names."""


MD5_AND_SHA1 = SignatureForm(("md5", "sha1"))
"""The form of the versions that name none."""


class SignatureScheme(Symbol):
    """A named form: the lower-case name is RFC 8446's own, where it has one; then number, kind of key and digest."""

    RSA_PKCS1_MD5 = 0x0101, "RSA", "md5"
    RSA_PKCS1_SHA1 = 0x0201, "RSA", "sha1"
    ECDSA_SHA1 = 0x0203, "EC", "sha1"
    RSA_PKCS1_SHA224 = 0x0301, "RSA", "sha224"
    ECDSA_SHA224 = 0x0303, "EC", "sha224"
    RSA_PKCS1_SHA256 = 0x0401, "RSA", "sha256"
    ECDSA_SECP256R1_SHA256 = 0x0403, "EC", "sha256"
    RSA_PKCS1_SHA384 = 0x0501, "RSA", "sha384"
    ECDSA_SECP384R1_SHA384 = 0x0503, "EC", "sha384"
    RSA_PKCS1_SHA512 = 0x0601, "RSA", "sha512"
    ECDSA_SECP521R1_SHA512 = 0x0603, "EC", "sha512"
    RSA_PSS_RSAE_SHA256 = 0x0804, "RSA-PSS", "sha256"
    RSA_PSS_RSAE_SHA384 = 0x0805, "RSA-PSS", "sha384"
    RSA_PSS_RSAE_SHA512 = 0x0806, "RSA-PSS", "sha512"

    def __init__(self, number: int, key: str, digest: str) -> None:
        self.number = number
        self.key = key
        """`RSA` is PKCS #1 v1.5, `RSA-PSS` PSS with such a key."""
        self.digest = digest

    @property
    def code(self) -> bytes:
        """The number on the wire."""
        return self.number.to_bytes(2, "big")


def rsa_schemes(digests: tuple[str, ...]) -> tuple[SignatureScheme, ...]:
    """Return the schemes of RSA with these digests by PKCS #1 v1.5, that of the longest digest first."""
    known = [scheme for scheme in SignatureScheme if scheme.key == "RSA" and scheme.digest in digests]
    return tuple(reversed(known))

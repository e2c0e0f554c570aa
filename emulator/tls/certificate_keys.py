"""Tell the kind of a certificate's key, and by what it is signed."""

from typing import TYPE_CHECKING, NamedTuple

from emulator.tls.security_data import kind_of
from emulator.tls.wire.key_kinds import ECDSA, KeyKind

if TYPE_CHECKING:
    from OpenSSL.crypto import X509

_PSS_KEY, _PSS_SIGNATURE = 912, "rsassaPss"
"""OpenSSL's number and name of id-RSASSA-PSS (RFC 8017 A.2.3)."""
_RSA = ("rsaencryption", "rsa")
"""Ends of OpenSSL's names of PKCS #1 v1.5; the short one is of an older name for SHA-1 with RSA."""


class Signature(NamedTuple):
    """The signature of a certificate."""

    digest: str
    """As in `sha256`; empty where it has none of its own, or one that nobody knows."""
    kinds: frozenset[KeyKind]
    """Kinds of keys that make it."""


def key_kind(certificate: "X509") -> KeyKind | None:
    """Return the kind of a certificate's key, None where it is one that no TLS of the modules has."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from OpenSSL import crypto

    try:
        key = certificate.get_pubkey()
        if key.type() == _PSS_KEY:
            return KeyKind.RSA_PSS
        return kind_of(key.to_cryptography_key())  # type: ignore[arg-type]  # it came out of a certificate
    except (crypto.Error, UnsupportedAlgorithm, ValueError, TypeError):
        return None


def signature_of(certificate: "X509") -> Signature:
    """Return by what a certificate is signed.

    OpenSSL names it, as in `sha1WithRSAEncryption` or `ecdsa-with-SHA256`.
    """
    name = certificate.get_signature_algorithm().decode()
    if name == _PSS_SIGNATURE:
        return Signature(_pss_digest(certificate), frozenset({KeyKind.RSA_PSS}))
    before, _, behind = name.lower().partition("with")
    if before == "ecdsa-":
        return Signature(behind.strip("-"), ECDSA)
    return Signature(before, frozenset({KeyKind.RSA}) if behind in _RSA else frozenset())


def _pss_digest(certificate: "X509") -> str:
    """Return the digest that the parameters of PSS name (RFC 8017 A.2.3)."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        digest = certificate.to_cryptography().signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return ""
    return digest.name if digest is not None else ""

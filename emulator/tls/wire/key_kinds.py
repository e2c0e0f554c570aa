"""The kinds of public keys and signatures that chains and identities have, by their names in profiles."""

from enum import StrEnum


class KeyKind(StrEnum):
    """The kind of a key: RSA, or a curve of ECDSA by its name in RFC 8422 5.1.1."""

    RSA = "rsa"
    """Its signatures are by PKCS #1 v1.5 (RFC 8017 8.2)."""
    RSA_PSS = "rsa_pss"
    """An RSA key whose signatures are by PSS (RFC 8017 8.1)."""
    P256 = "secp256r1"
    P384 = "secp384r1"
    P521 = "secp521r1"


ECDSA = frozenset({KeyKind.P256, KeyKind.P384, KeyKind.P521})
"""Kinds whose signatures are by ECDSA (RFC 5758 3.2)."""

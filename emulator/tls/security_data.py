"""Security data of a module: checks of certificates and private keys, and their PEM and DER forms.

The parser is OpenSSL's own, so that certificates of the module's time are taken as far as OpenSSL takes them. What
comes out is always DER. Source: RFC 7468 (PEM), RFC 8017 A.1.2 (PKCS #1), RFC 5958 (PKCS #8), RFC 5915 (SEC 1).
"""

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from emulator.tls.client import ClientIdentity, FailureCause, TlsFailure
from emulator.tls.wire.key_kinds import KeyKind

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from OpenSSL.crypto import X509

Format = Literal["PEM", "DER"]
KeyStructure = Literal["pkcs1", "pkcs8", "sec1"]

_PEM_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_KEY_LABELS = (b"RSA PRIVATE KEY", b"PRIVATE KEY", b"EC PRIVATE KEY")
_KEY_NAMES = {"pkcs1": "PKCS#1", "pkcs8": "PKCS#8", "sec1": "SEC 1"}
_RSA_ALONE = (KeyKind.RSA,)


def parse_certificate(data: bytes, format: Format) -> bytes:
    """Return the certificate in `data`, the first one where a PEM text holds several; DER.

    Raises:
        ValueError: there is none, or it is malformed.
    """
    return parse_certificates(data, format)[0]


def parse_certificates(data: bytes, format: Format) -> tuple[bytes, ...]:
    """Return every certificate in `data`, at least one; DER.

    Raises:
        ValueError: there is none, or one of them is malformed.
    """
    if format == "DER":
        certificates = [data]
    else:
        certificates = [_decode(body) for label, body in _pem_blocks(data) if label == b"CERTIFICATE"]
        if not certificates:
            raise ValueError("no CERTIFICATE block is in the PEM text")
    for certificate in certificates:
        load_certificate(certificate)
    return tuple(certificates)


def parse_private_key(
    data: bytes,
    format: Format,
    accepted: Collection[KeyStructure] = ("pkcs1", "pkcs8"),
    kinds: Collection[KeyKind] = _RSA_ALONE,
) -> bytes:
    """Return the private key in `data` as DER, in its structure; structure and kind must be accepted ones.

    Raises:
        ValueError: there is none, or it is malformed, encrypted, or of another structure or kind.
    """
    der = data if format == "DER" else _pem_key(data)
    structure = _key_structure(der)
    if structure not in accepted:
        allowed = " or ".join(_KEY_NAMES[name] for name in accepted)
        raise ValueError(f"the key is {_KEY_NAMES[structure]}, it must be {allowed}")
    kind = kind_of(load_private_key(der).public_key())
    if kind not in kinds:
        wanted = " or ".join(kinds) if KeyKind.RSA not in kinds or len(kinds) > 1 else "RSA"
        raise ValueError(f"the private key is no {wanted} key")
    return der


def kind_of(key: "PublicKeyTypes") -> KeyKind | None:
    """Return the kind of a public key, None where it is one that no TLS of the modules has."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if isinstance(key, RSAPublicKey):
        return KeyKind.RSA
    if isinstance(key, EllipticCurvePublicKey):
        return next((kind for kind in KeyKind if kind == key.curve.name), None)
    return None


def load_certificate(der: bytes) -> "X509":
    """Parse a DER certificate.

    Raises:
        ValueError: it is malformed, or other bytes follow it.
    """
    from OpenSSL import crypto

    _check_length(der, "certificate")
    try:
        return crypto.load_certificate(crypto.FILETYPE_ASN1, der)
    except crypto.Error:
        raise ValueError("not a DER certificate") from None


@lru_cache(maxsize=8)
def certificate_key(der: bytes) -> "PublicKeyTypes":
    """Return the public key in a DER certificate, of whatever kind; a module dials few servers, and often.

    Raises:
        ValueError: the certificate or its key is malformed, or of a kind that nobody knows.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from OpenSSL import crypto

    certificate = load_certificate(der)
    try:
        return certificate.get_pubkey().to_cryptography_key()  # type: ignore[return-value]  # it came out of a certificate
    except (crypto.Error, UnsupportedAlgorithm, ValueError, TypeError):
        raise ValueError("its public key cannot be read") from None


@lru_cache(maxsize=8)
def load_private_key(der: bytes) -> "RSAPrivateKey | EllipticCurvePrivateKey":
    """Parse a DER key, PKCS#1, PKCS#8 or SEC 1.

    A key is parsed once: OpenSSL tests its primes, which takes a tenth of a second where it has 2048 bits, and one dial
    of a module asks for it several times.

    Raises:
        ValueError: it is malformed, inconsistent, encrypted, or neither an RSA key nor one on a curve.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    _check_length(der, "private key")
    try:
        key = load_der_private_key(der, password=None)
    except TypeError:
        raise ValueError("the private key is encrypted") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("not a DER private key, or its numbers do not go together") from None
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ValueError("the private key is no RSA key, nor one on a curve")
    return key


def load_identity_key(identity: ClientIdentity) -> "RSAPrivateKey | EllipticCurvePrivateKey":
    """Return the key of an identity; it must go with the certificate.

    Raises:
        TlsFailure: it does not, or one of the two is malformed; KEY_UNUSABLE.
    """
    try:
        key = load_private_key(identity.private_key)
        matches = certificate_key(identity.chain[0]) == key.public_key()
        for issuer in identity.chain[1:]:
            load_certificate(issuer)
    except (ValueError, IndexError) as error:
        raise TlsFailure(FailureCause.KEY_UNUSABLE, f"the module's own certificate or key: {error}") from error
    if not matches:
        raise TlsFailure(FailureCause.KEY_UNUSABLE, "the module's private key does not go with its certificate")
    return key


def load_rsa_identity_key(identity: ClientIdentity) -> "RSAPrivateKey":
    """Return the key of an identity for an engine that signs with RSA alone.

    Raises:
        TlsFailure: as for `load_identity_key`, or it is no RSA key; KEY_UNUSABLE.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    key = load_identity_key(identity)
    if not isinstance(key, RSAPrivateKey):
        raise TlsFailure(FailureCause.KEY_UNUSABLE, "the module's private key is no RSA key")
    return key


def behind_pem_blocks(data: bytes) -> bytes:
    """Return what stands behind each END line, up to the next BEGIN line, without white space."""
    blocks = list(_PEM_BLOCK.finditer(data))
    following = [block.start() for block in blocks[1:]] + [len(data)]
    between = (data[block.end() : start] for block, start in zip(blocks, following, strict=False))
    return b"".join(text.strip() for text in between)


def _pem_blocks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    return ((match[1], match[2]) for match in _PEM_BLOCK.finditer(data))


def _pem_key(data: bytes) -> bytes:
    labels = []
    for label, body in _pem_blocks(data):
        if label in _KEY_LABELS:
            if b"ENCRYPTED" in body:
                raise ValueError("the private key is encrypted")
            return _decode(body)
        labels.append(label.decode())
    if "ENCRYPTED PRIVATE KEY" in labels:
        raise ValueError("the private key is encrypted")
    found = f"only {', '.join(labels)}" if labels else "nor any other"
    raise ValueError(f"no RSA PRIVATE KEY or PRIVATE KEY block is in the PEM text, {found}")


def _decode(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise ValueError("the PEM block is not base64") from None


def _key_structure(der: bytes) -> KeyStructure:
    """Tell the structures apart by what follows the version: a number, an algorithm, or the key's octets."""
    content = der[_check_length(der, "private key") :]
    if content[:1] == b"\x30":
        raise ValueError("the private key is encrypted")
    structures: dict[bytes, KeyStructure] = {b"\x30": "pkcs8", b"\x04": "sec1"}
    return structures.get(content[3:4], "pkcs1")


def _check_length(der: bytes, what: str) -> int:
    """Return where the content of a DER SEQUENCE begins; it must end where `der` ends, which parsers do not check.

    Source: X.690 8.1.3.
    """
    length_size = der[1] & 0x7F if len(der) > 1 and der[1] & 0x80 else 0
    start = 2 + length_size
    if der[:1] != b"\x30" or len(der) < start:
        raise ValueError(f"not a DER {what}")
    length = int.from_bytes(der[2:start], "big") if length_size else der[1]
    if len(der) != start + length:
        raise ValueError(f"the DER {what} says that it has {start + length} bytes, but there are {len(der)}")
    return start

"""Describe certificates, and find the root of a server's chain."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from emulator.doctor.verdict import Root
from emulator.tls.security_data import load_certificate
from emulator.trace.printable import printable

if TYPE_CHECKING:
    from cryptography import x509
    from OpenSSL.crypto import X509, X509Store

SENT = "the server's own chain"
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, for which pyOpenSSL has no name
_LONGEST_NAME = 80
_UNREADABLE = "a certificate that cannot be read"


@dataclass(frozen=True)
class ChainPath:
    """The way from a server's certificate up to its root."""

    topmost: bytes = field(repr=False)
    """The last certificate that could be found below the root, or the root itself; DER."""
    root: Root | None = None
    """None when nobody has the certificate that issued `topmost`."""


@cache
def name_of(certificate: bytes) -> str:
    """Return the subject of a certificate (DER), in a few words."""
    names = _names(certificate)
    return _in_words(names.subject) if names else _UNREADABLE


@cache
def issuer_of(certificate: bytes) -> str:
    """Return the name of the issuer, in a few words."""
    names = _names(certificate)
    return _in_words(names.issuer) if names else _UNREADABLE


def is_self_signed(certificate: bytes) -> bool:
    """Return whether a certificate names itself as its issuer; one that cannot be read leads no further."""
    names = _names(certificate)
    return names is None or names.issuer == names.subject


class _Names(NamedTuple):
    subject: "x509.Name"
    issuer: "x509.Name"


def _names(certificate: bytes) -> _Names | None:
    """Return both names; None where they cannot be read, which a server may send."""
    parsed = _parsed(certificate)
    try:
        return _Names(parsed.subject, parsed.issuer) if parsed else None
    except ValueError:
        return None


def _in_words(name: "x509.Name") -> str:
    from cryptography.x509.oid import NameOID

    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(kind):
            return printable(str(attribute.value)[:_LONGEST_NAME])
    return "a certificate without a name"


def key_of(certificate: bytes) -> str:
    """Return type and size of a certificate's key, as in `RSA 2048`; empty where it cannot be read."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from emulator.tls.security_data import certificate_key

    try:
        key = certificate_key(certificate)
    except ValueError:
        return ""
    match key:
        case RSAPublicKey():
            return f"RSA {key.key_size}"
        case EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
    return type(key).__name__.strip("_").removesuffix("PublicKey")


def is_valid_at(certificate: bytes, moment: datetime) -> bool:
    """Return whether a moment lies within the certificate's validity."""
    first, last = validity_of(certificate)
    return first <= moment <= last


def validity_of(certificate: bytes) -> tuple[datetime, datetime]:
    """Return from when to when a certificate (DER) is valid; always, where it cannot be read."""
    parsed = _parsed(certificate)
    if parsed is None:
        return datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return parsed.not_valid_before_utc, parsed.not_valid_after_utc


def source_of_issuer(certificate: bytes) -> str | None:
    """Return the URL at which the certificate of its issuer is published (RFC 5280 4.2.2.1), if it names one."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

    parsed = _parsed(certificate)
    try:
        access = parsed.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_INFORMATION_ACCESS) if parsed else None
    except (x509.ExtensionNotFound, ValueError):
        return None
    if access is None or not isinstance(access.value, x509.AuthorityInformationAccess):
        return None
    for entry in access.value:
        if entry.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            return str(entry.access_location.value)[:200]
    return None


def _parsed(certificate: bytes) -> "x509.Certificate | None":
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError:
        return None


def find_path(chain: Sequence[bytes], given: Sequence[bytes] = ()) -> ChainPath:
    """Find the root of a chain (DER, the server's certificate first), whatever the date.

    Args:
        chain: what the server sends.
        given: further certificates among which the root may be, those of `--ca`.
    """
    from OpenSSL import crypto

    for anchors, source in ((given, "--ca"), (None, _roots_of_machine())):
        verified = _verified(chain, anchors)
        if verified:
            root = crypto.dump_certificate(crypto.FILETYPE_ASN1, verified[-1])
            return ChainPath(root, Root(root, name_of(root), source))
    topmost = _topmost(chain)
    root_sent = Root(topmost, name_of(topmost), SENT) if is_self_signed(topmost) else None
    return ChainPath(topmost, root_sent)


def _verified(chain: Sequence[bytes], anchors: Sequence[bytes] | None) -> "list[X509]":
    """Return the path up to one of the anchors, or to a root of this machine (None); empty where there is none."""
    from OpenSSL.crypto import X509StoreContext, X509StoreContextError

    store = _store(anchors)
    try:
        certificates = [load_certificate(der) for der in chain]
        return X509StoreContext(store, certificates[0], certificates[1:]).get_verified_chain()
    except (X509StoreContextError, ValueError):  # no path, or a certificate that cannot be read
        return []


def _store(anchors: Sequence[bytes] | None) -> "X509Store":
    from OpenSSL.crypto import Error, X509Store

    store = X509Store()
    store.set_flags(_NO_CHECK_TIME)
    for anchor in anchors or ():
        if is_self_signed(anchor):
            store.add_cert(load_certificate(anchor))
    paths = ssl.get_default_verify_paths()
    if anchors is None and (paths.cafile or paths.capath):
        try:
            store.load_locations(paths.cafile, paths.capath)
        except Error:
            return X509Store()
    return store


def _roots_of_machine() -> str:
    paths = ssl.get_default_verify_paths()
    return paths.cafile or paths.capath or "this machine's roots"


def _topmost(chain: Sequence[bytes]) -> bytes:
    """Follow the issuers by their names as far as the server sends them."""
    current, others = chain[0], list(chain[1:])
    while not is_self_signed(current):
        names = _names(current)
        found = next((one for one in others if names and _is_named(one, names.issuer)), None)
        if found is None:
            return current
        others.remove(found)
        current = found
    return current


def _is_named(certificate: bytes, subject: "x509.Name") -> bool:
    names = _names(certificate)
    return names is not None and names.subject == subject

"""Decide on a server's chain, for both engines, with OpenSSL's verifier and by the module's own date.

Source: RFC 2246 7.2.2 for the alerts, RFC 5280 6 for what a valid path is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from emulator.tls.certificate_keys import key_kind, signature_of
from emulator.tls.client import ChainFlaw, ChainRefused
from emulator.tls.security_data import load_certificate
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.key_kinds import KeyKind
from emulator.tls.wire.suites import KeyUse

if TYPE_CHECKING:
    from OpenSSL.crypto import X509, X509Store

MAX_CHAIN = 10
"""Certificates that a server may send."""

# X509_V_ERR_ numbers of OpenSSL's x509_vfy.h; what is not listed is certificate_unknown.
_ALERTS = {
    2: Alert.UNKNOWN_CA,  # no issuer found
    7: Alert.BAD_CERTIFICATE,  # signature wrong
    9: Alert.CERTIFICATE_EXPIRED,  # not yet valid: RFC 2246 has one alert for both ends
    10: Alert.CERTIFICATE_EXPIRED,
    13: Alert.BAD_CERTIFICATE,  # notBefore malformed
    14: Alert.BAD_CERTIFICATE,  # notAfter malformed
    18: Alert.UNKNOWN_CA,  # self-signed server certificate
    19: Alert.UNKNOWN_CA,  # a root that is not trusted
    20: Alert.UNKNOWN_CA,  # no issuer found in the store
    21: Alert.UNKNOWN_CA,  # a single certificate that cannot be verified
    22: Alert.UNKNOWN_CA,  # chain too long
    23: Alert.CERTIFICATE_REVOKED,
    24: Alert.UNKNOWN_CA,  # the issuer is no CA (before OpenSSL 3)
    25: Alert.UNKNOWN_CA,  # path length exceeded
    26: Alert.UNSUPPORTED_CERTIFICATE,  # purpose
    79: Alert.UNKNOWN_CA,  # the issuer is no CA
}
_NOT_YET_VALID, _EXPIRED, _PURPOSE = 9, 10, 26
_FLAWS = {_NOT_YET_VALID: ChainFlaw.DATE, _EXPIRED: ChainFlaw.DATE, _PURPOSE: ChainFlaw.PURPOSE}
_ISSUER_MISSING = (2, 18, 19, 20, 21)


@dataclass(frozen=True)
class Limits:
    """Limits on a valid path; None checks nothing."""

    max_certificate_size: int | None = None
    """Bytes of DER, for each certificate that the server sends."""
    signature_digests: frozenset[str] | None = None
    """Digests that may sign the certificates below the trust anchor, such as `md5`, `sha1`, `sha256`."""
    key_kinds: frozenset[KeyKind] | None = None
    """Kinds of every key of the path, and of the signatures below the trust anchor."""
    min_rsa_bits: int | None = None
    max_rsa_bits: int | None = None
    """Both for every RSA key of the path, the trust anchor's too."""
    host_name: str | None = None
    """Name or IP address that the server's certificate must be issued for."""
    server_purpose: bool = False
    """Whether the uses that the server's certificate names must have that of a server, and one of `key_uses`."""
    key_uses: frozenset[KeyUse] = frozenset({KeyUse.ENCRYPTS})
    """What the server's key may have to do, by the key exchanges that are offered."""


class ChainVerifier:
    """Judges chains by one or more trust anchors (DER), the date `at` (UTC where it has no zone), and `limits`.

    The chain's certificates may stand in any order behind the server's own, and more of them than the path needs. An
    anchor must be a root, or self-signed; a self-signed server certificate is accepted when it is the anchor itself.

    Raises:
        ValueError: an anchor is malformed.
    """

    def __init__(self, anchors: Sequence[bytes], at: datetime, limits: Limits | None = None) -> None:
        self._anchors = tuple(load_certificate(anchor) for anchor in anchors)
        self._at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        self._limits = limits or Limits()

    def __repr__(self) -> str:
        return f"<ChainVerifier {len(self._anchors)} anchors, at {self._at:%Y-%m-%d %H:%M:%S}, {self._limits}>"

    def __call__(self, chain: Sequence[bytes]) -> None:
        """Accept `chain` (DER, the server's certificate first).

        Raises:
            ChainRefused: it is not accepted.
        """
        certificates = self._load(chain)
        path = self._find_path(certificates)
        self._check_digests(path[:-1])
        self._check_kinds(path)
        self._check_keys(path)
        if self._limits.host_name is not None:
            _check_name(path[0], self._limits.host_name)
        if self._limits.server_purpose:
            _check_purpose(path[0], self._limits.key_uses)

    def _load(self, chain: Sequence[bytes]) -> list["X509"]:
        if not 1 <= len(chain) <= MAX_CHAIN:
            raise ChainRefused(
                f"a chain of {len(chain)} certificates, 1 to {MAX_CHAIN} are taken",
                Alert.BAD_CERTIFICATE,
                ChainFlaw.FORM,
            )
        limit = self._limits.max_certificate_size
        certificates = []
        for number, der in enumerate(chain, 1):
            if limit is not None and len(der) > limit:
                detail = f"certificate {number} of the chain has {len(der)} bytes, at most {limit} are taken"
                raise ChainRefused(detail, Alert.BAD_CERTIFICATE, ChainFlaw.SIZE)
            try:
                certificates.append(load_certificate(der))
            except ValueError as error:
                detail = f"certificate {number} of the chain: {error}"
                raise ChainRefused(detail, Alert.BAD_CERTIFICATE, ChainFlaw.FORM) from error
        return certificates

    def _find_path(self, certificates: list["X509"]) -> list["X509"]:
        """Return the path from the server's certificate up to an anchor."""
        from OpenSSL.crypto import X509StoreContext, X509StoreContextError

        context = X509StoreContext(self._store(), certificates[0], certificates[1:])
        try:
            return context.get_verified_chain()
        except X509StoreContextError as error:
            number, _, reason = error.errors
            detail = f"{_name(error.certificate)}: {reason}{self._more(error.certificate, number)}"
            flaw = _FLAWS.get(number, ChainFlaw.PATH)
            raise ChainRefused(detail, _ALERTS.get(number, Alert.CERTIFICATE_UNKNOWN), flaw) from error

    def _store(self) -> "X509Store":
        from OpenSSL.crypto import X509Store

        store = X509Store()
        for anchor in self._anchors:
            store.add_cert(anchor)
        store.set_time(self._at)
        return store

    def _more(self, certificate: "X509", number: int) -> str:
        """Return what OpenSSL does not say: which issuer is missing, which dates are compared."""
        if number in _ISSUER_MISSING:
            return f"; the certificate of its issuer is not stored: {_issuer(certificate)}"
        if number not in (_NOT_YET_VALID, _EXPIRED):
            return ""
        first, last = (_date(limit) for limit in (certificate.get_notBefore(), certificate.get_notAfter()))
        return f" (valid from {first} to {last}, the module's date is {self._at:%Y-%m-%d %H:%M:%S})"

    def _check_digests(self, certificates: Sequence["X509"]) -> None:
        accepted = self._limits.signature_digests
        if accepted is None:
            return
        for certificate in certificates:
            if signature_of(certificate).digest not in accepted:
                algorithm = certificate.get_signature_algorithm().decode()  # such as sha1WithRSAEncryption
                detail = f"{_name(certificate)}: signed with {algorithm}, accepted: {', '.join(sorted(accepted))}"
                raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.DIGEST)

    def _check_kinds(self, path: Sequence["X509"]) -> None:
        accepted = self._limits.key_kinds
        if accepted is None:
            return
        known = ", ".join(sorted(accepted))
        for certificate in path:
            kind = key_kind(certificate)
            if kind not in accepted:
                detail = f"{_name(certificate)}: its key is {kind or 'of an unknown kind'}, accepted: {known}"
                raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.KEY)
        for certificate in path[:-1]:
            if accepted.isdisjoint(signature_of(certificate).kinds):
                algorithm = certificate.get_signature_algorithm().decode()
                detail = f"{_name(certificate)}: signed with {algorithm}, accepted are signatures of {known}"
                raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.KEY)

    def _check_keys(self, path: Sequence["X509"]) -> None:
        lowest, highest = self._limits.min_rsa_bits, self._limits.max_rsa_bits
        for certificate in path:
            if key_kind(certificate) is not KeyKind.RSA:
                continue
            bits = certificate.get_pubkey().bits()
            if lowest is not None and bits < lowest:
                detail = f"{_name(certificate)}: its key has {bits} bits, at least {lowest} are asked for"
                raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.KEY)
            if highest is not None and bits > highest:
                detail = f"{_name(certificate)}: its key has {bits} bits, at most {highest} are taken"
                raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.KEY)


def _check_name(certificate: "X509", wanted: str) -> None:
    names = _names(certificate)
    if not any(_matches(name, wanted) for name in names):
        detail = f"{_name(certificate)}: issued for {', '.join(names) or 'nobody'}, not for {wanted}"
        raise ChainRefused(detail, Alert.BAD_CERTIFICATE, ChainFlaw.NAME)


def _check_purpose(certificate: "X509", needed: frozenset[KeyUse]) -> None:
    """Judge the extensions that name uses; one that is not there allows all (RFC 5280 4.2.1.3 and 4.2.1.12)."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        extensions = certificate.to_cryptography().extensions
    except ValueError as error:
        raise ChainRefused(f"{_name(certificate)}: {error}", Alert.BAD_CERTIFICATE, ChainFlaw.FORM) from error
    servers = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    for extension in extensions:
        uses = extension.value
        if isinstance(uses, x509.ExtendedKeyUsage) and servers.isdisjoint(uses):
            detail = f"{_name(certificate)}: not for servers"
            raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.PURPOSE)
        if isinstance(uses, x509.KeyUsage) and not any(getattr(uses, use.attribute) for use in needed):
            words = " nor ".join(sorted(use.value for use in needed))
            detail = f"{_name(certificate)}: its key is not for {words}"
            raise ChainRefused(detail, Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.PURPOSE)


def _names(certificate: "X509") -> list[str]:
    """Return the certificate's names (RFC 2818 3.1): the alternative ones where there are any, else the common name."""
    from cryptography import x509

    try:
        parsed = certificate.to_cryptography()
        common = [str(attribute.value) for attribute in parsed.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return common
    except ValueError:
        return []
    return names.get_values_for_type(x509.DNSName) + [str(a) for a in names.get_values_for_type(x509.IPAddress)]


def _matches(pattern: str, wanted: str) -> bool:
    """Return whether the names match; a `*` stands for one whole label at the left, never for a part of an address."""
    pattern, wanted = pattern.lower(), wanted.lower()
    if not pattern.startswith("*."):
        return pattern == wanted
    return not _is_address(wanted) and pattern[1:] == wanted[wanted.find(".") :]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _name(certificate: "X509") -> str:
    """Return the subject in one line, whatever the server put into it."""
    try:
        subject = certificate.to_cryptography().subject.rfc4514_string()
    except ValueError:
        return "a certificate whose subject cannot be read"
    return f"certificate {_one_line(subject) or 'without a subject'}"


def _issuer(certificate: "X509") -> str:
    try:
        return _one_line(certificate.to_cryptography().issuer.rfc4514_string())
    except ValueError:
        return "its name cannot be read"


def _one_line(name: str) -> str:
    shown = (each if each.isprintable() else each.encode("unicode_escape").decode() for each in name[:120])
    return "".join(shown)


def _date(asn1_time: bytes | None) -> str:
    """Turn OpenSSL's YYYYMMDDhhmmssZ into a date for a person."""
    text = (asn1_time or b"").decode()
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:14]}"

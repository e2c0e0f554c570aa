"""Certificates that nobody can read are no reason to fail."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from emulator.doctor.certificates import (
    find_path,
    is_self_signed,
    is_valid_at,
    issuer_of,
    key_of,
    name_of,
    source_of_issuer,
)
from tests.peers.pki import ROOT, SERVER

JUNK = b"\x30\x03abc"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_unreadable_certificate() -> None:
    """It has no names, no key and no issuer, and a chain ends there."""
    assert name_of(JUNK) == issuer_of(JUNK) == "a certificate that cannot be read"
    assert key_of(JUNK) == ""
    assert is_self_signed(JUNK)
    assert is_valid_at(JUNK, NOW)
    assert source_of_issuer(JUNK) is None


def test_a_chain_with_an_unreadable_certificate() -> None:
    """What is missing is still told by the one that can be read."""
    path = find_path((SERVER.der, JUNK), (ROOT.der,))

    assert path.root is None
    assert issuer_of(path.topmost) == "Test intermediate"


def test_names_of_certificates() -> None:
    """The common name, else what there is."""
    key = ROOT.key

    def named(*attributes: x509.NameAttribute[str]) -> bytes:
        name = x509.Name(attributes)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Old Roots\nLtd.")
    assert name_of(named(organisation)) == "Old Roots<LF>Ltd."
    assert name_of(named()) == "a certificate without a name"

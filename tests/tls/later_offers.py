"""Offers of the versions after TLS 1.0, as the hello of a later line says them."""

from typing import Any

from emulator.tls.client import TlsConfiguration
from emulator.tls.wire.extensions import Extension, NamedGroup
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, VersionRange

EXTENSIONS = (
    Extension.RENEGOTIATION_INFO,
    Extension.EC_POINT_FORMATS,
    Extension.SUPPORTED_GROUPS,
    Extension.SIGNATURE_ALGORITHMS,
    Extension.SUPPORTED_VERSIONS,
    Extension.PSK_KEY_EXCHANGE_MODES,
    Extension.KEY_SHARE,
    Extension.SERVER_NAME,
)
"""In the order in which OpenSSL says them."""
SIGNATURES = (
    SignatureScheme.ECDSA_SECP256R1_SHA256,
    SignatureScheme.ECDSA_SECP384R1_SHA384,
    SignatureScheme.RSA_PSS_RSAE_SHA256,
    SignatureScheme.RSA_PKCS1_SHA256,
    SignatureScheme.RSA_PKCS1_SHA384,
)
GROUPS = (NamedGroup.SECP256R1, NamedGroup.SECP384R1)


def offer(versions: VersionRange, *suites: CipherSuite, **more: Any) -> TlsConfiguration:
    """Return the offer of these versions and suites; renegotiation_info is asked for as OpenSSL does."""
    scsv = versions.lowest is TLS_1_0
    hello = {"scsv": scsv, "extensions": EXTENSIONS[scsv:], "signatures": SIGNATURES, "groups": GROUPS}
    return TlsConfiguration(suites, versions=versions, **{**hello, **more})

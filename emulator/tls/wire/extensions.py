"""The extensions of a ClientHello: their numbers, when they are sent, and what they say.

Source: RFC 6066 3 (server_name), RFC 8422 5.1, RFC 5246 7.4.1.4, RFC 5746, RFC 7366, RFC 7627, RFC 5077, RFC 8446 4.2.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from emulator.later import later
from emulator.states import Symbol
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_2, TLS_1_3, ProtocolVersion, VersionRange

if TYPE_CHECKING:
    from emulator.tls.wire import vectors
else:
    vectors = later("emulator.tls.wire.vectors")

NEVER_NEGOTIATED = b"\x00"
"""Content of `renegotiation_info` in a connection's first handshake: there are no Finished messages before it."""


class Extension(Symbol):
    """An extension of the hellos; the value is its number, the lower-case name the RFC's own."""

    SERVER_NAME = 0
    """RFC 6066 3: the name that the host dials (SNI). It is sent only where there is a name to say."""
    SUPPORTED_GROUPS = 10
    """RFC 8422 5.1.1. It is sent only with suites that use elliptic curves, as `ec_point_formats`."""
    EC_POINT_FORMATS = 11
    SIGNATURE_ALGORITHMS = 13
    """RFC 5246 7.4.1.4.1. Servers never answer it."""
    ENCRYPT_THEN_MAC = 22
    """RFC 7366."""
    EXTENDED_MASTER_SECRET = 23
    """RFC 7627."""
    SESSION_TICKET = 35
    """RFC 5077."""
    PRE_SHARED_KEY = 41
    """RFC 8446 4.2.11; an engine sends it where it resumes a session of TLS 1.3."""
    SUPPORTED_VERSIONS = 43
    PSK_KEY_EXCHANGE_MODES = 45
    KEY_SHARE = 51
    RENEGOTIATION_INFO = 0xFF01
    """RFC 5746 3.2. A server may answer it, and the SCSV that stands for it."""

    @property
    def versions(self) -> VersionRange:
        """The versions that have it; it is sent where one of them is offered."""
        return VersionRange(_FIRST.get(self, TLS_1_0), TLS_1_2 if self in _UNTIL_TLS_1_2 else TLS_1_3)

    def goes_with(self, version: ProtocolVersion) -> bool:
        """Return whether a session of `version` may use it."""
        return version in self.versions

    def serves(self, suite: CipherSuite) -> bool:
        """Return whether a session with `suite` may use it."""
        return any(suite.goes_with(version) for version in self.versions)


_FIRST = {
    Extension.SIGNATURE_ALGORITHMS: TLS_1_2,
    Extension.SUPPORTED_VERSIONS: TLS_1_3,
    Extension.PSK_KEY_EXCHANGE_MODES: TLS_1_3,
    Extension.KEY_SHARE: TLS_1_3,
    Extension.PRE_SHARED_KEY: TLS_1_3,
}
_UNTIL_TLS_1_2 = (
    Extension.EC_POINT_FORMATS,
    Extension.ENCRYPT_THEN_MAC,
    Extension.EXTENDED_MASTER_SECRET,
    Extension.SESSION_TICKET,
    Extension.RENEGOTIATION_INFO,
)
_OF_CURVES = (Extension.SUPPORTED_GROUPS, Extension.EC_POINT_FORMATS)


class NamedGroup(Symbol):
    """A group of a key exchange; the value is its number, the lower-case name RFC 8446's own (4.2.7)."""

    SECP256R1 = 23
    SECP384R1 = 24
    SECP521R1 = 25
    X25519 = 29
    X448 = 30
    FFDHE2048 = 256
    FFDHE3072 = 257
    X25519MLKEM768 = 0x11EC
    """draft-ietf-tls-ecdhe-mlkem."""


@lru_cache(maxsize=64)
def sent_of(
    extensions: tuple[Extension, ...],
    versions: VersionRange,
    suites: tuple[CipherSuite, ...],
    server_name: str | None,
) -> tuple[Extension, ...]:
    """Return the extensions that a hello with this offer says, in their order. Kept, since each session asks often."""
    return tuple(extension for extension in extensions if _is_sent(extension, versions, suites, server_name))


def _is_sent(
    extension: Extension, versions: VersionRange, suites: Sequence[CipherSuite], server_name: str | None
) -> bool:
    if extension is Extension.SERVER_NAME and server_name is None:
        return False
    if extension in _OF_CURVES and not any(suite.uses_curves and extension.serves(suite) for suite in suites):
        return False
    return any(extension.goes_with(version) for version in versions)


def content_of(
    extension: Extension,
    versions: VersionRange,
    server_name: str | None,
    signatures: Sequence[SignatureScheme],
    groups: Sequence[NamedGroup],
) -> bytes:
    """Return what the extension says; b"" where that is nothing, or the engine's own to say."""
    match extension:
        case Extension.SERVER_NAME:
            return vectors.vector(b"\x00" + vectors.vector((server_name or "").encode(), 2), 2)
        case Extension.SUPPORTED_GROUPS:
            return vectors.vector(b"".join(group.value.to_bytes(2, "big") for group in groups), 2)
        case Extension.EC_POINT_FORMATS:
            return vectors.vector(b"\x00", 1)  # uncompressed, the one that everybody has (RFC 8422 5.1.2)
        case Extension.SIGNATURE_ALGORITHMS:
            return vectors.vector(b"".join(scheme.code for scheme in signatures), 2)
        case Extension.RENEGOTIATION_INFO:
            return NEVER_NEGOTIATED
        case Extension.SUPPORTED_VERSIONS:
            return vectors.vector(
                b"".join(version.number.to_bytes(2, "big") for version in reversed(tuple(versions))), 1
            )
        case Extension.PSK_KEY_EXCHANGE_MODES:
            return vectors.vector(b"\x01", 1)  # psk_dhe_ke (RFC 8446 4.2.9)
    return b""


def extension_name(number: int) -> str:
    """Return the RFC's name of an extension, or its number where `Extension` has none for it."""
    try:
        return Extension(number).name.lower()
    except ValueError:
        return str(number)


def group_name(number: int) -> str:
    """Return RFC 8446's name of a group, or its number where `NamedGroup` has none for it."""
    try:
        return NamedGroup(number).name.lower()
    except ValueError:
        return str(number)

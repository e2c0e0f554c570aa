"""Checks of a server's choices, shared by both engines."""

from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from emulator.tls.client import ChainRefused, FailureCause, TlsConfiguration
from emulator.tls.security_data import certificate_key
from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.messages import NEVER_NEGOTIATED, Extension, ServerHello
from emulator.tls.wire.suites import CipherSuite

MAX_KEY_BITS = 16384
"""OpenSSL's own limit: beyond it one encryption takes minutes."""


def agreed_suite(hello: ServerHello, offer: TlsConfiguration) -> CipherSuite:
    """Return the suite that the server chose, in the version that was offered.

    Raises:
        FatalError: it chose a version or a suite that was not offered.
    """
    if hello.version != offer.version.number:
        detail = f"the server chose version {hello.version:#06x}"
        raise FatalError(Alert.PROTOCOL_VERSION, detail, FailureCause.PROTOCOL_VERSION)
    for suite in offer.suites:
        if suite.number == hello.suite:
            return suite
    detail = f"the server chose suite {hello.suite:#06x}, which was not offered"
    raise FatalError(Alert.ILLEGAL_PARAMETER, detail, FailureCause.NO_COMMON_SUITE)


def check_extensions(hello: ServerHello, offer: TlsConfiguration) -> None:
    """Accept the one extension that a server may send: the answer to `renegotiation_info` or to the SCSV.

    Raises:
        FatalError: another one, or a list where none was offered (RFC 5246 7.4.1.4); or it tells of a session before
            this one (RFC 5746 3.4).
    """
    signalled = offer.scsv or Extension.RENEGOTIATION_INFO in offer.extensions
    for number, content in hello.extensions or ():
        if not signalled or number != Extension.RENEGOTIATION_INFO.value:
            detail = f"the server sent the extension {_extension_name(number)}, which was not offered"
            raise FatalError(Alert.UNSUPPORTED_EXTENSION, detail)
        if content != NEVER_NEGOTIATED:
            raise FatalError(Alert.HANDSHAKE_FAILURE, "renegotiation_info in server_hello tells of another session")
    if hello.extensions is not None and not signalled and not offer.extensions:
        raise FatalError(Alert.DECODE_ERROR, "a list of extensions in server_hello, though none were offered")


def _extension_name(number: int) -> str:
    try:
        return Extension(number).name.lower()
    except ValueError:
        return str(number)


def judge_chain(chain: Sequence[bytes], verify: Callable[[Sequence[bytes]], None] | None) -> None:
    """Let the verifier judge the server's chain, if there is one.

    Raises:
        FatalError: it is empty, or the verifier refuses it.
    """
    if not chain:
        raise FatalError(Alert.BAD_CERTIFICATE, "the server sent no certificate")
    if verify is None:
        return
    try:
        verify(chain)
    except ChainRefused as refusal:
        raise FatalError(Alert(refusal.alert), refusal.detail, FailureCause.UNTRUSTED) from refusal


def server_key(certificate: bytes) -> RSAPublicKey:
    """Return the RSA key in the server's certificate (DER).

    Raises:
        FatalError: there is none, or none that can be used.
    """
    try:
        key = certificate_key(certificate)
    except ValueError as error:
        raise FatalError(Alert.BAD_CERTIFICATE, f"the server's certificate: {error}") from error
    if not isinstance(key, RSAPublicKey):
        raise unusable_key("the server's key is no RSA key")
    if key.key_size > MAX_KEY_BITS:
        raise unusable_key(f"the server's RSA key has {key.key_size} bits, at most {MAX_KEY_BITS} can be used")
    return key


def unusable_key(detail: str) -> FatalError:
    """Return the error for a server whose key cannot be used."""
    return FatalError(Alert.UNSUPPORTED_CERTIFICATE, detail, FailureCause.KEY_UNUSABLE)

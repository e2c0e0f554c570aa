"""Checks of a server's choices, shared by both engines."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from emulator.tls.client import ChainRefused, FailureCause, TlsConfiguration
from emulator.tls.security_data import certificate_key
from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.extensions import NEVER_NEGOTIATED, Extension, extension_name, group_name
from emulator.tls.wire.key_exchange import ServerKeyExchange
from emulator.tls.wire.keys import Prf
from emulator.tls.wire.messages import ServerHello
from emulator.tls.wire.suites import CipherSuite, KeyExchange
from emulator.tls.wire.versions import TLS_1_2, TLS_1_3, ProtocolVersion

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

MAX_KEY_BITS = 16384
"""OpenSSL's own limit: beyond it one encryption takes minutes."""


class Agreement(msgspec.Struct, frozen=True):
    """What both sides have agreed on by their hellos."""

    version: ProtocolVersion
    suite: CipherSuite
    answered: frozenset[Extension] = frozenset()
    """The extensions that the server has answered."""

    @property
    def prf(self) -> Prf:
        """Return the pseudo-random function of the session."""
        return self.suite.prf(self.version)

    @property
    def finished(self) -> tuple[str, ...]:
        """Return the digests of the handshake, side by side, that a Finished proves."""
        return self.suite.finished(self.version)


def agree(hello: ServerHello, offer: TlsConfiguration, version: ProtocolVersion) -> Agreement:
    """Return what the server chose out of the offer, besides `version`: its `agreed_version`.

    Raises:
        FatalError: it chose what was not offered, or answers what nobody asked.
    """
    _check_downgrade(hello, offer, version)
    suite = _agreed_suite(hello, offer, version)
    if hello.asks_again:
        return Agreement(version, suite)  # the answers are in the server_hello that follows
    answered = _answered(hello, offer)
    if Extension.ENCRYPT_THEN_MAC in answered and suite.cipher.block_length == 1:
        detail = f"the server answered encrypt_then_mac, and chose {suite.name}, which is no block cipher"  # RFC 7366 3
        raise FatalError(Alert.ILLEGAL_PARAMETER, detail)
    return Agreement(version, suite, answered)


_SUPPORTED_VERSIONS = Extension.SUPPORTED_VERSIONS.value


def agreed_version(hello: ServerHello, offer: TlsConfiguration) -> ProtocolVersion:
    """Return the version that the server chose (RFC 8446 4.2.1: from TLS 1.3 on an extension tells it).

    Raises:
        FatalError: it was not offered.
    """
    selected = dict(hello.extensions or ()).get(_SUPPORTED_VERSIONS)
    number = hello.version if selected is None else int.from_bytes(selected, "big")
    version = offer.versions.numbered(number)
    if version is None or hello.version != version.record_number or (selected is None) is not _told_by_hello(version):
        detail = f"the server chose version {number:#06x}"
        raise FatalError(Alert.PROTOCOL_VERSION, detail, FailureCause.PROTOCOL_VERSION)
    return version


_NO_TLS_1_2, _NO_TLS_1_3 = b"DOWNGRD\x00", b"DOWNGRD\x01"
_SIGNALS = {TLS_1_3: (_NO_TLS_1_2, _NO_TLS_1_3), TLS_1_2: (_NO_TLS_1_2,)}
"""How a random ends whose server speaks a later version than it chose, by the highest version that was offered."""


def _check_downgrade(hello: ServerHello, offer: TlsConfiguration, version: ProtocolVersion) -> None:
    """Make sure that the server does not tell by its random that it would have chosen a later version.

    Raises:
        FatalError: it does: somebody has lowered the version on the way of the hello (RFC 8446 4.1.3).
    """
    highest = offer.versions.highest
    if version is not highest and hello.random.endswith(_SIGNALS.get(highest, ())):
        detail = f"the server chose {version.name}, and its random tells that it speaks later ones"
        raise FatalError(Alert.ILLEGAL_PARAMETER, detail, FailureCause.DOWNGRADE)


def _told_by_hello(version: ProtocolVersion) -> bool:
    """Return whether server_hello.version tells the choice of `version`."""
    return version.number == version.record_number


def _agreed_suite(hello: ServerHello, offer: TlsConfiguration, version: ProtocolVersion) -> CipherSuite:
    """Return the suite that the server chose.

    Raises:
        FatalError: it was not offered, or `version` does not have it.
    """
    suite = next((suite for suite in offer.suites if suite.number == hello.suite), None)
    if suite is None:
        detail = f"the server chose suite {hello.suite:#06x}, which was not offered"
        raise FatalError(Alert.ILLEGAL_PARAMETER, detail, FailureCause.NO_COMMON_SUITE)
    if not suite.goes_with(version):
        detail = f"the server chose suite {suite.name}, which {version.name} does not have"
        raise FatalError(Alert.ILLEGAL_PARAMETER, detail, FailureCause.NO_COMMON_SUITE)
    return suite


_ANSWERS = {
    Extension.SERVER_NAME: b"",
    Extension.EXTENDED_MASTER_SECRET: b"",
    Extension.ENCRYPT_THEN_MAC: b"",
    Extension.SESSION_TICKET: b"",
    Extension.RENEGOTIATION_INFO: NEVER_NEGOTIATED,
}
"""What a server says in answer to an extension, where there is only one answer."""
_MAY_ANSWER = {
    *_ANSWERS,
    Extension.SUPPORTED_GROUPS,  # servers do, and must not: what they say is ignored (RFC 8446 4.2.7)
    Extension.EC_POINT_FORMATS,
    Extension.SUPPORTED_VERSIONS,
    Extension.KEY_SHARE,
    Extension.PRE_SHARED_KEY,
}


def _answered(hello: ServerHello, offer: TlsConfiguration) -> frozenset[Extension]:
    """Return the extensions that the server answers; the SCSV asks for an answer to `renegotiation_info`.

    Raises:
        FatalError: another extension, one that stands there twice, or a list where none was offered (RFC 5246 7.4.1.4);
            an answer that is none; or it tells of a session before this one (RFC 5746 3.4).
    """
    offered = {*offer.sent_extensions, *((Extension.RENEGOTIATION_INFO,) if offer.scsv else ())}
    if hello.extensions is not None and not offered:
        first = next((f": {extension_name(number)}" for number, _ in hello.extensions), "")
        alert = Alert.UNSUPPORTED_EXTENSION if first else Alert.DECODE_ERROR
        raise FatalError(alert, f"a list of extensions in server_hello, though none were offered{first}")
    answered: set[Extension] = set()
    for number, content in hello.extensions or ():
        extension = next((one for one in offered & _MAY_ANSWER if one.value == number), None)
        if extension is None:
            detail = f"the server sent the extension {extension_name(number)}, which was not offered"
            raise FatalError(Alert.UNSUPPORTED_EXTENSION, detail)
        if extension in answered:
            raise FatalError(Alert.DECODE_ERROR, f"the server sent the extension {extension_name(number)} twice")
        if content != _ANSWERS.get(extension, content):
            _refuse_answer(extension)
        answered.add(extension)
    return frozenset(answered)


def _refuse_answer(extension: Extension) -> NoReturn:
    if extension is Extension.RENEGOTIATION_INFO:
        raise FatalError(Alert.HANDSHAKE_FAILURE, "renegotiation_info in server_hello tells of another session")
    raise FatalError(Alert.DECODE_ERROR, f"the server's answer to {extension.name.lower()} is not empty")


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
    key = _usable_key(certificate)
    if not isinstance(key, RSAPublicKey):
        raise unusable_key("the server's key is no RSA key")
    return key


def check_server_key(certificate: bytes, exchange: KeyExchange) -> None:
    """Make sure that the key in the server's certificate (DER) is of the kind that a key exchange goes with.

    Raises:
        FatalError: it is of another kind, or cannot be used.
    """
    if exchange not in (KeyExchange.ECDHE_ECDSA, KeyExchange.NEGOTIATED):
        server_key(certificate)
        return
    key = _usable_key(certificate)
    if isinstance(key, EllipticCurvePublicKey):
        return
    if exchange is KeyExchange.ECDHE_ECDSA:
        raise unusable_key("the server's key is no ECDSA key")
    if not isinstance(key, RSAPublicKey):
        raise unusable_key("the server's key is neither an RSA nor an ECDSA key")


def _usable_key(certificate: bytes) -> "PublicKeyTypes":
    try:
        key = certificate_key(certificate)
    except ValueError as error:
        raise FatalError(Alert.BAD_CERTIFICATE, f"the server's certificate: {error}") from error
    if isinstance(key, RSAPublicKey) and key.key_size > MAX_KEY_BITS:
        raise unusable_key(f"the server's RSA key has {key.key_size} bits, at most {MAX_KEY_BITS} can be used")
    return key


def check_exchange(exchange: ServerKeyExchange, offer: TlsConfiguration) -> None:
    """Judge the group of a Diffie-Hellman key exchange.

    Raises:
        FatalError: it is a curve that was not offered, or a group that is too small or too large.
    """
    if exchange.curve is not None:
        if exchange.curve not in (group.value for group in offer.groups):
            detail = f"the server chose the curve {group_name(exchange.curve)}, which was not offered"
            raise FatalError(Alert.ILLEGAL_PARAMETER, detail)
        return
    lowest, highest = offer.dh_bits or (0, exchange.bits)
    if exchange.bits < lowest:
        detail = f"the server's Diffie-Hellman group has {exchange.bits} bits, at least {lowest} are asked for"
        raise FatalError(Alert.INSUFFICIENT_SECURITY, detail, FailureCause.KEY_UNUSABLE)
    if exchange.bits > highest:
        detail = f"the server's Diffie-Hellman group has {exchange.bits} bits, at most {highest} can be used"
        raise FatalError(Alert.HANDSHAKE_FAILURE, detail, FailureCause.KEY_UNUSABLE)


def unusable_key(detail: str) -> FatalError:
    """Return the error for a server whose key cannot be used."""
    return FatalError(Alert.UNSUPPORTED_CERTIFICATE, detail, FailureCause.KEY_UNUSABLE)

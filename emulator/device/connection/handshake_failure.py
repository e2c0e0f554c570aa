"""Explain a failed TLS handshake to the author of the host, and name what would mend it."""

from collections.abc import Mapping

from msgspec.structs import replace

from emulator.device.needs.ssl import AnySuite, CaCertificate, OfSecureSocket, PresentedIdentity, RightClock
from emulator.errors import Cause, DeviceError, Need
from emulator.tls.client import ChainFlaw, ChainRefused, FailureCause, TlsConfiguration, TlsFailure
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.suites import KeyExchange
from emulator.tls.wire.versions import ProtocolVersion

_NOT_ACCEPTED = "the server does not accept the module's certificate"
_OF_CERTIFICATES: tuple[int, ...] = (
    Alert.NO_CERTIFICATE,
    Alert.BAD_CERTIFICATE,
    Alert.UNSUPPORTED_CERTIFICATE,
    Alert.CERTIFICATE_REVOKED,
    Alert.CERTIFICATE_EXPIRED,
    Alert.CERTIFICATE_UNKNOWN,
    Alert.UNKNOWN_CA,
    Alert.ACCESS_DENIED,
)
"""What a server says of the certificate of its client, or of its lack."""
_OF_ALERTS: Mapping[int, str] = {
    Alert.UNRECOGNIZED_NAME: "the server wants to be told its name (SNI), which the module does not do",
}
"""What an alert of the peer probably means."""
_NEEDS: Mapping[int, Need] = {
    Alert.UNKNOWN_CA: CaCertificate(),
    Alert.CERTIFICATE_EXPIRED: RightClock(),
}
"""What is missing where the module refuses the server's chain with this alert."""


class HandshakeFailed(TlsFailure):
    """A handshake has failed; `need` is what would have let it pass, where that is known."""

    def __init__(
        self,
        cause: FailureCause,
        detail: str,
        alert: int | None,
        need: Need | None,
        meaning: str = "",
        flaw: ChainFlaw | None = None,
    ) -> None:
        """`meaning` is what the failure probably means; it stands behind the detail. `flaw` is that of the chain."""
        super().__init__(cause, f"{detail}; {meaning}" if meaning else detail, alert)
        self.need = need
        self.flaw = flaw
        self._plain = detail

    def meaning(self, meaning: str, need: Need) -> "HandshakeFailed":
        """Return the failure with another meaning, and with what would have let it pass."""
        return HandshakeFailed(self.cause, self._plain, self.alert, need, meaning, self.flaw)


def explained(failure: TlsFailure, configuration: TlsConfiguration, asked_for_certificate: bool) -> HandshakeFailed:
    """Return the failure with what it probably means behind its detail.

    `asked_for_certificate` tells whether the server has asked the module for one.
    """
    meaning, need = _meaning(failure, configuration, asked_for_certificate)
    return HandshakeFailed(failure.cause, failure.detail, failure.alert, need, meaning, _flaw(failure))


def refusal_of(failure: TlsFailure | TimeoutError, cause: Cause, ssid: int = 1) -> DeviceError:
    """Return the refusal of a command whose handshake has failed, with the settings of the secure socket `ssid`."""
    need = failure.need if isinstance(failure, HandshakeFailed) else None
    return DeviceError(cause, str(failure), replace(need, ssid=ssid) if isinstance(need, OfSecureSocket) else need)


def _meaning(
    failure: TlsFailure, configuration: TlsConfiguration, asked_for_certificate: bool
) -> tuple[str, Need | None]:
    spoken = configuration.versions
    one_of = "it" if spoken.lowest is spoken.highest else "one of them"
    allow = f"the server must allow {one_of} (OpenSSL 3 by {_directives(spoken.highest)})"
    whose = "the module's version" if one_of == "it" else "the module's versions"
    if asked_for_certificate and configuration.identity is None and _is_of_the_peer(failure):
        return "the server asked for a certificate of the module, and none was sent", PresentedIdentity()
    match failure.cause:
        case FailureCause.NO_COMMON_SUITE:
            offered = ", ".join(suite.openssl_name for suite in configuration.suites)
            enough = "one of them" if len(configuration.suites) > 1 else "it"
            means = f"the module offers {offered}; the server must allow {enough}{_certified(configuration)}"
            return means, _any_suite(configuration)
        case FailureCause.PROTOCOL_VERSION:
            return f"the module speaks {spoken} only: {allow}", None
        case FailureCause.DOWNGRADE if failure.alert == Alert.INAPPROPRIATE_FALLBACK:
            # A client says TLS_FALLBACK_SCSV when it dials again with an older version (RFC 7507); the module does not.
            return "the hello was taken for a second try with an older version, which the module makes none of", None
        case FailureCause.DOWNGRADE:
            return f"the module offered {spoken}: what stands between the two has changed its hello", None
        case FailureCause.NOT_TLS:
            return "the server speaks no TLS at this port", None
        case FailureCause.PEER_CLOSED:
            return f"the server's log may say why; a server may refuse {spoken} in this way", None
        case FailureCause.UNTRUSTED:
            return "", _NEEDS.get(failure.alert) if failure.alert is not None else None
        case FailureCause.ALERT_RECEIVED if asked_for_certificate and failure.alert in _OF_CERTIFICATES:
            return _NOT_ACCEPTED, None
        case FailureCause.ALERT_RECEIVED if failure.alert == Alert.INTERNAL_ERROR:
            return f"the server may refuse {spoken}, {whose}: {allow}", None
        case FailureCause.ALERT_RECEIVED if failure.alert == Alert.UNRECOGNIZED_NAME and configuration.server_name:
            return f"the server knows no {configuration.server_name}, which the hello names (SNI)", None
        case FailureCause.ALERT_RECEIVED if failure.alert is not None:
            return _OF_ALERTS.get(failure.alert, ""), None
    return "", None


def _directives(version: ProtocolVersion) -> str:
    """Return what lets OpenSSL 3 take a version; its signatures with MD5 and SHA-1 need the level 0."""
    protocol = f"MinProtocol {version.openssl_name}"
    return protocol if version.names_signatures else f"{protocol} and CipherString DEFAULT@SECLEVEL=0"


def _certified(configuration: TlsConfiguration) -> str:
    """Return which certificate the server must have for what is offered; empty where an elliptic one does, too."""
    exchanges = {suite.key_exchange for suite in configuration.suites}
    if KeyExchange.ECDHE_ECDSA in exchanges or exchanges == {KeyExchange.NEGOTIATED}:
        return ""
    return f" and{', below TLS 1.3,' if KeyExchange.NEGOTIATED in exchanges else ''} have an RSA certificate"


def _flaw(failure: TlsFailure) -> ChainFlaw | None:
    """Return what is wrong with the chain, where the module has refused that."""
    cause: BaseException | None = failure
    while cause is not None and not isinstance(cause, ChainRefused):
        cause = cause.__cause__
    return cause.flaw if cause is not None else None


def _is_of_the_peer(failure: TlsFailure) -> bool:
    return failure.cause in (FailureCause.ALERT_RECEIVED, FailureCause.PEER_CLOSED)


def _any_suite(configuration: TlsConfiguration) -> Need | None:
    """Return the need of more suites where the host has chosen one."""
    if len(configuration.suites) > 1:
        return None
    return AnySuite((configuration.verify is not None) + (configuration.identity is not None))

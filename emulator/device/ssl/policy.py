"""Decide what the module offers and demands in a TLS handshake."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from emulator.device.calendar import Calendar
from emulator.device.connection.handshake_failure import HandshakeFailed, refusal_of
from emulator.device.connection.secure import HandshakeTimes, TracingObserver
from emulator.device.environment import Environment
from emulator.device.needs.ssl import CaCertificate, Identity, OfferedVersion, SkippedName
from emulator.device.ssl.computing import computing_of
from emulator.device.ssl.item import DataType
from emulator.device.ssl.memory import SecureSocketMemory
from emulator.device.ssl.offer import Offer, OfferSettings
from emulator.device.ssl.security_data import SecurityDataStore
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile
from emulator.net.addresses import server_name_of
from emulator.tls.client import (
    ChainFlaw,
    ClientIdentity,
    EngineChoice,
    FailureCause,
    TlsClient,
    TlsConfiguration,
    TlsFailure,
    TlsSession,
)
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import SSL_3_0, VersionRange

if TYPE_CHECKING:
    from emulator.tls.trust import ChainVerifier

NO_AUTHENTICATION, SERVER_AUTHENTICATION, MUTUAL_AUTHENTICATION = range(3)
"""<auth_mode> of #SSLSECCFG (guide 3.2)."""


class TlsPolicy:
    """Prepares each handshake with the settings of one secure socket; FTPS and HTTPS use them, too."""

    def __init__(
        self,
        profile: SecureSocketProfile,
        memory: SecureSocketMemory,
        security_data: SecurityDataStore,
        calendar: Calendar,
        environment: Environment,
        cpu_mode: Callable[[], int] = lambda: 0,
    ) -> None:
        """`cpu_mode` returns the value of #CPUMODE."""
        self._cpu_mode = cpu_mode
        self._profile = profile
        self._memory = memory
        self._security_data = security_data
        self._calendar = calendar
        self._environment = environment
        self._offer: Offer | None = None
        """That of the last handshake."""

    def __repr__(self) -> str:
        return f"<TlsPolicy {[suite.name for suite in self.offered]}>"

    @property
    def ssid(self) -> int:
        """Return the <SSId> whose settings it uses."""
        return self._memory.ssid

    @property
    def versions(self) -> VersionRange:
        """Return the versions of the next handshake."""
        return self._profile.versions(self._memory.settings.version)

    @property
    def offered(self) -> tuple[CipherSuite, ...]:
        """Return the suites of the next handshake, in order (guide 2.2.1 and 3.2)."""
        return self._profile.offer(self._memory.settings.cipher_suite, self.versions)

    def number_of(self, suite: CipherSuite) -> int:
        """Return the number of a suite by Tab. 1 of the guide; 0 where it has none."""
        return next((number for number, known in self._profile.numbered_suites.items() if known is suite), 0)

    def prepare(self, host: str, session: TlsSession | None = None) -> tuple[EngineChoice, TlsConfiguration]:
        """Return the engine and configuration for a handshake with `host`.

        Raises:
            DeviceError: the authentication mode needs security data that is not stored, or no engine can say
                the hello.
        """
        mode, versions = self._memory.settings.authentication, self.versions
        if versions.highest is SSL_3_0:
            reason = f"the host has chosen {versions}, which no engine of the emulator speaks"
            raise DeviceError(self._profile.refusals.handshake, reason, self._later_version())
        offer = self._offer_to(host, versions)
        if session is not None and session.suite not in offer.configuration.suites:
            session = None  # a hello that resumes a session must offer its suite (RFC 2246 7.4.1.2)
        configuration = replace(
            offer.configuration,
            verify=self._verifier(host) if mode != NO_AUTHENTICATION else None,
            identity=self._identity() if mode == MUTUAL_AUTHENTICATION else None,
            session=session,
            observer=TracingObserver(self._environment.trace, self.ssid),
        )
        try:
            choice = offer.engine(self._environment.tls_engine)
        except TlsFailure as failure:
            raise refusal_of(failure, self._profile.refusals.handshake, self.ssid) from failure
        if self._memory.settings.server_name and configuration.server_name is None:
            choice = choice._replace(reason=f"{choice.reason}; {host} is no name that a hello could say (RFC 6066 3)")
        return choice, configuration

    def _offer_to(self, host: str, versions: VersionRange) -> Offer:
        """Return the offer of the next handshake: the last one, where nothing has changed."""
        kept = self._memory.settings
        settings = OfferSettings(kept.cipher_suite, kept.version, self._server_name(host))
        if self._offer is None or self._offer.settings != settings:
            self._offer = Offer(self._profile, settings, versions)
        return self._offer

    def _server_name(self, host: str) -> str | None:
        """Return what the hello calls the server: the dialled name where the host wants that, never an address."""
        if not self._memory.settings.server_name:
            return None
        return server_name_of(host)

    def advise(self, failure: HandshakeFailed) -> HandshakeFailed:
        """Return a failed handshake with what the host's settings could change, where the firmware has them."""
        if failure.flaw is ChainFlaw.NAME and self._compares_names and not self._profile.trust.host_name:
            return failure.meaning("the host has asked for that check by <skipHostMismatch> 0", self._skipped_name())
        extended, settings = self._profile.extended_security, self._memory.settings
        if extended is None or failure.need is not None:
            return failure
        if failure.alert == Alert.UNRECOGNIZED_NAME and not settings.server_name and extended.server_name.allows(1):
            need = OfferedVersion(settings.version, 1, ssid=self.ssid)
            return failure.meaning("the server wants to be told its name (SNI), which the host has not asked for", need)
        refused = failure.cause is FailureCause.PROTOCOL_VERSION or failure.alert == Alert.INTERNAL_ERROR
        later = self._later_version() if refused else None
        if later is None:
            return failure
        return failure.meaning(f"the server may refuse {self.versions}, which is what the host has chosen", later)

    def _skipped_name(self) -> SkippedName:
        skipping = replace(self._memory.settings.configuration, host_mismatch=1)
        return SkippedName(skipping.values(self._profile.added_configuration), ssid=self.ssid)

    def _later_version(self) -> OfferedVersion | None:
        """Return the need of a later version than those that are offered; None where the firmware has none."""
        extended, settings, highest = self._profile.extended_security, self._memory.settings, self.versions.highest
        for number in extended.preferred if extended is not None else ():
            if self._profile.versions(number).highest.number > highest.number:
                return OfferedVersion(number, settings.server_name, ssid=self.ssid)
        return None

    def times(self, timeout: float) -> HandshakeTimes:
        """Return the limits of a handshake whose inactivity timeout is `timeout` seconds."""
        return HandshakeTimes(timeout, max(timeout, self._profile.handshake_limit), self._computing)

    def connection_seconds(self, timeout: float) -> float:
        """Return how long the TCP connection may take; `timeout`, where the firmware has no limit of its own for it."""
        kept = self._memory.settings.configuration
        return timeout if self._profile.connection_timeout is None else kept.connection_timeout / 10

    def _computing(self, client: TlsClient, configuration: TlsConfiguration, signs: bool) -> float:
        return computing_of(self._environment.pace, self._cpu_mode(), client, configuration, signs=signs)

    def _verifier(self, host: str) -> "ChainVerifier":
        from emulator.tls.trust import ChainVerifier, Limits

        anchors = self._security_data.certificates(DataType.CA_CERTIFICATE)
        if not anchors:
            need = CaCertificate(self._memory.settings.cipher_suite, ssid=self.ssid)
            raise DeviceError(self._profile.refusals.security_data, "no CA certificate is stored", need)
        trust = self._profile.trust
        limits = Limits(
            max_certificate_size=trust.certificate_size,
            signature_digests=frozenset(trust.digests),
            key_kinds=frozenset(trust.key_kinds),
            min_rsa_bits=trust.key_bits[0],
            max_rsa_bits=trust.key_bits[1],
            host_name=host if trust.host_name or self._compares_names else None,
            server_purpose=trust.server_purpose,
            key_uses=frozenset(suite.key_exchange.key_use for suite in self.offered),
        )
        return ChainVerifier(anchors, self._calendar.utc(), limits)

    @property
    def _compares_names(self) -> bool:
        """Whether the host has asked for it by <skipHostMismatch>, where the firmware has that."""
        return self._profile.host_mismatch is not None and not self._memory.settings.configuration.host_mismatch

    def _identity(self) -> ClientIdentity:
        from emulator.tls.security_data import load_identity_key

        chain = self._security_data.certificates(DataType.CERTIFICATE)
        key = self._security_data.private_key()
        cause, need = self._profile.refusals.security_data, Identity(self._memory.settings.cipher_suite, ssid=self.ssid)
        if not chain or key is None:
            lacking = " and ".join(
                name for name, item in (("client certificate", chain), ("private key", key)) if not item
            )
            raise DeviceError(cause, f"no {lacking} is stored", need)
        identity = ClientIdentity(chain, key)
        try:
            load_identity_key(identity)
        except TlsFailure as failure:
            raise DeviceError(cause, failure.detail, need) from failure
        return identity

"""The schema of SSL: the secure socket, security data and trust (guide chapters 2 to 4)."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section, Text
from emulator.firmware.schema.extended_security import ExtendedSecurity
from emulator.tls.wire.extensions import Extension, NamedGroup
from emulator.tls.wire.key_kinds import KeyKind
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite, suites_of
from emulator.tls.wire.versions import VERSIONS, ProtocolVersion, VersionRange

ExtensionName = Literal[
    "server_name",
    "supported_groups",
    "ec_point_formats",
    "signature_algorithms",
    "encrypt_then_mac",
    "extended_master_secret",
    "session_ticket",
    "supported_versions",
    "psk_key_exchange_modes",
    "key_share",
    "renegotiation_info",
]
"""The extensions that a profile can list, by their names in the RFCs."""

_RESERVED = Default(choices=(0,), default=0)
_SOCKETS = 16
"""The highest <SSId> that a profile may have."""


class SuiteChoice(Section, frozen=True, kw_only=True):
    """One row of Tab. 1 of the guide."""

    number: Annotated[int, Meta(ge=1, le=9)]
    suite: str

    def __post_init__(self) -> None:
        if self.suite not in CipherSuite.__members__:
            raise ValueError(f"no such suite; known are {', '.join(CipherSuite.__members__)}")


class Hello(Section, frozen=True, kw_only=True):
    """What the ClientHello holds beside version and suites."""

    scsv: bool
    """Whether the suites end with 00ff, the renegotiation SCSV (RFC 5746)."""
    scsv_until: str | None = None
    """With `scsv`: the latest lowest version of a hello that has it; a later one has `renegotiation_info` instead."""
    extensions: tuple[ExtensionName, ...]
    """The extensions, in order, each where the hello has use for it; without any not even their length is sent."""
    signature_algorithms: tuple[str, ...] = ()
    """What `signature_algorithms` names, as RFC 8446 has it; left out, RSA with `trust.digests`, the longest first."""
    groups: tuple[str, ...] = ()
    """What `supported_groups` names, as RFC 8446 has it."""

    def __post_init__(self) -> None:
        if self.scsv_until is not None and self.scsv_until not in VERSIONS:
            raise ValueError(f"`scsv_until` is {self.scsv_until!r}; known are {', '.join(VERSIONS)}")
        _check_names("signature_algorithms", self.signature_algorithms, SignatureScheme.__members__)
        _check_names("groups", self.groups, NamedGroup.__members__)
        in_need = [name for name in ("supported_groups", "key_share") if name in self.extensions]
        if in_need and not self.groups:
            raise ValueError(f"`groups` is empty, and `extensions` has {in_need[0]}")

    def says_scsv(self, versions: VersionRange) -> bool:
        """Return whether a hello that offers these versions has the SCSV."""
        last = VERSIONS[self.scsv_until] if self.scsv_until is not None else versions.lowest
        return self.scsv and versions.lowest.number <= last.number

    def extensions_with(self, versions: VersionRange) -> tuple[Extension, ...]:
        """Return the extensions of a hello that offers these versions: the SCSV may stand for one of them."""
        stands_for_it = self.scsv_until is not None and self.says_scsv(versions)
        left_out = Extension.RENEGOTIATION_INFO if stands_for_it else None
        return tuple(extension for extension in self.listed_extensions if extension is not left_out)

    @property
    def listed_extensions(self) -> tuple[Extension, ...]:
        """The extensions, as the engines have them."""
        return tuple(Extension[name.upper()] for name in self.extensions)

    @property
    def schemes(self) -> tuple[SignatureScheme, ...]:
        """The signature algorithms, as the engines have them."""
        return tuple(SignatureScheme[name.upper()] for name in self.signature_algorithms)

    @property
    def named_groups(self) -> tuple[NamedGroup, ...]:
        """The groups, as the engines have them."""
        return tuple(NamedGroup[name.upper()] for name in self.groups)


def _check_names(key: str, names: Sequence[str], known: Iterable[str]) -> None:
    """Make sure that each name is known, and that none stands there twice."""
    names_known = [name.lower() for name in known]
    unknown = [name for name in names if name not in names_known]
    if unknown:
        raise ValueError(f"`{key}` has {unknown[0]!r}; known are {', '.join(names_known)}")
    if len(set(names)) != len(names):
        raise ValueError(f"`{key}` names one twice")


class SecurityDataFormats(Section, frozen=True, kw_only=True):
    """Formats and limits of security data (guide 3.3)."""

    size_limit: Annotated[int, Meta(ge=1, le=65535)]
    """Longest security data in bytes."""
    actions: Numeric
    """<Action> of #SSLSECDATA: 0 deletes, 1 writes, 2 reads."""
    undocumented_actions: tuple[int, ...]
    """Those of them that no document explains; they are refused."""
    md5_when_reading: Default | None = None
    """<md5WhenReading>: 1 shows the MD5 of the private key instead of the key; absent where there is no such value."""
    ca_certificates: Annotated[int, Meta(ge=1, le=64)]
    """How many CA certificates one entry may hold; the module trusts each of them."""
    choosable: bool
    """Whether #SSLSECCFG has <cert_format>, 0 DER and 1 PEM; otherwise all is PEM."""
    private_keys: tuple[Literal["pkcs1", "pkcs8", "sec1"], ...]
    """Accepted private key structures."""
    key_kinds: tuple[KeyKind, ...]
    """Accepted kinds of private keys: RSA, or the curve of an ECDSA key."""
    nothing_stored: Text
    """The text shown where nothing is stored."""
    carriage_returns: bool
    """Whether PEM text may contain CR; otherwise lines end with LF alone."""
    trailing_text: bool
    """Whether something may stand behind an END line, as the EOF that some serial terminals add."""
    size_optional: bool
    """Whether <size> may be left out where Ctrl-Z ends the entry, and may stand with the actions that need none."""
    size_zero: bool
    """Whether <size> may be 0, as if it were left out."""
    size_excess: Annotated[int, Meta(ge=0)]
    """Most bytes of an entry in PEM beyond its <size>; a longer one is refused."""


class TrustLimits(Section, frozen=True, kw_only=True):
    """Limits of the certificate chains that the module accepts."""

    certificate_size: Annotated[int, Meta(ge=512, le=65535)]
    """Largest certificate in bytes (DER) that can be authenticated (guide 2.2.2)."""
    digests: tuple[Literal["md5", "sha1", "sha256", "sha384", "sha512"], ...]
    """Accepted signature digests."""
    key_kinds: tuple[KeyKind, ...]
    """Accepted kinds of keys and of their signatures: RSA by PKCS #1 v1.5 or by PSS, or the curve of ECDSA."""
    key_bits: tuple[int, int]
    """Smallest and largest RSA key."""
    dh_bits: tuple[int, int]
    """Smallest and largest group of a Diffie-Hellman key exchange, for suites with one."""
    host_name: bool
    """Whether the name in the certificate must be the one that was dialled."""
    server_purpose: bool
    """Whether the uses that the server's certificate names must have that of a TLS server."""

    def __post_init__(self) -> None:
        for key, (lowest, highest) in (("key_bits", self.key_bits), ("dh_bits", self.dh_bits)):
            if lowest > highest:
                raise ValueError(f"`{key}` ends before it begins, {lowest} to {highest}")


class SecureSocketRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the SSL commands."""

    not_enabled: Cause
    """An SSL command before #SSLEN."""
    already_enabled: Cause
    """#SSLEN=1,1 once more."""
    already_disabled: Cause
    """#SSLEN=1,0 while it is disabled."""
    owned_by_another: Cause
    """Another AT instance has enabled SSL."""
    open: Cause
    """A setting, the security data or #SSLEN is to be changed while the socket is open."""
    already_open: Cause
    """#SSLD or #SSLFASTD while the socket is open."""
    not_open: Cause
    """Sending, receiving, #SSLO or #SSLH while it is closed."""
    no_session: Cause
    """#SSLFASTD without a kept session."""
    context_down: Cause
    """Dialling while context 1 is down."""
    security_data: Cause
    """Security data is missing, or is not what its type says."""
    too_long: Cause
    """Security data over the size limit."""
    connect: Cause
    """The name cannot be resolved, or the peer not be reached."""
    handshake: Cause
    """The handshake fails, the peer is not trusted, or it falls silent."""
    disconnected: Cause
    """Sending after the peer has closed."""
    coding: Cause
    """A record cannot be encrypted or decrypted, or the session has failed in another way."""
    not_sent: Cause
    """The peer takes no data within <Timeout>."""


class PeerClosed(StrEnum):
    """The answer to a read once the peer has closed and all data was read."""

    NO_CARRIER = "NO CARRIER"
    DISCONNECTED = "DISCONNECTED"
    BOTH = "DISCONNECTED and NO CARRIER"
    """`DISCONNECTED` and OK end the read, and NO CARRIER follows."""


class SecureSocket(Section, frozen=True, kw_only=True):
    """The SSL socket (guide chapters 3 and 4)."""

    identifiers: Numeric
    """<SSId>: the secure sockets that there are."""
    cids: Default
    """<cid> of #SSLCFG."""
    tls_version: str
    """The version of TLS that is spoken, as in `TLS 1.0`; with `extended_security`, that says it."""
    extended_security: ExtendedSecurity | None = None
    """#SSLSECCFG2; absent where the firmware has no such command."""
    security_while_disabled: bool
    """Whether #SSLSECCFG and #SSLSECCFG2 are taken while #SSLEN is 0."""
    hello: Hello
    suites: tuple[SuiteChoice, ...]
    """The rows of Tab. 1: <cipher_suite> of #SSLSECCFG and the suite that it stands for."""
    offered: tuple[int | str, ...]
    """The suites that choice 0 offers, in the order on the wire: their numbers, or the names of those without one."""
    enabled_at_factory: bool
    """Whether #SSLEN is 1 from the start."""
    cipher_default: int
    """<cipher_suite> until #SSLSECCFG sets another."""
    authentication: Default
    """<auth_mode> of #SSLSECCFG: 0 none, 1 server, 2 server and client."""
    security_data: SecurityDataFormats
    packet_size: Default
    """<pktSz>, bytes; 0 stands for `automatic_packet_size`."""
    automatic_packet_size: Annotated[int, Meta(ge=1, le=16384)]
    """Bytes that <pktSz> 0 stands for."""
    services_at_once: Annotated[int, Meta(ge=1, le=8)]
    """How many sessions of FTPS and HTTPS there can be; the SSL socket is not counted."""
    inactivity: Default
    """<maxTo>, seconds; 0 waits for ever."""
    default_timeout: Default
    """<defTo>, tenths of a second."""
    transmission: Default
    """<txTo>, tenths of a second; 0 sends at once only full packets."""
    ring_modes: Default
    """<sslSRingMode>."""
    no_carrier_modes: Default
    """<noCarrierMode>."""
    host_mismatch: Default | None = None
    """<skipHostMismatch>: 0 compares the certificate's name with the dialled one; absent where it is reserved."""
    equal_pieces: Default | None = None
    """<equalizeTX>: 1 cuts what is sent in data mode into equal pieces; absent where there is no such value."""
    connection_timeout: Default | None = None
    """<connTimeout>, tenths of a second, for the TCP connection; without it, <Timeout> of #SSLD limits that."""
    configuration_tail: Annotated[int, Meta(ge=0, le=6)]
    """Number of values that #SSLCFG? prints after the six of the guide."""
    closure_types: Default
    """<closureType> of #SSLD and #SSLH."""
    modes: Default
    """<connMode>: 0 online, 1 command."""
    dial_timeout: Default
    """<Timeout> of #SSLD and #SSLFASTD, tenths of a second: the handshake inactivity timeout."""
    handshake_limit: Annotated[float, Meta(gt=0, le=3600)]
    """The longest time of a whole handshake, seconds; a longer <Timeout> takes its place."""
    transfer_timeout: Numeric
    """<Timeout> of #SSLSEND, #SSLSENDEXT and #SSLRECV, tenths of a second."""
    send_limit: Annotated[int, Meta(ge=1, le=16384)]
    """Longest data of one #SSLSEND; the surplus is dropped."""
    send_sizes: Numeric
    """<bytestosend> of #SSLSENDEXT."""
    receive_sizes: Numeric
    """<MaxNumByte> of #SSLRECV."""
    status_shows_suite: bool
    """Whether #SSLS shows the number of the suite of an open connection."""
    peer_closed: PeerClosed
    """The answer of #SSLRECV once the peer has closed and all data was read."""
    lost_can_be_closed: bool
    """Whether #SSLH answers OK once after the peer, the network or a timeout has ended the connection."""
    trust: TrustLimits
    refusals: SecureSocketRefusals

    def __post_init__(self) -> None:
        if self.configuration_tail > len(self.configuration_values):
            raise ValueError(
                f"`configuration_tail` counts {self.configuration_tail} values, "
                f"there are {', '.join(self.configuration_values)}"
            )
        if not self.identifiers.allows(1) or self.identifiers.highest > _SOCKETS:
            raise ValueError(f"`identifiers` is to have 1, and nothing beyond {_SOCKETS}")
        if self.tls_version not in VERSIONS:
            raise ValueError(f"`tls_version` is {self.tls_version!r}; known are {', '.join(VERSIONS)}")
        self._check_suites()
        self._check_versions()
        if len(set(self.hello.extensions)) != len(self.hello.extensions):
            raise ValueError("`hello.extensions` names an extension twice")
        extended = self.extended_security
        if extended is not None and extended.server_name.highest and "server_name" not in self.hello.extensions:
            raise ValueError("`hello.extensions` lacks server_name, which `extended_security.server_name` asks for")

    def _check_suites(self) -> None:
        """Make sure that numbers and names stand for suites."""
        numbers = [choice.number for choice in self.suites]
        if set(numbers) != set(range(1, len(numbers) + 1)):
            raise ValueError("the numbers of `suites` do not count from 1 on, one by one")
        if not self.offered or any(isinstance(one, int) and one not in numbers for one in self.offered):
            raise ValueError("`offered` names a number that `suites` does not have")
        unknown = [one for one in self.offered if isinstance(one, str) and one not in CipherSuite.__members__]
        if unknown:
            raise ValueError(f"`offered` has {unknown[0]!r}; known are {', '.join(CipherSuite.__members__)}")
        if self.cipher_default not in {0, *numbers}:
            raise ValueError("`cipher_default` is neither 0 nor a number of `suites`")

    @property
    def configuration_values(self) -> Mapping[str, Numeric]:
        """Return what #SSLCFG may have after the six values of the guide, in order; `unused` is reserved, 0."""
        values = {
            "ring_mode": self.ring_modes,
            "no_carrier_mode": self.no_carrier_modes,
            "host_mismatch": self.host_mismatch or _RESERVED,
            "equal_pieces": self.equal_pieces,
            "connection_timeout": self.connection_timeout,
            "unused": _RESERVED,
        }
        return {name: limits for name, limits in values.items() if limits is not None}

    @property
    def added_configuration(self) -> Mapping[str, Numeric]:
        """Return those of `configuration_values` that the firmware's #SSLCFG has."""
        return dict(islice(self.configuration_values.items(), self.configuration_tail))

    @property
    def version_ranges(self) -> tuple[VersionRange, ...]:
        """Return the versions that a hello may offer, one range for each choice of the host."""
        if self.extended_security is None:
            return (VERSIONS[self.tls_version].alone,)
        return tuple(choice.offered for choice in self.extended_security.versions)

    def versions(self, number: int) -> VersionRange:
        """Return the versions that a hello offers with this <version> of #SSLSECCFG2."""
        if self.extended_security is None:
            return VERSIONS[self.tls_version].alone
        return self.extended_security.offered(number)

    @property
    def numbered_suites(self) -> Mapping[int, CipherSuite]:
        """Return the suites that have a number, by that."""
        return {choice.number: CipherSuite[choice.suite] for choice in self.suites}

    @property
    def cipher_suites(self) -> Numeric:
        """Return the values of <cipher_suite>."""
        if not self.suites:
            return Numeric(choices=(0,), default=0)
        return Numeric(range=(0, len(self.suites)), default=self.cipher_default)

    @property
    def default_offer(self) -> tuple[CipherSuite, ...]:
        """Return the suites of choice 0."""
        numbered = self.numbered_suites
        return tuple(numbered[one] if isinstance(one, int) else CipherSuite[one] for one in self.offered)

    def offer(self, cipher_suite: int, versions: VersionRange) -> tuple[CipherSuite, ...]:
        """Return the suites that a <cipher_suite> of #SSLSECCFG offers in these versions, in their order."""
        suites = (self.numbered_suites[cipher_suite],) if cipher_suite else self.default_offer
        return tuple(suite for suite in suites if any(map(suite.goes_with, versions)))

    @property
    def spoken(self) -> tuple[ProtocolVersion, ...]:
        """Return every version that the module may offer, the oldest first."""
        spoken = {version for versions in self.version_ranges for version in versions}
        return tuple(sorted(spoken, key=lambda version: version.number))

    def _check_versions(self) -> None:
        """Make sure that some version has each extension, and some version each suite."""
        names = " or ".join(version.name for version in self.spoken)
        for extension in self.hello.listed_extensions:
            if not any(extension.goes_with(version) for version in self.spoken):
                raise ValueError(f"`hello.extensions` may not have {extension.name.lower()}, {names} has none")
        allowed = dict.fromkeys(suite.name for version in self.spoken for suite in suites_of(version))
        named = [*(choice.suite for choice in self.suites), *(suite.name for suite in self.default_offer)]
        foreign = [name for name in dict.fromkeys(named) if name not in allowed]
        if foreign:
            raise ValueError(f"{names} does not have {', '.join(foreign)}; it has {', '.join(allowed)}")

"""The interface of a TLS engine: a client session without sockets, asyncio or time.

Bytes from the peer go in, bytes for the peer come out, plaintext goes both ways::

    client = engine.connect(configuration)
    send(client.data_to_send())              # the ClientHello
    while client.state is TlsState.HANDSHAKING:
        client.receive(bytes_from_the_peer)  # raises TlsFailure; what is then to be sent is the alert
        send(client.data_to_send())
    client.write(b"plaintext")               # each argument is one packet; send(client.data_to_send())
    plaintext = client.read()
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

import msgspec

from emulator.tls.wire.extensions import Extension, NamedGroup, content_of, sent_of
from emulator.tls.wire.failures import FailureCause as FailureCause
from emulator.tls.wire.failures import TlsFailure as TlsFailure
from emulator.tls.wire.messages import RENEGOTIATION_SCSV, ClientHello
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, ProtocolVersion, VersionRange


class TlsState(Enum):
    """The state of a session."""

    HANDSHAKING = "handshaking"
    OPEN = "open"
    CLOSED = "closed"
    """The peer sent close_notify or ended the stream, or we closed."""
    FAILED = "failed"


class ChainFlaw(Enum):
    """The kind of what is wrong with a chain."""

    FORM = "form"
    """It is empty or too long, or a certificate in it is malformed."""
    SIZE = "size"
    """A certificate is larger than is taken."""
    PATH = "path"
    """No valid path leads to a trust anchor."""
    DATE = "date"
    """A certificate has expired, or is not valid yet."""
    DIGEST = "digest"
    KEY = "key"
    """A key is too short or too long."""
    NAME = "name"
    """It was issued for another server."""
    PURPOSE = "purpose"
    """Its uses do not include this one."""


class ChainRefused(Exception):
    """Refuses the peer's chain: a chain verifier raises it; `alert` is the TLS alert to send.

    Source: RFC 2246 7.2.2: bad_certificate 42, unsupported_certificate 43, certificate_expired 45,
    certificate_unknown 46, unknown_ca 48.
    """

    def __init__(self, detail: str, alert: int, flaw: ChainFlaw) -> None:
        super().__init__(detail)
        self.detail = detail
        self.alert = alert
        self.flaw = flaw


@dataclass(frozen=True)
class ClientIdentity:
    """The module's certificate and key, for a server that asks for a client certificate."""

    chain: tuple[bytes, ...]
    """DER certificates, the module's own first."""
    private_key: bytes = field(repr=False)
    """Its key: DER PKCS#1 (RSAPrivateKey), SEC 1 (ECPrivateKey) or PKCS#8."""


class TlsSession(Protocol):
    """A session that an abbreviated handshake can resume; only the engine that made it can read it."""

    @property
    def suite(self) -> CipherSuite:
        """The suite it was made with."""


class TlsObserver:
    """Receives the messages and secrets of a session; a subclass overrides what it needs."""

    def message(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        """Note a handshake message, change_cipher_spec or alert; `length` is that of its body in bytes.

        `name` is the RFC's own, as in `server_hello`; an alert is called `alert close_notify`.
        """

    def secret(self, line: str) -> None:
        """Note a line for an NSS key log: `CLIENT_RANDOM <client random> <master secret>`, both in hex.

        A session of TLS 1.3 has several, each with the name of its secret, as in `SERVER_TRAFFIC_SECRET_0`.
        """


class TlsConfiguration(msgspec.Struct, frozen=True):
    """The configuration of one session."""

    suites: tuple[CipherSuite, ...]
    """What is offered, in this order and nothing else."""
    verify: Callable[[Sequence[bytes]], None] | None = None
    """Judges the peer's chain (DER, leaf first), raising ChainRefused; None accepts every chain."""
    identity: ClientIdentity | None = None
    """Shown when the peer asks; without one the answer is an empty Certificate message."""
    session: TlsSession | None = None
    """Resumed if the peer still knows it, else a full handshake follows."""
    observer: TlsObserver = msgspec.field(default_factory=TlsObserver)
    versions: VersionRange = TLS_1_0.alone
    """The versions that are offered; the server may choose any of them."""
    scsv: bool = False
    """Whether the hello ends its suites with the renegotiation SCSV (RFC 5746 3.3)."""
    extensions: tuple[Extension, ...] = ()
    """The extensions of the hello, in this order, each where `versions` and `suites` have use for it; without any not
    even their length is sent."""
    server_name: str | None = None
    """What `server_name` says, where that is one of `extensions` (RFC 6066 3: a DNS name, no address)."""
    signatures: tuple[SignatureScheme, ...] = (SignatureScheme.RSA_PKCS1_SHA256, SignatureScheme.RSA_PKCS1_SHA1)
    """What `signature_algorithms` says, and what a named CertificateVerify is signed with; the preferred one first."""
    groups: tuple[NamedGroup, ...] = (NamedGroup.SECP256R1, NamedGroup.SECP384R1)
    """What `supported_groups` says; the preferred one first, which alone has a share in `key_share`."""
    dh_bits: tuple[int, int] | None = None
    """Smallest and largest group of Diffie-Hellman that a server may choose; None leaves it to the engine."""

    @property
    def sent_extensions(self) -> tuple[Extension, ...]:
        """Return the extensions that the hello has, in their order."""
        return sent_of(self.extensions, self.versions, self.suites, self.server_name)

    def hello(
        self, random: bytes, session_id: bytes = b"", contents: Mapping[Extension, bytes] | None = None
    ) -> ClientHello:
        """Return the ClientHello that says exactly this offer.

        `contents` has what the engine itself puts into an extension, such as a ticket or a key share.
        """
        suites = tuple(suite.number for suite in self.suites)
        signal = (RENEGOTIATION_SCSV,) if self.scsv else ()
        extensions = tuple((extension, self._content(extension, contents or {})) for extension in self.sent_extensions)
        return ClientHello(self.versions.of_hello, random, session_id, suites + signal, extensions)

    def _content(self, extension: Extension, contents: Mapping[Extension, bytes]) -> bytes:
        if extension in contents:
            return contents[extension]
        return content_of(extension, self.versions, self.server_name, self.signatures, self.groups)


class TlsClient(Protocol):
    """One session of one engine. Not safe for use by more than one thread."""

    @property
    def state(self) -> TlsState:
        """The state of the session."""

    @property
    def version(self) -> ProtocolVersion | None:
        """The version agreed on, once the peer has chosen."""

    @property
    def suite(self) -> CipherSuite | None:
        """The suite agreed on, once the peer has chosen."""

    @property
    def resumed(self) -> bool:
        """Whether the peer has resumed the offered session."""

    @property
    def peer_chain(self) -> tuple[bytes, ...]:
        """The peer's certificates, DER, leaf first; empty in a resumed session."""

    @property
    def session(self) -> TlsSession | None:
        """Return the session to resume later; None until the handshake is over or when the peer gave nothing for it.

        That is a session id or a ticket; in TLS 1.3 tickets come behind the handshake, and each one takes the place of
        the one before.
        """

    def receive(self, data: bytes) -> None:
        """Take bytes from the peer, in pieces of any size; b"" means that the peer has ended the stream.

        Raises:
            TlsFailure: the session has failed; `data_to_send` may hold the alert that tells the peer.
        """

    def data_to_send(self) -> bytes:
        """Return the bytes to send to the peer now; each byte is returned once."""

    def write(self, *packets: bytes) -> None:
        """Seal each packet of up to 16384 bytes as one record, an empty one as none; `data_to_send` then holds them.

        Raises:
            TlsFailure: the session is not open.
            ValueError: a packet is too long for one record; none is sealed.
        """

    def read(self, limit: int = -1) -> bytes:
        """Take up to `limit` bytes of received plaintext, all of it when negative; b"" when there is none."""

    @property
    def pending(self) -> int:
        """Return the number of unread bytes of plaintext."""

    def close(self) -> None:
        """Queue close_notify, once; the session is CLOSED afterwards. Harmless in any state."""


class TlsEngine(Protocol):
    """A library that runs TLS sessions."""

    name: str

    def __hash__(self) -> int:
        """Return what tells engines apart: what each can offer is kept."""

    def supports(self, suites: Sequence[CipherSuite], version: ProtocolVersion) -> bool:
        """Return whether this engine speaks `version`, and can offer every one of `suites`, which all belong to it."""

    def deviation(self, configuration: TlsConfiguration) -> str | None:
        """Return how its hello differs from `configuration.hello`, as in `adds 00ff to the hello`, or None."""

    def connect(self, configuration: TlsConfiguration) -> TlsClient:
        """Start a session; its ClientHello waits in `data_to_send`.

        Raises:
            TlsFailure: the engine cannot do what the configuration asks.
        """


class EngineChoice(NamedTuple):
    """An engine, and in words for a trace why it runs the session."""

    engine: TlsEngine
    reason: str


def require(engine: TlsEngine, configuration: TlsConfiguration) -> None:
    """Make sure that `engine` speaks every version and can offer every suite, and that there are any.

    Raises:
        TlsFailure: it can't; UNSUPPORTED.
    """
    if obstacle := _obstacle(engine, configuration.suites, configuration.versions):
        raise TlsFailure(FailureCause.UNSUPPORTED, obstacle)


@lru_cache(maxsize=64)
def _obstacle(engine: TlsEngine, suites: tuple[CipherSuite, ...], versions: VersionRange) -> str | None:
    """Return why `engine` cannot offer these; None where it can. Kept, since each session asks."""
    if not suites:
        return "no cipher suite to offer"
    foreign = [suite.name for suite in suites if not any(suite.goes_with(version) for version in versions)]
    if foreign:
        verb = "does not have" if versions.lowest is versions.highest else "do not have"
        return f"{versions} {verb} {', '.join(foreign)}"
    if silent := _unspoken(engine, versions):
        return f"the {engine.name} engine does not speak {' or '.join(silent)}"
    if missing := _missing(engine, suites, versions):
        return f"the {engine.name} engine cannot offer {', '.join(suite.name for suite in missing)}"
    return None


def lacking(engine: TlsEngine, configuration: TlsConfiguration) -> str | None:
    """Return what `engine` has not, as in `does not speak TLS 1.3` or `has no RC4-MD5`; None where it has all."""
    if silent := _unspoken(engine, configuration.versions):
        return f"does not speak {' or '.join(silent)}"
    missing = [suite.openssl_name for suite in _missing(engine, configuration.suites, configuration.versions)]
    return f"has no {', '.join(missing)}" if missing else None


def _unspoken(engine: TlsEngine, versions: VersionRange) -> list[str]:
    return [version.name for version in versions if not engine.supports([], version)]


def _missing(engine: TlsEngine, suites: tuple[CipherSuite, ...], versions: VersionRange) -> list[CipherSuite]:
    """Return the suites that `engine` has not in each version that may use them."""
    return [
        suite
        for suite in suites
        if not all(engine.supports([suite], version) for version in versions if suite.goes_with(version))
    ]

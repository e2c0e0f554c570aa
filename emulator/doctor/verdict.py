"""What the doctor finds out: facts about the server, and a verdict for each firmware."""

from dataclasses import dataclass, field
from enum import StrEnum

from emulator.doctor.extended import Extended
from emulator.firmware.selection import Choice


class Reason(StrEnum):
    """The one reason why a firmware does not reach a server; the value is the word that users see."""

    VERSION = "version"
    """The server speaks later versions of TLS only, or than the factory's; or the firmware has no SSL commands."""
    SUITES = "suites"
    """The server accepts none of the cipher suites that are offered."""
    SIZE = "size"
    """A certificate or key is larger than the firmware takes."""
    CHAIN = "chain"
    """No path leads from the server's certificate to the stored CA certificate."""
    DATE = "date"
    """A certificate is not valid at the date of the module's clock."""
    DIGEST = "digest"
    """A certificate is signed with a digest that the firmware does not know."""
    KEY = "key"
    """A key is of a type or size that the firmware cannot use."""
    CLIENT_CERTIFICATE = "client-certificate"
    """The server wants a client certificate, or refuses the one that it was shown."""
    SERVER_NAME = "server-name"
    """The server answers only clients that name it in their hello (SNI), or its certificate has another name."""
    NO_TLS = "no-tls"
    """What answers there speaks no TLS."""
    SILENCE = "silence"
    """Nobody answers, or the server accepts the connection and says nothing."""
    CLOSED = "closed"
    """The server closes the connection, whoever dials."""
    REFUSED = "refused"
    """The connection is refused: nothing listens there."""
    NAME = "name"
    """The name of the server cannot be resolved."""


@dataclass(frozen=True)
class Root:
    """The CA certificate to store in the module."""

    certificate: bytes = field(repr=False)
    """DER."""
    subject: str
    """For a person, as in `ISRG Root X1`."""
    source: str
    """Where it was found: `--ca`, `the server`, or the path of this machine's roots."""


@dataclass(frozen=True)
class ServerFacts:
    """What is known about a server; what was not looked for is empty."""

    host: str
    port: int
    versions: tuple[str, ...] = ()
    """The versions of TLS that it speaks, oldest first, as in `TLS 1.2`."""
    suites: tuple[str, ...] = ()
    """The cipher suites that it accepts, as OpenSSL calls them: in the module's version where it speaks that."""
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    """The certificates that it sends, DER, its own first."""
    key: str = ""
    """The key of its certificate, as in `RSA 2048` or `EC secp256r1`."""
    root: Root | None = None
    """The root of its chain: given by --ca, sent by the server, or found on this machine."""
    needs_name: bool = False
    """Whether it serves only clients that name it in their hello (SNI)."""
    asks_certificate: bool = False
    """Whether it asks for a client certificate."""


@dataclass(frozen=True)
class Verdict:
    """Whether one firmware reaches the server, in one authentication mode."""

    firmware: Choice
    """The firmware, and those that a host cannot tell from it; `load_firmware(firmware.name)` has the profile."""
    mode: int
    """<auth_mode> of #SSLSECCFG: 0 none, 1 server, 2 server and client."""
    reachable: bool
    """Whether #SSLD succeeds with the <cipher_suite> that the firmware has by default."""
    numbers: tuple[int, ...] = ()
    """Each <cipher_suite> with which #SSLD succeeds, 0 included."""
    suites: tuple[str, ...] = ()
    """The suites of `numbers`, as OpenSSL calls them."""
    reason: Reason | None = None
    """None when it is reachable."""
    sentence: str = ""
    """The verdict in one sentence."""
    server: ServerFacts = field(default_factory=lambda: ServerFacts("", 0))
    """What is known about the server; the same for all verdicts of one examination."""
    anchor: Root | None = None
    """The CA certificate that the dial was made with; None in mode 0, or where none was found."""
    also: tuple[Reason, ...] = ()
    """What would stand in the way next, once the reason is removed."""
    extended: Extended | None = None
    """The values of #SSLSECCFG2 that `numbers` need; None where the factory's do, or there is no such command."""

    @property
    def cipher_suite(self) -> int | None:
        """Return the <cipher_suite> to set, the default where that works; None when none works."""
        return self.numbers[0] if self.numbers else None

"""Needs of the secure sockets."""

from dataclasses import dataclass, field

from emulator.errors import Need


@dataclass(frozen=True)
class OfSecureSocket(Need):
    """Something holds for one secure socket."""

    ssid: int = field(default=1, kw_only=True)


@dataclass(frozen=True)
class EnabledSsl(OfSecureSocket):
    """SSL is enabled."""


@dataclass(frozen=True)
class DisabledSsl(OfSecureSocket):
    """SSL is disabled."""


@dataclass(frozen=True)
class ReleasedSsl(OfSecureSocket):
    """The AT instance that has enabled SSL has disabled it."""


@dataclass(frozen=True)
class OpenSecureSocket(OfSecureSocket):
    """The secure socket has a connection."""


@dataclass(frozen=True)
class ClosedSecureSocket(OfSecureSocket):
    """The secure socket has no connection."""


@dataclass(frozen=True)
class KeptSession(OfSecureSocket):
    """A session of the secure socket is kept."""


@dataclass(frozen=True)
class CaCertificate(OfSecureSocket):
    """The certificate of the server's issuer is stored."""

    cipher_suite: int = 0
    """The choice of suites; 0 is all of them."""


@dataclass(frozen=True)
class Identity(OfSecureSocket):
    """The module's own certificate and private key are stored, and they belong together."""

    cipher_suite: int = 0


@dataclass(frozen=True)
class PresentedIdentity(OfSecureSocket):
    """The module shows the server a certificate of its own."""

    cipher_suite: int = 0


@dataclass(frozen=True)
class AnySuite(OfSecureSocket):
    """The module offers every suite that it has."""

    authentication: int
    """The authentication now."""


@dataclass(frozen=True)
class OfferedVersion(OfSecureSocket):
    """The module offers other versions of TLS, or names the server."""

    version: int
    server_name: int


@dataclass(frozen=True)
class SkippedName(OfSecureSocket):
    """The module takes a certificate with another name than the dialled one."""

    configuration: str
    """The values of #SSLCFG behind <SSId> that say so; the others are as they are now."""


@dataclass(frozen=True)
class RightClock(Need):
    """The module's clock tells the date."""

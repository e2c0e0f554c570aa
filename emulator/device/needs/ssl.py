"""Needs of the secure sockets."""

from emulator.errors import Need


class OfSecureSocket(Need, frozen=True, kw_only=True):
    """Something holds for one secure socket."""

    ssid: int = 1


class EnabledSsl(OfSecureSocket, frozen=True):
    """SSL is enabled."""


class DisabledSsl(OfSecureSocket, frozen=True):
    """SSL is disabled."""


class ReleasedSsl(OfSecureSocket, frozen=True):
    """The AT instance that has enabled SSL has disabled it."""


class OpenSecureSocket(OfSecureSocket, frozen=True):
    """The secure socket has a connection."""


class ClosedSecureSocket(OfSecureSocket, frozen=True):
    """The secure socket has no connection."""


class KeptSession(OfSecureSocket, frozen=True):
    """A session of the secure socket is kept."""


class CaCertificate(OfSecureSocket, frozen=True):
    """The certificate of the server's issuer is stored."""

    cipher_suite: int = 0
    """The choice of suites; 0 is all of them."""


class Identity(OfSecureSocket, frozen=True):
    """The module's own certificate and private key are stored, and they belong together."""

    cipher_suite: int = 0


class PresentedIdentity(OfSecureSocket, frozen=True):
    """The module shows the server a certificate of its own."""

    cipher_suite: int = 0


class AnySuite(OfSecureSocket, frozen=True):
    """The module offers every suite that it has."""

    authentication: int
    """The authentication now."""


class OfferedVersion(OfSecureSocket, frozen=True):
    """The module offers other versions of TLS, or names the server."""

    version: int
    server_name: int


class SkippedName(OfSecureSocket, frozen=True):
    """The module takes a certificate with another name than the dialled one."""

    configuration: str
    """The values of #SSLCFG behind <SSId> that say so; the others are as they are now."""


class RightClock(Need, frozen=True):
    """The module's clock tells the date."""

"""Base of the TLS servers, with every suite of the modules, on a free port of loopback."""

import secrets
import socket
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from emulator.errors import UserError
from emulator.lab.connections import LabConnection, TlsConnection
from emulator.lab.loopback import CHAIN, KEY, MISSING_EXTRA
from emulator.lab.misbehaviour import find
from emulator.lab.quiet import without_warnings
from emulator.lab.threaded_server import ThreadedServer
from emulator.lab.versions import version_range
from emulator.tls.wire.suites import (
    AEAD,
    AES_128_CBC,
    AES_128_GCM,
    AES_256_CBC,
    AES_256_GCM,
    CHACHA,
    MD5,
    NULL,
    RC4_128,
    SHA,
    SHA256,
    SHA384,
    CipherSuite,
    KeyExchange,
)

_EXCHANGES = {
    KeyExchange.RSA: "rsa",
    KeyExchange.DHE_RSA: "dhe_rsa",
    KeyExchange.ECDHE_RSA: "ecdhe_rsa",
    KeyExchange.ECDHE_ECDSA: "ecdhe_ecdsa",
}
_CIPHERS = {
    NULL: "null",
    RC4_128: "rc4",
    AES_128_CBC: "aes128",
    AES_256_CBC: "aes256",
    AES_128_GCM: "aes128gcm",
    AES_256_GCM: "aes256gcm",
    CHACHA: "chacha20-poly1305",
}
_MACS = {MD5: "md5", SHA: "sha", SHA256: "sha256", SHA384: "sha384", AEAD: "aead"}
_SUITES = {suite.openssl_name: suite for suite in CipherSuite if suite.cipher in _CIPHERS}
"""Suites by OpenSSL's name; tlslite-ng accepts each exchange with each cipher and each digest that is named."""
HANDSHAKE = b"\x16"
"""The first byte of a TLS record with a handshake message (RFC 2246 6.2.1)."""
_HANDSHAKE_LIMIT = 60.0
"""Seconds without a byte, after which a handshake is given up."""


class TlsOptions(TypedDict, total=False):
    """Options of the handshake; each may be left out."""

    suites: Sequence[str]
    """Those it accepts, as OpenSSL calls them; all that a module knows."""
    versions: tuple[str, str]
    """The lowest and the highest version of TLS; `("TLS 1.0", "TLS 1.3")`."""
    chain: Sequence[Path]
    """PEM files of its certificates, its own first; those of the lab."""
    key: Path
    """The PEM file of the key that belongs to them."""
    requires_certificate: bool
    """Hang up on a client that shows no certificate, once the handshake is over; any will do, whoever issued it."""
    misbehaviour: str
    """What it does wrong, one of `misbehaviour.BEFORE` and `AFTER`; nothing."""
    spared: int
    """How many clients it serves well before that; 0."""


class TlsServer(ThreadedServer):
    """Do the handshake, or a misbehaviour."""

    def __init__(self, **options: Unpack[TlsOptions]) -> None:
        """Listen at once.

        Raises:
            UserError: the extra `lab` is not installed, a suite or misbehaviour is unknown or a file cannot be read.
        """
        self._before, self._after = find(options.get("misbehaviour"))
        self._spared = options.get("spared", 0)
        self._handshake = _handshake_arguments(
            options.get("suites", tuple(_SUITES)),
            options.get("versions", ("TLS 1.0", "TLS 1.3")),
            options.get("chain", CHAIN),
            options.get("key", KEY),
            options.get("requires_certificate", False),
        )
        self._handshaking = threading.Lock()
        super().__init__()

    @abstractmethod
    def _talk(self, connection: LabConnection) -> None:
        """Serve one client after the handshake, in its thread, until either side closes."""

    def _service(self) -> Callable[[socket.socket], None]:
        return self._serve_well if self.served < self._spared else self._serve

    def _serve_well(self, client: socket.socket) -> None:
        self._talk(self._connect(client))

    def _serve(self, client: socket.socket) -> None:
        if self._before is not None:
            self._before(client)
        elif self._after is not None:
            self._connect(client)
            self._after(client)
        else:
            self._serve_well(client)

    def _connect(self, client: socket.socket) -> LabConnection:
        """Take a new client into use, by a handshake."""
        return TlsConnection(self._open_session(client))

    def _open_session(self, client: socket.socket) -> Any:
        """Do the handshake with one client at a time.

        tlslite-ng keeps a session only after its last handshake message has left: a quick client could be back to
        resume it before it is there to be found.
        """
        from tlslite.api import TLSConnection

        client.recv(1, socket.MSG_PEEK)  # a client that says nothing holds up no other
        connection = TLSConnection(client)
        with self._handshaking:
            client.settimeout(_HANDSHAKE_LIMIT)
            connection.handshakeServer(**self._handshake)
            client.settimeout(None)
        return connection


def _handshake_arguments(
    suites: Sequence[str], versions: tuple[str, str], chain: Sequence[Path], key: Path, requires_certificate: bool
) -> dict[str, Any]:
    try:
        with without_warnings():
            from tlslite.api import HandshakeSettings, SessionCache, X509CertChain, parsePEMKey
    except ImportError as error:
        raise UserError(MISSING_EXTRA) from error
    certificates = X509CertChain()
    certificates.parsePemList("".join(_read(file) for file in chain))
    unknown = [suite for suite in suites if suite not in _SUITES]
    if unknown:
        raise UserError(f"lab server: no suite is called {', '.join(unknown)}; there are {', '.join(_SUITES)}")
    chosen = [_SUITES[suite] for suite in suites]
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = (divmod(version.number, 256) for version in version_range(versions))
    settings.ticketKeys = [secrets.token_bytes(32)]  # without one, no session of TLS 1.3 can be resumed
    settings.cipherNames = list(dict.fromkeys(_CIPHERS[suite.cipher] for suite in chosen))
    settings.macNames = list(dict.fromkeys(_MACS[suite.mac] for suite in chosen))
    exchanges = [_EXCHANGES[suite.key_exchange] for suite in chosen if suite.key_exchange in _EXCHANGES]
    settings.keyExchangeNames = list(dict.fromkeys(exchanges))
    return {
        "certChain": certificates,
        "privateKey": parsePEMKey(_read(key), private=True),
        "settings": settings,
        "sessionCache": SessionCache(),
        "reqCert": requires_certificate,
        "checker": _refuse_without_certificate if requires_certificate else None,
    }


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError as error:
        raise UserError(f"lab server: {file}: {error.strerror}; name a PEM file") from error


def _refuse_without_certificate(connection: Any) -> None:
    from tlslite.errors import TLSNoAuthenticationError

    if connection.session.clientCertChain is None:
        raise TLSNoAuthenticationError("the client has shown no certificate")

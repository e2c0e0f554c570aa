"""Base of the TLS servers, with every suite of the modules, on a free port of loopback."""

import secrets
import socket
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, Unpack

from emulator.errors import UserError
from emulator.lab.connections import LabConnection, TlsConnection
from emulator.lab.loopback import CHAIN, KEY, MISSING_EXTRA
from emulator.lab.misbehaviour import find
from emulator.lab.place import Place
from emulator.lab.quiet import without_warnings
from emulator.lab.threaded_server import ThreadedServer
from emulator.lab.tlslite_names import SUITES, choose_suites
from emulator.lab.versions import version_range

HANDSHAKE = b"\x16"
"""The first byte of a TLS record with a handshake message (RFC 2246 6.2.1)."""
_HANDSHAKE_LIMIT = 60.0
"""Seconds without a byte, after which a handshake is given up."""


Talker = Callable[[LabConnection], None]
"""Serves one client after the handshake, in its thread, until either side closes."""


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
    place: Place
    """Where it listens; loopback."""
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
            options.get("suites", tuple(SUITES)),
            options.get("versions", ("TLS 1.0", "TLS 1.3")),
            options.get("chain", CHAIN),
            options.get("key", KEY),
            options.get("requires_certificate", False),
        )
        self._handshaking = threading.Lock()
        super().__init__(options.get("place", self.place))

    @abstractmethod
    def _talker(self) -> Talker:
        """Return the function that serves a new client after the handshake; see `_service`."""

    def _renew(self) -> None:
        super()._renew()
        self._handshake = {**self._handshake, **_memory(self._handshake["settings"])}

    def _service(self) -> Callable[[socket.socket], None]:
        talk, recorder = self._talker(), self._recorder

        def serve_well(client: socket.socket) -> None:
            talk(self._recorded(self._connect(client), recorder))

        return serve_well if self.served < self._spared else partial(self._serve, serve_well)

    def _serve(self, serve_well: Callable[[socket.socket], None], client: socket.socket) -> None:
        if self._before is not None:
            self._before(client)
        elif self._after is not None:
            self._connect(client)
            self._after(client)
        else:
            serve_well(client)

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
            from tlslite.api import HandshakeSettings, X509CertChain, parsePEMKey
    except ImportError as error:
        raise UserError(MISSING_EXTRA) from error
    certificates = X509CertChain()
    certificates.parsePemList("".join(_read(file) for file in chain))
    unknown = [suite for suite in suites if suite not in SUITES]
    if unknown:
        raise UserError(f"lab server: no suite is called {', '.join(unknown)}; there are {', '.join(SUITES)}")
    chosen = [SUITES[suite] for suite in suites]
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = (divmod(version.number, 256) for version in version_range(versions))
    choose_suites(settings, chosen)
    return {
        "certChain": certificates,
        "privateKey": parsePEMKey(_read(key), private=True),
        **_memory(settings),
        "reqCert": requires_certificate,
        "checker": _refuse_without_certificate if requires_certificate else None,
    }


def _memory(settings: Any) -> dict[str, Any]:
    """Return arguments of a handshake that know no earlier session."""
    from tlslite.api import SessionCache

    renewed = copy(settings)
    renewed.ticketKeys = [secrets.token_bytes(32)]  # without one, no session of TLS 1.3 can be resumed
    return {"settings": renewed, "sessionCache": SessionCache()}


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError as error:
        raise UserError(f"lab server: {file}: {error.strerror}; name a PEM file") from error


def _refuse_without_certificate(connection: Any) -> None:
    from tlslite.errors import TLSNoAuthenticationError

    if connection.session.clientCertChain is None:
        raise TLSNoAuthenticationError("the client has shown no certificate")

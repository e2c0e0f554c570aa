"""A TLS 1.0 server with every suite that a module knows, on a free port of loopback; what it says is left open."""

import contextlib
import socket
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from emulator.errors import UserError
from emulator.lab.loopback import CHAIN, KEY, MISSING_EXTRA, LoopbackServer
from emulator.lab.misbehaviour import find

_SUITES = {
    "AES256-SHA": ("aes256", "sha"),
    "AES128-SHA": ("aes128", "sha"),
    "RC4-SHA": ("rc4", "sha"),
    "RC4-MD5": ("rc4", "md5"),
    "NULL-SHA": ("null", "sha"),
}
"""Cipher and digest by OpenSSL's name of a suite; tlslite-ng accepts each cipher with each digest that is named."""
_CONNECTIONS = 16
"""At once; a further client waits."""
_HANDSHAKE_LIMIT = 60.0
"""Seconds without a byte, after which a handshake is given up."""


class TlsOptions(TypedDict, total=False):
    """How a server shakes hands; everything may be left out."""

    suites: Sequence[str]
    """Those it accepts, as OpenSSL calls them; all that a module knows."""
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


class TlsServer(LoopbackServer):
    """Serves each client in a thread of its own, until it is closed."""

    def __init__(self, **options: Unpack[TlsOptions]) -> None:
        """Listen at once.

        Raises:
            UserError: the extra `lab` is not installed, a suite or misbehaviour is unknown or a file cannot be read.
        """
        self._before, self._after = find(options.get("misbehaviour"))
        self._spared = options.get("spared", 0)
        self._handshake = _handshake_arguments(
            options.get("suites", tuple(_SUITES)),
            options.get("chain", CHAIN),
            options.get("key", KEY),
            options.get("requires_certificate", False),
        )
        self._closed = False
        self.served = 0
        """How many clients have come."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._handshaking = threading.Lock()
        self._slots = threading.BoundedSemaphore(_CONNECTIONS)
        threading.Thread(target=self._accept, name=f"lab server {self.port}", daemon=True).start()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on 127.0.0.1:{self.port}, {len(self._open)} clients>"

    @abstractmethod
    def _talk(self, connection: Any) -> None:
        """Serve one client whose session is open, in its thread, until it or the server closes."""

    def close(self) -> None:
        """Stop listening and hang up on every client."""
        self._closed = True
        for open_socket in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(client)
            if self._closed:  # it came in while close() looked for those to hang up on
                client.close()
                return
            serve = self._serve_well if self.served < self._spared else self._serve
            self.served += 1
            threading.Thread(target=self._run, args=(serve, client), name="lab client", daemon=True).start()

    def _run(self, serve: Callable[[socket.socket], None], client: socket.socket) -> None:
        try:
            with client, contextlib.suppress(Exception):  # whatever a client does ends its own session only
                serve(client)
        finally:
            self._open.discard(client)
            self._slots.release()

    def _serve_well(self, client: socket.socket) -> None:
        self._talk(self._open_session(client))

    def _serve(self, client: socket.socket) -> None:
        if self._before is not None:
            self._before(client)
        elif self._after is not None:
            self._open_session(client)
            self._after(client)
        else:
            self._serve_well(client)

    def _open_session(self, client: socket.socket) -> Any:
        """Shake hands with one client at a time.

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


def write_at_once(connection: Any, data: bytes) -> None:
    """tlslite-ng splits a record in two; both leave in one segment, so that a read of the module sees all of it."""
    stream = connection.sock
    stream.buffer_writes = True
    connection.write(data)
    stream.flush()
    stream.buffer_writes = False


def _handshake_arguments(
    suites: Sequence[str], chain: Sequence[Path], key: Path, requires_certificate: bool
) -> dict[str, Any]:
    try:
        from tlslite.api import HandshakeSettings, SessionCache, X509CertChain, parsePEMKey
    except ImportError as error:
        raise UserError(MISSING_EXTRA) from error
    certificates = X509CertChain()
    certificates.parsePemList("".join(_read(file) for file in chain))
    unknown = [suite for suite in suites if suite not in _SUITES]
    if unknown:
        raise UserError(f"lab server: no suite is called {', '.join(unknown)}; there are {', '.join(_SUITES)}")
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = (3, 1)
    settings.cipherNames = list(dict.fromkeys(_SUITES[suite][0] for suite in suites))
    settings.macNames = list(dict.fromkeys(_SUITES[suite][1] for suite in suites))
    settings.keyExchangeNames = ["rsa"]
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

"""A TLS 1.0 server with every suite that a module knows, on a free port of loopback."""

import contextlib
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emulator.errors import UserError
from emulator.lab.conversations import Conversation, Reply
from emulator.lab.loopback import CHAIN, KEY, MISSING_EXTRA, LoopbackServer
from emulator.lab.misbehaviour import AFTER, BEFORE, Misbehaviour

_SUITES = {
    "AES256-SHA": ("aes256", "sha"),
    "AES128-SHA": ("aes128", "sha"),
    "RC4-SHA": ("rc4", "sha"),
    "RC4-MD5": ("rc4", "md5"),
    "NULL-SHA": ("null", "sha"),
}
"""Cipher and digest by OpenSSL's name of a suite; tlslite-ng accepts each cipher with each digest that is named."""
_LARGEST_REQUEST = 65536
"""Bytes that are kept of what a client says before an answer."""
_CONNECTIONS = 16
"""At once; a further client waits."""
_HANDSHAKE_LIMIT = 60.0
"""Seconds without a byte, after which a handshake is given up."""


class LabServer(LoopbackServer):
    """Serves each client in a thread of its own, until it is closed."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        suites: Sequence[str] = tuple(_SUITES),
        chain: Sequence[Path] = CHAIN,
        key: Path = KEY,
        requires_certificate: bool = False,
        misbehaviour: str | None = None,
        spared: int = 0,
        time_scale: float = 1.0,
    ) -> None:
        """Listen at once.

        Args:
            conversation: what the server says.
            suites: those it accepts, as OpenSSL calls them.
            chain: PEM files of its certificates, its own first.
            key: the PEM file of the key that belongs to them.
            requires_certificate: hang up on a client that shows no certificate, once the handshake is over; any will
                do, whoever issued it.
            misbehaviour: what it does wrong, one of `misbehaviour.BEFORE` and `AFTER`.
            spared: how many clients it serves well before that.
            time_scale: shortens the delays of replies as it does the module's time.

        Raises:
            UserError: the extra `lab` is not installed, a suite or misbehaviour is unknown or a file cannot be read.
        """
        self._before, self._after = _misbehaviour(misbehaviour)
        self._spared = spared
        self._conversation = conversation
        self._time_scale = time_scale
        self._handshake = _handshake_arguments(suites, chain, key, requires_certificate)
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
        return f"<LabServer on 127.0.0.1:{self.port}, {len(self._open)} clients>"

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
            self.served += 1
            well = self.served <= self._spared
            threading.Thread(target=self._serve, args=(client, well), name="lab client", daemon=True).start()

    def _serve(self, client: socket.socket, well: bool) -> None:
        try:
            with client, contextlib.suppress(Exception):  # whatever a client does ends its own session only
                self._talk(client, well=well)
        finally:
            self._open.discard(client)
            self._slots.release()

    def _talk(self, client: socket.socket, *, well: bool) -> None:
        if self._before is not None and not well:
            self._before(client)
            return
        session = self._open_session(client)
        if self._after is not None and not well:
            self._after(client)
        else:
            _Dialogue(session, self._conversation, self._time_scale).run()

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


class _Dialogue:
    """One client's session."""

    def __init__(self, connection: Any, conversation: Conversation, time_scale: float) -> None:
        self._connection = connection
        self._conversation = conversation
        self._time_scale = time_scale
        self._writing = threading.Lock()
        self._thought: threading.Timer | None = None
        """The latest answer that was thought about: one at a time."""

    def run(self) -> None:
        """Answer until the client closes."""
        unanswered = b""
        try:
            while data := self._connection.read(min=1, max=16384):
                unanswered = (unanswered + data)[-_LARGEST_REQUEST:]
                reply = self._conversation(unanswered)
                if reply is not None:
                    unanswered = b""
                    self._schedule(reply)
            self._connection.close()
        finally:
            if self._thought is not None:
                self._thought.cancel()

    def _schedule(self, reply: Reply) -> None:
        if not reply.delay:
            self._answer(reply)
            return
        if self._thought is not None:
            self._thought.join()
        self._thought = threading.Timer(reply.delay / self._time_scale, self._answer, (reply,))
        self._thought.daemon = True
        self._thought.start()

    def _answer(self, reply: Reply) -> None:
        with self._writing, contextlib.suppress(Exception):  # the client may have gone while the server was thinking
            self._write_at_once(reply.data)
            if reply.closes:
                self._connection.close()

    def _write_at_once(self, data: bytes) -> None:
        """tlslite-ng splits a record in two; both leave in one segment, so that a read of the module sees all of it."""
        stream = self._connection.sock
        stream.buffer_writes = True
        self._connection.write(data)
        stream.flush()
        stream.buffer_writes = False


def _misbehaviour(name: str | None) -> tuple[Misbehaviour | None, Misbehaviour | None]:
    """What takes the place of the handshake, and of the conversation."""
    known = (*BEFORE, *AFTER)
    if name is not None and name not in known:
        raise UserError(f"lab server: no misbehaviour is called {name!r}; there are {', '.join(known)}")
    return (BEFORE.get(name), AFTER.get(name)) if name is not None else (None, None)


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

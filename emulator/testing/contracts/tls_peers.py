"""Peers for the contract of TLS engines: a session over a socket, and servers that keep what they see."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal

import pytest

from emulator.lab.loopback import CHAIN, KEY
from emulator.lab.tls_server import Talker, TlsServer
from emulator.resources import CERTS
from emulator.tls.client import (
    ClientIdentity,
    TlsClient,
    TlsConfiguration,
    TlsEngine,
    TlsFailure,
    TlsObserver,
    TlsState,
)
from emulator.tls.security_data import parse_certificate, parse_private_key
from emulator.tls.wire.suites import CipherSuite

TIMEOUT = 30.0
"""Seconds without a byte after which a test gives up."""

AES128 = CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA
AES256 = CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA
NULL = CipherSuite.TLS_RSA_WITH_NULL_SHA

SERVER_CHAIN = tuple(parse_certificate(file.read_bytes(), "PEM") for file in CHAIN)
SERVER_KEY = parse_private_key(KEY.read_bytes(), "PEM")
IDENTITY = ClientIdentity(
    chain=(parse_certificate((CERTS / "public-demo-client.pem").read_bytes(), "PEM"),),
    private_key=parse_private_key((CERTS / "public-demo-client-key.pem").read_bytes(), "PEM"),
)


def offering(*suites: CipherSuite) -> TlsConfiguration:
    """Return a configuration that offers `suites` and accepts every chain."""
    return TlsConfiguration(suites)


class Notes(TlsObserver):
    """Keep the messages and secrets of a session."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, int]] = []
        self.secrets: list[str] = []

    def message(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        self.messages.append((direction, name, length))

    def secret(self, line: str) -> None:
        self.secrets.append(line)

    @property
    def names(self) -> list[str]:
        """Return what passed, as `> client_hello` and `< server_hello`."""
        return [f"{'>' if direction == 'sent' else '<'} {name}" for direction, name, _ in self.messages]


class Wire:
    """Drives a session over a blocking socket; what fails raises TlsFailure once its alert is on the wire."""

    def __init__(self, engine: TlsEngine, port: int, configuration: TlsConfiguration, chunk: int = 65536) -> None:
        self.client: TlsClient = engine.connect(configuration)
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.heard = bytearray()
        """Everything the peer has sent."""
        self._chunk = chunk
        """How many bytes the client gets at once."""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def handshake(self) -> TlsClient:
        """Run until the session is open."""
        self.flush()
        while self.client.state is TlsState.HANDSHAKING:
            self.pump()
        return self.client

    def pump(self) -> None:
        """Take what the peer sends next."""
        data = self.socket.recv(65536)
        self.heard += data
        try:
            for start in range(0, max(1, len(data)), self._chunk):
                self.client.receive(data[start : start + self._chunk])
        except TlsFailure:
            self.flush()
            raise
        self.flush()

    def flush(self) -> None:
        """Send what waits to be sent."""
        data = self.client.data_to_send()
        if data:
            self.socket.sendall(data)

    def send(self, plaintext: bytes) -> None:
        """Send in packets of at most one record."""
        for start in range(0, len(plaintext), 16384):
            self.client.write(plaintext[start : start + 16384])
            self.flush()

    def receive(self, length: int) -> bytes:
        """Read `length` bytes of plaintext; less when the session closes before."""
        while self.client.pending < length and self.client.state is TlsState.OPEN:
            self.pump()
        return self.client.read(length)

    def until_closed(self) -> TlsState:
        """Wait until the peer has ended the session."""
        while self.client.state is TlsState.OPEN:
            self.pump()
        return self.client.state

    def close(self) -> None:
        """Say close_notify and end the connection."""
        self.client.close()
        with contextlib.suppress(OSError):  # the peer may have been quicker
            self.flush()
        self.socket.close()


@dataclass
class Seen:
    """One session, as the server saw it."""

    resumed: bool = False
    session_id: bytes = b""
    suite: int = 0
    client_chain: tuple[bytes, ...] = ()
    received: bytearray = field(default_factory=bytearray)
    error: str = ""
    """Why it ended, where it did not end with close_notify."""

    def take(self, connection: Any) -> None:
        """Note the outcome of the handshake of a TLSConnection."""
        session = connection.session
        self.resumed, self.session_id, self.suite = (
            bool(connection.resumed),
            bytes(session.sessionID),
            session.cipherSuite,
        )
        if session.clientCertChain:
            self.client_chain = tuple(bytes(one.bytes) for one in session.clientCertChain.x509List)


Handler = Callable[[Any, Seen], None]
"""Serves one client; the first argument is a TLSConnection of tlslite-ng."""


def echo(connection: Any, seen: Seen) -> None:
    """Send back whatever comes, until the client closes."""
    while data := connection.read(min=1, max=16384):
        seen.received += data
        connection.write(data)
    connection.close()


class Server(TlsServer):
    """The lab's server, which accepts these suites and has `handler` for each session that is open."""

    def __init__(
        self,
        *suites: CipherSuite,
        handler: Handler = echo,
        requires_certificate: bool = False,
        versions: tuple[str, str] = ("TLS 1.0", "TLS 1.0"),
    ) -> None:
        self._handler = handler
        self._sessions: list[Seen] = []
        self._ended = threading.Condition()
        names = [suite.openssl_name for suite in suites]
        super().__init__(suites=names, requires_certificate=requires_certificate, versions=versions)

    def wait_for(self, count: int) -> list[Seen]:
        """Return what the server saw, once `count` sessions have ended."""
        with self._ended:
            assert self._ended.wait_for(lambda: len(self._sessions) >= count, TIMEOUT)
        return self._sessions

    def _service(self) -> Callable[[socket.socket], None]:
        return self._observe

    def _observe(self, client: socket.socket) -> None:
        seen = Seen()
        try:
            connection = self._open_session(client)
            seen.take(connection)
            self._handler(connection, seen)
        except Exception as error:  # whatever ends a session is what a test wants to see
            seen.error = str(error) or repr(error)
        with self._ended:
            self._sessions.append(seen)
            self._ended.notify_all()

    def _talker(self) -> Talker:
        raise NotImplementedError("each session is the handler's")


@contextlib.contextmanager
def scripted_server(answer: bytes) -> Iterator[int]:
    """Serve one client without TLS: take its first bytes, send `answer`, and close after it; yield the port."""

    def serve() -> None:
        stream, _ = listener.accept()
        with stream, contextlib.suppress(ConnectionResetError):
            stream.settimeout(TIMEOUT)
            stream.recv(65536)
            stream.sendall(answer)
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(65536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(TIMEOUT)


def failure_of(engine: TlsEngine, port: int, configuration: TlsConfiguration) -> TlsFailure:
    """Return the failure of a handshake that must not succeed."""
    with Wire(engine, port, configuration) as wire, pytest.raises(TlsFailure) as caught:
        wire.handshake()
    assert wire.client.state is TlsState.FAILED
    return caught.value

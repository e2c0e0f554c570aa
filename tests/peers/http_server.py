"""A real HTTP server, Python's own, in clear text or within TLS 1.0 by tlslite-ng; it notes what it is asked."""

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tlslite.api import TLSConnection
from tlslite.integration.tlssocketservermixin import TLSSocketServerMixIn

from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0
from tests.peers.pki import SERVER, Party
from tests.peers.tlslite_server import credentials, settings_for

LONG = bytes(range(256)) * 400
"""More than a window and a line of answers hold."""
ACCOUNT = "telit", "secret"


@dataclass
class Asked:
    """One request as the server has read it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpPeer:
    """A running server."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    secure: int = 0
    """<ssl_enabled> that a profile needs for it."""


@contextmanager
def http_server(*, tls: bool = False, party: Party = SERVER) -> Iterator[HttpPeer]:
    """Serve on a free port of loopback until the block ends."""
    server = _TlsServer(party) if tls else _Server(("127.0.0.1", 0), _Handler)
    server.peer = HttpPeer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="http server")
    thread.start()
    try:
        yield server.peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    peer: HttpPeer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a module that has gone."""


class _TlsServer(TLSSocketServerMixIn, _Server):  # type: ignore[misc]  # tlslite-ng has no types
    def __init__(self, party: Party) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._arguments = credentials(party) | {"settings": settings_for(tuple(CipherSuite), TLS_1_0)}

    def handshake(self, connection: TLSConnection) -> bool:
        connection.handshakeServer(**self._arguments)
        return True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        """Read through a buffer, which tlslite-ng does not give."""
        super().setup()
        if isinstance(self.rfile, io.RawIOBase):
            self.rfile: Any = io.BufferedReader(self.rfile)

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(size))
        self.server.peer.asked.append(asked)
        match self.path:
            case "/":
                self._say(200, b"Hello", "text/plain;charset=UTF-8")
            case "/long":
                self._say(200, LONG, "application/octet-stream")
            case "/echo":
                self._say(201, asked.body, asked.headers.get("Content-Type", ""))
            case "/chunks":
                self._say_chunks(b"one ", b"two ", b"three")
            case "/empty":
                self._say(204, b"", "")
            case "/private" if self.headers.get("Authorization") == _authorization():
                self._say(200, b"welcome", "text/plain")
            case "/private":
                self._say(401, b"who?", "text/plain")
            case _:
                self._say(404, b"not here", "text/html")

    def __getattr__(self, name: str) -> Any:
        """Answer every method alike."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _say_chunks(self, *pieces: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (*pieces, b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _authorization() -> str:
    return "Basic " + base64.b64encode(":".join(ACCOUNT).encode()).decode()

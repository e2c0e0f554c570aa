"""Runs an HTTP server, Python's own, in clear text and within TLS.

Both are on one port: a client that begins with a TLS handshake gets one. No code is shared with the module's client.
"""

import base64
import io
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Unpack
from urllib.parse import urlsplit

from emulator.lab.connections import LabConnection, PlainConnection
from emulator.lab.tls_server import HANDSHAKE, TlsOptions, TlsServer

ACCOUNT = "telit", "public-demo"
"""The account for `/private`, by basic authentication."""
PAGES = {
    "/": b"Hello from the lab.\r\n",
    "/long.bin": bytes(range(256)) * 400,
    "/private": b"Hello, telit.\r\n",
    "/empty": b"",
}
"""What is there from the start, by path. `/chunked` and a path gives the same in chunks, without a size."""
ODD_ANSWERS = {
    "/silent": None,
    "/hangs-up": b"",
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\nHello from",
    "/no-http": b"SSH-2.0-nothing\r\n",
}
"""What some paths get instead of an answer: these bytes, and then the end; None is silence."""

_TYPES = {"html": "text/html", "json": "application/json", "bin": "application/octet-stream"}
_PLAIN = "text/plain"
_PRIVATE = "/private"
_CHUNKED = "/chunked"
_CHUNK = 1000
"""Bytes in a chunk."""


@dataclass(frozen=True)
class HttpRequest:
    """One request as the server has read it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class HttpServer(TlsServer):
    """Serve pages, which PUT writes and DELETE removes; POST gets back what it has sent.

    `requests` has all that were asked, and `pages` what is there.
    """

    def __init__(
        self,
        pages: Mapping[str, bytes] = PAGES,
        *,
        odd_answers: Mapping[str, bytes | None] = ODD_ANSWERS,
        **options: Unpack[TlsOptions],
    ) -> None:
        """Listen at once.

        Args:
            pages: by path, as in `/index.html`.
            odd_answers: by path, the bytes that it gets instead of an answer, before the server hangs up; None for
                silence.
            options: those of `TlsServer`; `misbehaviour` concerns clients without TLS, too.

        Raises:
            UserError: as `TlsServer`.
        """
        self.pages = dict(pages)
        self.odd_answers = dict(odd_answers)
        self.requests: list[HttpRequest] = []
        super().__init__(**options)

    def _connect(self, client: socket.socket) -> LabConnection:
        if client.recv(1, socket.MSG_PEEK) == HANDSHAKE:
            return super()._connect(client)
        return PlainConnection(client)

    def _talk(self, connection: LabConnection) -> None:
        _Handler(connection, self)
        connection.close()


class _Received(io.RawIOBase):
    """The bytes of a client as a file."""

    def __init__(self, connection: LabConnection) -> None:
        self._connection = connection
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any buffer may come; this one does
        data = self._left or self._connection.read()
        taken = min(len(data), len(buffer))
        buffer[:taken], self._left = data[:taken], data[taken:]
        return taken


class _Sent(io.BufferedIOBase):
    """The bytes to a client as a file."""

    def __init__(self, connection: LabConnection) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the handler writes bytes alone
        self._connection.write(data)
        return len(data)


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "telit-emulator-lab"

    def __init__(self, connection: LabConnection, server: HttpServer) -> None:
        self._served = server
        self.rfile = io.BufferedReader(_Received(connection))
        self.wfile = _Sent(connection)
        self.handle()

    def handle_one_request(self) -> None:
        """Answer any method alike, and what is odd first."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        size = int(self.headers.get("Content-Length", 0))
        request = HttpRequest(self.command, self.path, dict(self.headers), self.rfile.read(size))
        self._served.requests.append(request)
        path = urlsplit(self.path).path
        if path in self._served.odd_answers:
            self._answer_oddly(self._served.odd_answers[path])
        elif path.startswith(_PRIVATE) and self.headers.get("Authorization") != _authorization():
            self._answer(401, b"Who are you?\r\n", {"WWW-Authenticate": 'Basic realm="lab"'})
        else:
            self._do(request, path)

    def _do(self, request: HttpRequest, path: str) -> None:
        pages = self._served.pages
        match request.method:
            case "GET" | "HEAD":
                self._show(path)
            case "POST":
                self._answer(200, request.body, {"Content-Type": request.headers.get("Content-Type", _PLAIN)})
            case "PUT":
                status = 204 if path in pages else 201
                pages[path] = request.body
                self._answer(status)
            case "DELETE" if path in pages:
                del pages[path]
                self._answer(204)
            case "DELETE":
                self._answer(404, _missing(path))
            case _:
                self._answer(501)

    def _show(self, path: str) -> None:
        pages, whole = self._served.pages, path.removeprefix(_CHUNKED)
        kind = {"Content-Type": _TYPES.get(whole.rpartition(".")[2], _PLAIN)}
        if path in pages:
            self._answer(200, pages[path], kind)
        elif whole != path and whole in pages:
            self._answer_in_chunks(pages[whole], kind)
        else:
            self._answer(404, _missing(path), {"Content-Type": "text/html"})

    def _answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        size = {} if status == 204 else {"Content-Length": str(len(body))}
        self._begin(status, {**(headers or {}), **size})
        if self.command != "HEAD" and body:
            self.wfile.write(body)

    def _answer_in_chunks(self, body: bytes, headers: Mapping[str, str]) -> None:
        self._begin(200, {**headers, "Transfer-Encoding": "chunked"})
        if self.command != "HEAD":
            pieces = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
            self.wfile.write(b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b"")))

    def _answer_oddly(self, answer: bytes | None) -> None:
        self.close_connection = True
        if answer is None:
            self.rfile.read()
        else:
            self.wfile.write(answer)

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def _authorization() -> str:
    return "Basic " + base64.b64encode(":".join(ACCOUNT).encode()).decode()


def _missing(path: str) -> bytes:
    return f"<p>There is no {path} here.</p>\r\n".encode("latin-1", "replace")

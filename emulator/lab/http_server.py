"""Runs an HTTP server, Python's own, in clear text and within TLS.

Both are on one port: a client that begins with a TLS handshake gets one. No code is shared with the module's client.
"""

import contextlib
import io
import socket
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any, Unpack

from emulator.lab.connections import LabConnection, PlainConnection
from emulator.lab.http_site import PAGES, HttpAnswer, HttpRequest, Site
from emulator.lab.record import Kind, Received, Record, Recorder
from emulator.lab.tls_server import HANDSHAKE, Talker, TlsOptions, TlsServer

ODD_ANSWERS = {
    "/silent": None,
    "/hangs-up": b"",
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\nHello from",
    "/no-http": b"SSH-2.0-nothing\r\n",
}
"""What some paths get instead of an answer: these bytes, and then the end; None is silence."""

_CHUNK = 1000
"""Bytes in a chunk."""
_LONGEST_LINE = 65537


class HttpServer(TlsServer):
    """Serve pages, which PUT writes and DELETE removes; POST gets back what it has sent.

    `requests` has all that were asked, and `pages` what is there. A request is done once that comes again with the same
    `Idempotency-Key`. One whose body does not come whole is not done at all.
    """

    _tells_apart = True

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
        self._start = dict(pages)
        self._site = Site(pages)
        self.odd_answers = dict(odd_answers)
        super().__init__(**options)

    @property
    def pages(self) -> dict[str, bytes]:
        """Return what is there, by path."""
        return self._site.pages

    @property
    def requests(self) -> list[HttpRequest]:
        """Return all requests that have come whole."""
        return self._site.requests

    @property
    def record(self) -> Record:
        pages = (Received(Kind.FILE, path, body, len(body)) for path, body in self._site.written.items())
        return super().record + Record(pages).of_server(self.address)

    def _renew(self) -> None:
        super()._renew()
        self._site = Site(self._start)

    def _connect(self, client: socket.socket) -> LabConnection:
        if client.recv(1, socket.MSG_PEEK) == HANDSHAKE:
            return super()._connect(client)
        return PlainConnection(client)

    def _talker(self) -> Talker:
        return partial(_talk, site=self._site, odd_answers=self.odd_answers, recorder=self._recorder)


def _talk(
    connection: LabConnection, *, site: Site, odd_answers: Mapping[str, bytes | None], recorder: Recorder
) -> None:
    _Handler(connection, site, odd_answers, recorder)
    connection.close()


class _Received(io.RawIOBase):
    """The bytes of a client as a file."""

    def __init__(self, connection: LabConnection) -> None:
        self._connection = connection
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any buffer may come; this one does
        data = self._left
        with contextlib.suppress(Exception):  # a client that breaks off says no more
            data = data or self._connection.read()
        taken = min(len(data), len(buffer))
        buffer[:taken], self._left = data[:taken], data[taken:]
        return taken


class _Sent(io.RawIOBase):
    """The bytes to a client as a file."""

    def __init__(self, connection: LabConnection) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:  # whatever bytes can be made of
        self._connection.write(bytes(data))
        return len(data)


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "telit-emulator-lab"

    def __init__(
        self, connection: LabConnection, site: Site, odd_answers: Mapping[str, bytes | None], recorder: Recorder
    ) -> None:
        self._site = site
        self._odd_answers = odd_answers
        self._recorder = recorder
        self.rfile = io.BufferedReader(_Received(connection))
        self.wfile = io.BufferedWriter(_Sent(connection), _LONGEST_LINE)
        self.handle()

    def handle_one_request(self) -> None:
        """Answer a request; head and body leave in one piece, so that a client gets them alike each time."""
        self._handle()
        self.wfile.flush()

    def _handle(self) -> None:
        """Answer any method alike, and what is odd first."""
        self.raw_requestline = self.rfile.readline(_LONGEST_LINE)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body, whole = self._read_body()
        request = HttpRequest(self.command, self.path, dict(self.headers), body)
        if not whole:
            self._note(request, whole=False)
            self.close_connection = True
            return
        self._site.requests.append(request)
        if request.path in self._odd_answers:
            self._note(request)
            self._answer_oddly(self._odd_answers[request.path])
            return
        answer, done_now = self._site.answer(request)
        self._note(request, counts=done_now and answer.is_success and request.method != "PUT")
        self._send(answer)

    def handle_expect_100(self) -> bool:
        """Let the client hear at once that it may go on."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _note(self, request: HttpRequest, *, counts: bool = True, whole: bool = True) -> None:
        """Record a request; what PUT has brought is told by the page, which a further one replaces."""
        name = f"{request.method} {request.target}"
        self._recorder.add(Kind.REQUEST, name, request.body, counts=counts and whole, whole=whole)

    def _read_body(self) -> tuple[bytes, bool]:
        """Read the body of a request; return it, and whether it has come whole."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        return body, len(body) == size

    def _read_chunks(self) -> tuple[bytes, bool]:
        """Read the chunks of a body (RFC 9112 7.1)."""
        body = b""
        while line := self.rfile.readline(_LONGEST_LINE):
            size = int(line.partition(b";")[0], 16)
            piece = self.rfile.read(size)
            body += piece
            if len(piece) < size:
                break
            if not size:
                while (trailer := self.rfile.readline(_LONGEST_LINE)).strip():
                    pass
                return body, bool(trailer)
            self.rfile.readline(_LONGEST_LINE)
        return body, False

    def _send(self, answer: HttpAnswer) -> None:
        body = answer.body if self.command != "HEAD" else b""
        if answer.in_chunks:
            self._begin(answer.status, {**answer.headers, "Transfer-Encoding": "chunked"})
            body = body and _chunks(body)
        else:
            size = {} if answer.status == 204 else {"Content-Length": str(len(answer.body))}
            self._begin(answer.status, {**answer.headers, **size})
        if body:
            self.wfile.write(body)

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


def _chunks(body: bytes) -> bytes:
    pieces = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))

"""Decides what the lab's HTTP server answers: pages that clients read and write, and requests that are sent again."""

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ACCOUNT = "telit", "public-demo"
"""The account for `/private`, by basic authentication."""
PAGES = {
    "/": b"Hello from the lab.\r\n",
    "/long.bin": bytes(range(256)) * 400,
    "/private": b"Hello, telit.\r\n",
    "/empty": b"",
}
"""What is there from the start, by path. `/chunked` and a path gives the same in chunks, without a size."""

_TYPES = {"html": "text/html", "json": "application/json", "bin": "application/octet-stream"}
_PLAIN = "text/plain"
_PRIVATE = "/private"
_CHUNKED = "/chunked"
_AGAIN = "idempotency-key"
"""The header field by which a client tells that it sends a request again (IETF httpapi, Idempotency-Key)."""


@dataclass(frozen=True)
class HttpRequest:
    """One request as the server has read it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Return the path of the target."""
        return urlsplit(self.target).path

    def header(self, name: str) -> str | None:
        """Return the value of a header field, whose name is given in small letters."""
        return next((value for field, value in self.headers.items() if field.lower() == name), None)


@dataclass(frozen=True)
class HttpAnswer:
    """An answer to a request."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    in_chunks: bool = False

    @property
    def is_success(self) -> bool:
        """Return whether the request was done."""
        return self.status < 400


class Site:
    """Pages, and all requests that were made of them."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = dict(pages)
        self.requests: list[HttpRequest] = []
        self._start = dict(pages)
        self._answered: dict[str, tuple[HttpRequest, HttpAnswer]] = {}
        """By the key of the request."""
        self._answering = threading.Lock()

    def __repr__(self) -> str:
        return f"<Site of {len(self.pages)} pages, {len(self.requests)} requests>"

    @property
    def written(self) -> dict[str, bytes]:
        """Return the pages that are new, or others than at the start."""
        return {path: body for path, body in list(self.pages.items()) if self._start.get(path) != body}

    def answer(self, request: HttpRequest) -> tuple[HttpAnswer, bool]:
        """Do what a request asks for, once; return its answer, and whether it was done now.

        A request with the `Idempotency-Key` of an earlier one is answered as that one was.
        """
        key = request.header(_AGAIN)
        with self._answering:
            if key is None:
                return self._do(request), True
            if key not in self._answered:
                answer = self._do(request)
                if answer.is_success:
                    self._answered[key] = request, answer
                return answer, True
            earlier, answer = self._answered[key]
        if (earlier.method, earlier.target, earlier.body) != (request.method, request.target, request.body):
            return HttpAnswer(422, b"This Idempotency-Key belongs to another request.\r\n"), False
        return answer, False

    def _do(self, request: HttpRequest) -> HttpAnswer:
        path = request.path
        if path.startswith(_PRIVATE) and request.header("authorization") != _authorization():
            return HttpAnswer(401, b"Who are you?\r\n", {"WWW-Authenticate": 'Basic realm="lab"'})
        match request.method:
            case "GET" | "HEAD":
                return self._show(path)
            case "POST":
                return HttpAnswer(200, request.body, {"Content-Type": request.header("content-type") or _PLAIN})
            case "PUT":
                status = 204 if path in self.pages else 201
                self.pages[path] = request.body
                return HttpAnswer(status)
            case "DELETE" if path in self.pages:
                del self.pages[path]
                return HttpAnswer(204)
            case "DELETE":
                return HttpAnswer(404, _missing(path))
            case _:
                return HttpAnswer(501)

    def _show(self, path: str) -> HttpAnswer:
        whole = path.removeprefix(_CHUNKED)
        kind = {"Content-Type": _TYPES.get(whole.rpartition(".")[2], _PLAIN)}
        if path in self.pages:
            return HttpAnswer(200, self.pages[path], kind)
        if whole != path and whole in self.pages:
            return HttpAnswer(200, self.pages[whole], kind, in_chunks=True)
        return HttpAnswer(404, _missing(path), {"Content-Type": "text/html"})


def _authorization() -> str:
    return "Basic " + base64.b64encode(":".join(ACCOUNT).encode()).decode()


def _missing(path: str) -> bytes:
    return f"<p>There is no {path} here.</p>\r\n".encode("latin-1", "replace")

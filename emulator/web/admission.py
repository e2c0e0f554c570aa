"""Lets in what the page itself asks for, and nothing that another site makes a browser send.

A site may lead a name of its own to this address (DNS rebinding): `Host` has that name then. A site may send a request
from its own page: `Origin` names it then, and newer browsers say `Sec-Fetch-Site`. Both are refused, but for a link to
the page itself. Where the page can be reached from other machines, its path begins with a token.
"""

import hmac
import ipaddress
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.web.address import WebAddress

_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Sent with every answer: the page loads and reaches nothing but itself, and no other page can hold it."""


class Admission:
    """Stand before the application (ASGI)."""

    def __init__(self, app: ASGIApp, address: WebAddress) -> None:
        self._app = app
        self._address = address
        self.token = "" if address.is_loopback else secrets.token_urlsafe(24)
        """First part of the path; empty where only this machine reaches the page."""

    def __repr__(self) -> str:
        return f"<Admission at {self._address.host}, {'with a' if self.token else 'no'} token>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refused(Headers(scope=scope), scope["path"])
        if refused is None and self.token:
            begin = f"/{self.token}"
            path = scope["path"]
            if hmac.compare_digest(path[: len(begin) + 1].encode(), f"{begin}/".encode()):
                scope = {**scope, "path": path[len(begin) :], "raw_path": b""}
            else:
                refused = "the path has no token, or an old one: open the address that the emulator has printed"
        if refused is None:
            await self._app(scope, receive, sent)
        else:
            await PlainTextResponse(f"{refused}\n", 403)(scope, receive, sent)

    def _refused(self, headers: Headers, path: str) -> str | None:
        """Return why a request is refused by its headers."""
        host = headers.get("host", "")
        if not self._is_own(_name(host)):
            return f"Host {host!r} is not this page's: open it by the address that the emulator has printed"
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host}".lower():
            return f"Origin {origin!r} is not this page's"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            is_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
            if not is_link or path.strip("/") != self.token:
                return "another site's page has asked for this"
        return None

    def _is_own(self, name: str) -> bool:
        """Return whether a name may lead here: none that somebody else can lead here."""
        if self._address.is_loopback:
            return name in _OWN_NAMES or name == self._address.host
        if name in _OWN_NAMES or name in (self._address.host.lower(), socket.gethostname().lower()):
            return True
        with suppress(ValueError):
            ipaddress.ip_address(name)
            return True  # an address is led nowhere, and the token is asked for, too
        return False


def _name(host: str) -> str:
    """Return the name in a `Host` header, in small letters; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

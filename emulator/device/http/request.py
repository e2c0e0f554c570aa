"""Make the bytes of a request from a profile and what the host asks for. RFC 9112 chapter 3."""

from base64 import b64encode
from collections.abc import Iterable

import msgspec

from emulator.device.http.settings import HttpSettings

_BASIC = 1
_PORTS = (80, 443)
"""The ports that the Host line leaves out: plain, and within TLS (RFC 9110 4.2)."""
_SECRET = {"authorization", "proxy-authorization"}
"""Header lines whose value no trace shows."""
_CONNECTION = "connection"
_OWN = {_CONNECTION, "content-length", "transfer-encoding"}
"""Header lines that the module alone writes: they frame the message."""

HeaderLine = tuple[str, str]


class MalformedHeader(Exception):
    """It is no header line."""


class Request(msgspec.Struct, frozen=True):
    """One request, as the host has asked for it."""

    method: str
    target: str
    body: bytes | None = None
    content_type: str = ""
    """Empty for none."""
    extra: str = ""
    """A header line of the host; it takes the place of the module's own of the same name."""
    drops_connection: bool = False
    """Whether `extra` may be a Connection line, which is not sent."""

    def headers(self, settings: HttpSettings) -> list[HeaderLine]:
        """Return the header lines, in order.

        Raises:
            MalformedHeader: `extra` is none, or one of those that the module writes.
        """
        lines = [("Host", _host(settings))]
        if settings.authentication == _BASIC:
            account = f"{settings.user}:{settings.password}".encode("latin-1", "replace")
            lines.append(("Authorization", f"Basic {b64encode(account).decode()}"))
        if self.content_type:
            lines.append(("Content-Type", self.content_type))
        if self.extra and not self._is_dropped:
            name, value = _split(self.extra)
            lines = [line for line in lines if line[0].lower() != name.lower()]
            lines.append((name, value))
        if self.body is not None:
            lines.append(("Content-Length", str(len(self.body))))
        return [*lines, ("Connection", "close")]

    @property
    def _is_dropped(self) -> bool:
        name, colon, _ = self.extra.partition(":")
        return self.drops_connection and bool(colon) and name.lower() == _CONNECTION


def shown(first_line: str, headers: Iterable[HeaderLine]) -> str:
    """Write a head as the trace shows it; secrets are starred."""
    return "\r\n".join(
        [first_line, *(f"{name}: {'***' if name.lower() in _SECRET else value}" for name, value in headers)]
    )


def _host(settings: HttpSettings) -> str:
    return settings.server if settings.port == _PORTS[settings.secure] else f"{settings.server}:{settings.port}"


def _split(line: str) -> HeaderLine:
    name, colon, value = line.partition(":")
    if not (name and colon):
        raise MalformedHeader(f"no header line: {line!r}")
    if name.lower() in _OWN:
        raise MalformedHeader(f"the module writes {name} itself")
    return name, value.strip()

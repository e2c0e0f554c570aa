"""Read the address of the page, as in `127.0.0.1:8080`, and open its socket."""

import ipaddress
import re
import socket
from contextlib import suppress
from dataclasses import dataclass

from emulator.errors import UserError

DEFAULT = "127.0.0.1:8080"
_FORM = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.%\w]+\]|[^\[\]:\s]*):)?(?P<port>[0-9]{1,5})")


@dataclass(frozen=True)
class WebAddress:
    """Where the page is served."""

    host: str
    """An IP address or a name, without brackets."""
    port: int
    """0 takes a free one."""

    @property
    def is_loopback(self) -> bool:
        """Whether nothing but this machine reaches it."""
        if self.host == "localhost":
            return True
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False


def is_address(text: str) -> bool:
    """Return whether a text has the form of an address."""
    found = _FORM.fullmatch(text)
    return found is not None and int(found["port"]) <= 65535


def parse_address(text: str) -> WebAddress:
    """Read `HOST:PORT` or `PORT`, which is one of loopback.

    Raises:
        UserError: it is neither.
    """
    found = _FORM.fullmatch(text)
    if found is None or not is_address(text):
        raise UserError(f"--web {text}: give HOST:PORT, as in {DEFAULT}, or PORT")
    return WebAddress((found["host"] or "127.0.0.1").strip("[]"), int(found["port"]))


def listen_at(address: WebAddress) -> socket.socket:
    """Open the listening socket.

    Raises:
        UserError: the address is in use, or none of this machine.
    """
    written = f"--web {address.host}:{address.port}"
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise UserError(f"{written}: {error.strerror}; give an address of this machine") from error
    family, kind, protocol, _, place = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UserError(f"{written}: {error.strerror}; give another port, or 0 for a free one") from error
    return listener

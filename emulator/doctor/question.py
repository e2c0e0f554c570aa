"""What the doctor is asked: a server, an authentication mode, and the security data to dial with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.errors import UserError

_LAST_PORT = 65535


@dataclass(frozen=True)
class Question:
    """One server, and how it is dialled."""

    host: str
    port: int
    mode: int = 0
    """<auth_mode> of #SSLSECCFG: 0 none, 1 server, 2 server and client."""
    ca: tuple[bytes, ...] = ()
    """The CA certificates to store, DER; without any, the root of the server's chain is looked for."""
    certificate: tuple[bytes, ...] = ()
    """The client certificate and those that issued it, DER."""
    key: bytes = field(default=b"", repr=False)
    """The key of the client certificate, DER."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """As `--route`: what is dialled leads to another address."""
    timeout: float = 10.0
    """Seconds: for the TCP connection, and between two messages of a handshake."""

    @property
    def address(self) -> str:
        """Return `HOST:PORT`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_server(text: str) -> tuple[str, int]:
    """Read `HOST:PORT`, with an IPv6 address in brackets.

    Raises:
        UserError: it is not of that form.
    """
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not (host and colon and port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT):
        form = "give HOST:PORT, as in example.com:443, with an IPv6 address in brackets"
        raise UserError(f"server {text!r}: {form}")
    return host, int(port)

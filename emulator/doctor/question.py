"""What the doctor is asked: a server, an authentication mode, and the security data to dial with."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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

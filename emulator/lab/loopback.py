"""Common parts of the lab's servers: a port on loopback, certificates, closing."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from emulator.resources import CERTS

CHAIN = (CERTS / "public-demo-server.pem", CERTS / "public-demo-intermediate.pem")
"""What a server shows unless it is given other certificates, its own first."""
KEY = CERTS / "public-demo-server-key.pem"
"""The key that belongs to them."""
MISSING_EXTRA = "the lab needs the extra `lab`, which is not installed: pip install '/path/to/telit-emulator[lab]'"


class LoopbackServer(ABC):
    """Listen on loopback from construction until `close`."""

    port: int

    @property
    def address(self) -> str:
        """Return `HOST:PORT`, for a route."""
        return f"127.0.0.1:{self.port}"

    @abstractmethod
    def close(self) -> None:
        """Stop listening and close all connections."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

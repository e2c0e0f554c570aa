"""Common parts of the lab's servers: a place to listen, certificates, what was received, closing."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from emulator.lab.place import Place
from emulator.lab.record import Record, Recorder
from emulator.resources import CERTS

CHAIN = (CERTS / "public-demo-server.pem", CERTS / "public-demo-intermediate.pem")
"""What a server shows unless it is given other certificates, its own first."""
KEY = CERTS / "public-demo-server-key.pem"
"""The key that belongs to them."""
MISSING_EXTRA = "the lab needs the extra `lab`, which is not installed: pip install '/path/to/telit-emulator[lab]'"
SETTLING = 5.0
"""Seconds that a server may take to read what clients have sent that are gone."""


class LoopbackServer(ABC):
    """Listen on loopback, or in another place, from construction until `close`."""

    place: Place = Place()
    port: int
    _recorder: Recorder
    """In use for clients that come now."""

    @property
    def address(self) -> str:
        """Return `HOST:PORT`, for a route, or to be dialled."""
        return f"{self.host}:{self.port}"

    @property
    def host(self) -> str:
        """Return the address or the name by which clients reach it."""
        return self.place.reached

    @property
    def record(self) -> Record:
        """Return what the server has received since its start, or since `forget`."""
        return self._recorder.record.of_server(self.address)

    @abstractmethod
    def forget(self) -> None:
        """Become as at the start: hang up on all clients, and forget all that they have said and left there.

        Nothing that a client says which has come before gets into the record from then on. Do nothing when it is
        closed.
        """

    @abstractmethod
    def settle(self, limit: float = SETTLING) -> bool:
        """Wait until all is read that clients have sent which are gone; return False when one is still there."""

    @abstractmethod
    def close(self) -> None:
        """Stop listening and close all connections."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

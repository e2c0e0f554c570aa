"""The lab: its servers, and the routes by which a module reaches them under the guide's addresses."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from emulator.lab.conversations import Conversation, echo, guide, https
from emulator.lab.server import LabServer
from emulator.resources import CERTS

_SERVERS: Mapping[str, tuple[Conversation, bool]] = {
    "123.124.125.126": (guide, False),
    "echo.lab": (echo, False),
    "https.lab": (https, False),
    "mutual.lab": (echo, True),
}
"""By the name that a module dials, each at port 443: what it says, and whether it asks for a client certificate."""


class Lab:
    """All servers, from the start of the `with` block to its end.

    Raises:
        UserError: the extra `lab` is not installed.
    """

    def __init__(self, time_scale: float = 1.0) -> None:
        self._time_scale = time_scale
        self._servers = ExitStack()
        self.routes: dict[str, str] = {}
        """From what the module dials to where a server listens."""

    def __repr__(self) -> str:
        return f"<Lab {', '.join(self.routes)}>"

    @property
    def ca_certificate(self) -> Path:
        """What the module stores to trust the servers, PEM."""
        return CERTS / "public-demo-ca.pem"

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            for name, (conversation, asks) in _SERVERS.items():
                server = starting.enter_context(
                    LabServer(conversation, asks_certificate=asks, time_scale=self._time_scale)
                )
                self.routes[f"{name}:443"] = f"127.0.0.1:{server.port}"
            self._servers = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._servers.close()
        self.routes.clear()

"""Runs the lab's servers, with routes from the guide's addresses to them."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from emulator.lab.conversations import THINKING, Conversation, echo, guide, https
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.loopback import SETTLING, LoopbackServer
from emulator.lab.mqtt_broker import MqttBroker
from emulator.lab.plain_server import PlainServer
from emulator.lab.record import Record
from emulator.lab.server import LabServer
from emulator.lab.smtp_server import SmtpServer
from emulator.lab.time_server import TimeServer
from emulator.lab.tls_server import TlsOptions
from emulator.resources import CERTS


class Lab:
    """Run all servers, in a `with` block or from `start()` to `close()`.

    `thinking` is how long the guide's server takes for the answer of example 4.5.2, in seconds of the module, of which
    `time_scale` pass in one.

    Raises:
        UserError: the extra `lab` is not installed.
    """

    def __init__(self, time_scale: float = 1.0, thinking: float = THINKING) -> None:
        self._time_scale = time_scale
        self._thinking = thinking
        self._servers = ExitStack()
        self._named: dict[str, LoopbackServer] = {}
        """By the name of the record: host and ports that the module dials."""
        self.routes: dict[str, str] = {}
        """From what the module dials to where a server listens."""

    def __repr__(self) -> str:
        return f"<Lab {', '.join(self.routes)}>"

    @property
    def ca_certificate(self) -> Path:
        """Return the path of the CA certificate of all servers, PEM."""
        return CERTS / "public-demo-ca.pem"

    def start(self) -> Self:
        """Start all servers; `routes` then has their addresses."""
        with ExitStack() as starting:
            for name, (conversation, options) in _servers(self._thinking).items():
                self._add(starting, LabServer(conversation, time_scale=self._time_scale, **options), name, 443)
            self._add(starting, PlainServer(echo), "echo.lab", 7)
            self._add(starting, FtpsServer(), "ftp.lab", 21)
            self._add(starting, HttpServer(), "http.lab", 80, 443)
            self._add(starting, MqttBroker(), "mqtt.lab", 1883, 8883)
            self._add(starting, TimeServer(), "ntp.lab", 123)
            self._add(starting, SmtpServer(), "smtp.lab", 25)
            self._servers = starting.pop_all()
        return self

    def _add(self, starting: ExitStack, server: LoopbackServer, host: str, *ports: int) -> None:
        starting.enter_context(server)
        self._named[f"{host}:{','.join(map(str, ports))}"] = server
        self.routes |= {f"{host}:{port}": server.address for port in ports}

    def routes_with(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return all routes; one that is given may lead to a server of the lab by its name, as in `http.lab:443`."""
        return {**self.routes, **{dialled: self.routes.get(target, target) for dialled, target in given.items()}}

    @property
    def record(self) -> Record:
        """Return what all servers have received since their start, or since `forget`, each with its name."""
        return sum((server.record.of_server(name) for name, server in self._named.items()), Record())

    def forget(self) -> None:
        """Let all servers be as at their start, at the same ports; see `LoopbackServer.forget`."""
        for server in self._named.values():
            server.forget()

    def settle(self, limit: float = SETTLING) -> bool:
        """Wait until all is read that clients have sent which are gone; return False when one is still there."""
        until = monotonic() + limit
        settled = [server.settle(max(0.0, until - monotonic())) for server in self._named.values()]
        return all(settled)

    def close(self) -> None:
        """Close all connections and stop listening; do nothing a second time."""
        self._servers.close()
        self._named.clear()
        self.routes.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _servers(thinking: float) -> Mapping[str, tuple[Conversation, TlsOptions]]:
    """Return the servers by the name that a module dials, each at port 443."""
    return {
        "123.124.125.126": (guide(thinking), {}),
        "echo.lab": (echo, {}),
        "https.lab": (https, {}),
        "modern.lab": (https, {"versions": ("TLS 1.2", "TLS 1.3")}),
        "mutual.lab": (echo, {"requires_certificate": True}),
    }

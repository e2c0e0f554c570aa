"""Runs the lab's servers, with routes from the guide's addresses to them."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from emulator.lab.conversations import THINKING, Conversation, echo, guide, https
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.mqtt_broker import MqttBroker
from emulator.lab.plain_server import PlainServer
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
                server = starting.enter_context(LabServer(conversation, time_scale=self._time_scale, **options))
                self.routes[f"{name}:443"] = server.address
            self.routes["echo.lab:7"] = starting.enter_context(PlainServer(echo)).address
            self.routes["ftp.lab:21"] = starting.enter_context(FtpsServer()).address
            pages = starting.enter_context(HttpServer()).address
            self.routes |= {"http.lab:80": pages, "http.lab:443": pages}
            broker = starting.enter_context(MqttBroker()).address
            self.routes |= {"mqtt.lab:1883": broker, "mqtt.lab:8883": broker}
            self.routes["ntp.lab:123"] = starting.enter_context(TimeServer()).address
            self.routes["smtp.lab:25"] = starting.enter_context(SmtpServer()).address
            self._servers = starting.pop_all()
        return self

    def close(self) -> None:
        """Close all connections and stop listening; do nothing a second time."""
        self._servers.close()
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

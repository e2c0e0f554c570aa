"""Fixtures for the servers of the lab; each test starts its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from emulator.lab.ftps_server import FtpsServer
    from emulator.lab.http_server import HttpServer
    from emulator.lab.loopback import LoopbackServer
    from emulator.lab.mqtt_broker import MqttBroker
    from emulator.lab.plain_server import PlainServer
    from emulator.lab.server import LabServer
    from emulator.lab.smtp_server import SmtpServer

_started: "pytest.StashKey[list[LoopbackServer]]" = pytest.StashKey()
Server = TypeVar("Server", bound="LoopbackServer")


def started(node: pytest.Item) -> "list[LoopbackServer]":
    """Return the servers that a test has started until now; the list grows with each further one."""
    return node.stash.setdefault(_started, [])


class _Starter:
    """Starts servers in their place."""

    def __init__(self, request: pytest.FixtureRequest, servers: ExitStack) -> None:
        from emulator.testing.modem_server import place_for

        self._place = place_for(request)
        self._node = request.node
        self._servers = servers

    def __repr__(self) -> str:
        return f"<Starter of servers in {self._place}>"

    def run(self, kind: Callable[..., Server], *arguments: Any, **options: Any) -> Server:
        """Start a server, and keep it until the end of the test."""
        server = kind(*arguments, **{"place": self._place, **options})
        started(self._node).append(server)
        self._servers.enter_context(server)
        return server


@contextmanager
def _starting(request: pytest.FixtureRequest) -> Iterator[_Starter]:
    with ExitStack() as servers:
        yield _Starter(request, servers)


@pytest.fixture
def tls_server(request: pytest.FixtureRequest) -> "Iterator[Callable[..., LabServer]]":
    """Start TLS servers of the lab on loopback: `tls_server(suites=[…], chain=[…], key=…)` echoes."""
    from emulator.lab.conversations import echo
    from emulator.lab.server import LabServer

    with _starting(request) as starter:

        def start(conversation: Any = echo, **options: Any) -> LabServer:
            return starter.run(LabServer, conversation, **options)

        yield start


@pytest.fixture
def tcp_server(request: pytest.FixtureRequest) -> "Iterator[Callable[..., PlainServer]]":
    """Start servers of the lab without TLS on loopback: `tcp_server()` echoes."""
    from emulator.lab.conversations import echo
    from emulator.lab.plain_server import PlainServer

    with _starting(request) as starter:

        def start(conversation: Any = echo, **options: Any) -> PlainServer:
            return starter.run(PlainServer, conversation, **options)

        yield start


@pytest.fixture
def ftps_server(request: pytest.FixtureRequest) -> "Iterator[Callable[..., FtpsServer]]":
    """Start FTP servers of the lab on loopback, with and without TLS: `ftps_server(files={…})`."""
    from emulator.lab.ftps_server import FtpsServer

    with _starting(request) as starter:

        def start(*arguments: Any, **options: Any) -> FtpsServer:
            return starter.run(FtpsServer, *arguments, **options)

        yield start


@pytest.fixture
def http_server(request: pytest.FixtureRequest) -> "Iterator[Callable[..., HttpServer]]":
    """Start HTTP servers of the lab on loopback, in clear text and within TLS: `http_server(pages={…})`."""
    from emulator.lab.http_server import HttpServer

    with _starting(request) as starter:

        def start(*arguments: Any, **options: Any) -> HttpServer:
            return starter.run(HttpServer, *arguments, **options)

        yield start


@pytest.fixture
def mqtt_broker(request: pytest.FixtureRequest) -> "Iterator[Callable[..., MqttBroker]]":
    """Start MQTT brokers of the lab on loopback, in clear text and within TLS; `.messages` is what was published."""
    from emulator.lab.mqtt_broker import MqttBroker

    with _starting(request) as starter:

        def start(**options: Any) -> MqttBroker:
            return starter.run(MqttBroker, **options)

        yield start


@pytest.fixture
def smtp_server(request: pytest.FixtureRequest) -> "Iterator[Callable[..., SmtpServer]]":
    """Start mail servers of the lab on loopback: `smtp_server(refused=[…])`; `.mails` is what has come."""
    from emulator.lab.smtp_server import SmtpServer

    with _starting(request) as starter:

        def start(**options: Any) -> SmtpServer:
            return starter.run(SmtpServer, **options)

        yield start

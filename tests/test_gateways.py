"""Gateways of a modem: its TLS 1.0 ends there, and what its host says goes on to the user's own back end."""

import asyncio
import http.server
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography import x509

from emulator import UserError
from emulator.modem import Modem
from emulator.options import ModemOptions
from emulator.resources import CERTS
from emulator.testing import Bench
from emulator.trace.events import GatewayConnection
from tests.cli.programs import failing
from tests.commands.peer import eventually
from tests.commands.ssl_bench import ERROR, OK, enter, prepare, succeed
from tests.lab.clients import session
from tests.peers.pki import Party
from tests.peers.processes import free_port

DIALLED = "api.example.com:443"
REQUEST = b"GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n"
ROOT = Party("Back end root", is_ca=True, bits=2048)
MODERN = Party("back end", ROOT, bits=2048, alternative_names=(x509.DNSName("api.example.com"),))
CA = f"security_data.ca_certificate={CERTS / 'public-demo-ca.pem'}"


class Pages(http.server.BaseHTTPRequestHandler):
    """Says who it is, and whom it was asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{self.server.server_port} for {self.headers['Host']}".encode())  # type: ignore[attr-defined]  # of HTTPServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def servers() -> Iterator[list[http.server.ThreadingHTTPServer]]:
    """Two HTTP servers without TLS."""
    with ExitStack() as running:
        made = [running.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)) for _ in range(2)]
        for server in made:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            running.callback(server.shutdown)
        yield made


async def ask(bench: Bench, *, mode: int = 1) -> str:
    """The answer to a request by #SSLD, whose server is authenticated unless `mode` is 0."""
    await prepare(bench)
    await succeed(bench, f"AT#SSLSECCFG=1,0,{mode}", 'AT#SSLD=1,443,"api.example.com",0,1')
    assert OK == await enter(bench, f"AT#SSLSENDEXT=1,{len(REQUEST)}", REQUEST)
    heard = ""
    while " for " not in heard:
        heard += await bench.command("AT#SSLRECV=1,1000,5")
    await succeed(bench, "AT#SSLH=1")
    return heard


def told(bench: Bench) -> list[GatewayConnection]:
    return [event for event in bench.events if isinstance(event, GatewayConnection)]


async def test_two_modems_at_once_reach_a_back_end_each(servers: list[http.server.ThreadingHTTPServer]) -> None:
    """Each has a gateway of its own for the same name, and authenticates it by the demo CA."""
    first, second = ({DIALLED: f"gateway:127.0.0.1:{server.server_port}"} for server in servers)
    async with (
        Bench("GE865-QUAD", routes=first, settings=[CA]) as gsm,
        Bench("HE910", routes=second, settings=[CA]) as umts,
    ):
        answers = await asyncio.gather(ask(gsm), ask(umts))
    for server, answer, bench in zip(servers, answers, (gsm, umts), strict=True):
        assert f"{server.server_port} for api.example.com" in answer
        back_end = f"127.0.0.1:{server.server_port}"
        assert [GatewayConnection(dialled=DIALLED, back_end=back_end, outcome="connected")] == told(bench)


async def test_a_back_end_that_speaks_modern_tls_alone(
    servers: list[http.server.ThreadingHTTPServer], tmp_path: Path
) -> None:
    """It is verified by its own CA, which the module never sees."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(*MODERN.write(tmp_path))
    servers[0].socket = context.wrap_socket(servers[0].socket, server_side=True)
    (tmp_path / "ca.pem").write_bytes(ROOT.pem)
    target = f"gateway+tls:127.0.0.1:{servers[0].server_port}?ca={tmp_path / 'ca.pem'}"

    async with Bench("GE865-QUAD", routes={DIALLED: target}, settings=[CA]) as bench:
        assert " for api.example.com" in await ask(bench)


async def test_a_module_with_another_ca_certificate_refuses_the_gateway(
    servers: list[http.server.ThreadingHTTPServer],
) -> None:
    """What it checks stays real."""
    other = f"security_data.ca_certificate={CERTS / 'public-demo-other-ca.pem'}"
    route = {DIALLED: f"gateway:127.0.0.1:{servers[0].server_port}"}
    async with Bench("HE910", routes=route, settings=[other]) as bench:
        await prepare(bench)
        await succeed(bench, "AT#SSLSECCFG=1,0,1", "AT+CMEE=0")
        assert ERROR == await bench.command('AT#SSLD=1,443,"api.example.com",0,1')
        await eventually(lambda: bool(told(bench)), "the gateway tells")
    [event] = told(bench)
    assert event.outcome.startswith("connected, but the handshake with the host fails: ")


async def test_a_back_end_that_refuses_fails_the_dial_and_the_trace_says_why() -> None:
    """The transcript shows it in words."""
    port = free_port()
    async with Bench("HE910", routes={DIALLED: f"gateway:127.0.0.1:{port}"}) as bench:
        await prepare(bench)
        await succeed(bench, "AT#SSLSECCFG=1,0,0", "AT+CMEE=0")
        assert ERROR == await bench.command('AT#SSLD=1,443,"api.example.com",0,1')
        await eventually(lambda: bool(told(bench)), "the gateway tells")
    expected = GatewayConnection(dialled=DIALLED, back_end=f"127.0.0.1:{port}", outcome="Connection refused")
    assert [expected] == told(bench)


async def test_a_plain_socket_is_refused_by_a_gateway(servers: list[http.server.ThreadingHTTPServer]) -> None:
    """It would be refused by the real server, too."""
    async with Bench("HE910", routes={DIALLED: f"gateway:127.0.0.1:{servers[0].server_port}"}) as bench:
        await prepare(bench)
        await succeed(bench, 'AT#SD=1,0,443,"api.example.com",0,0,1')
        assert OK == await enter(bench, "AT#SSEND=1", REQUEST + b"\x1a")
        await eventually(lambda: bool(told(bench)), "the gateway tells")
    assert "not dialled: the host speaks no TLS" in told(bench)[0].outcome


async def test_a_route_to_a_gateway_can_come_later_and_all_end_with_the_modem(
    servers: list[http.server.ThreadingHTTPServer],
) -> None:
    """The same rule keeps its gateway, and another one gets its own; none outlives the modem."""
    first, second = (f"gateway:127.0.0.1:{server.server_port}" for server in servers)
    async with Bench("HE910") as bench:
        ports = []
        for target in (first, second, first):
            bench.modem.route(DIALLED, target)
            bench.modem.route("other.example", "127.0.0.1:1")
            address = bench.modem._bearer.routes.target("api.example.com", 443)
            assert address is not None
            ports.append(address[1])
        with session(ports[0]) as host:
            host.write(REQUEST)
            assert bytes(host.read(min=1)).startswith(b"HTTP/1.0 200")
        assert f"{servers[0].server_port} for" in await ask(bench, mode=0)
    assert ports[0] == ports[2] != ports[1]
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


WRONG = {
    "gateway:8000": r"write gateway:HOST:PORT, .*a host of the name gateway is \[gateway\]",
    "gateway:": "write gateway:HOST:PORT",
    "gateway+tls:host": "write gateway:HOST:PORT",
    "gateway:host:0": "the port '0' is not a number from 1 to 65535",
    "gateway:host:443?ca=ca.pem": r"\?ca=FILE is for gateway\+tls: and names a PEM file",
    "gateway+tls:host:443?ca=": r"\?ca=FILE is for gateway\+tls: and names a PEM file",
    "gateway+tls:host:443?ca=/nonexistent/ca.pem": "/nonexistent/ca.pem: No such file or directory; name a PEM file",
    "gatway:127.0.0.1:80": r"write HOST\[:PORT\]=HOST:PORT",
}


@pytest.mark.parametrize("target", WRONG)
async def test_a_wrong_route_is_named(target: str) -> None:
    """Before anything is dialled, with what to write."""
    with pytest.raises(UserError, match=WRONG[target]):
        Modem(ModemOptions(routes={DIALLED: target}))


def test_a_wrong_route_is_one_line_on_the_command_line() -> None:
    """And exit code 2."""
    told = failing("run", "--route", "api.example.com:443=gateway:8000")

    assert 1 == told.count("\n")
    assert "write gateway:HOST:PORT" in told


async def test_without_the_lab_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway is a server of the lab's extra."""
    monkeypatch.setitem(sys.modules, "tlslite.api", None)

    with pytest.raises(UserError, match=r"pip install '/path/to/telit-emulator\[lab\]'"):
        Modem(ModemOptions(routes={DIALLED: "gateway:127.0.0.1:1"}))

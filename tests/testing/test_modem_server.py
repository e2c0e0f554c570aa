"""Tests with servers on a module at a serial port: an emulated one, which knows no route, in another process."""

import socket
from collections.abc import Iterator

import pytest

from emulator import UserError, VirtualModem
from emulator.lab.place import EVERYWHERE, LOOPBACK
from emulator.testing.modem_server import place_of
from emulator.testing.real_modem import RealModem
from tests.peers.sockets import TIMEOUT

HOST = """
import serial
from emulator.dte.module_line import ModuleLine
from emulator.testing import CERTS

def opened(line):
    for command in ('AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1"):
        line.ask(command)

def secured(line):
    opened(line)
    ca = (CERTS / "public-demo-ca.pem").read_text()
    line.ask("AT#SSLEN=1,1")
    assert line.ask(f"AT#SSLSECDATA=1,1,1,{len(ca)}").is_prompt
    assert line.enter(f"{ca}\\x1a").is_ok
    assert line.ask("AT#SSLSECCFG=1,0,1").is_ok
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a host in Python."""
    pytester.makepyfile(host=HOST)
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider --strict-markers")
    return pytester


@pytest.fixture(scope="module")
def module() -> Iterator[VirtualModem]:
    """What is at the serial port: the tests of a project see no more of it than its port."""
    with VirtualModem("HE910") as device:
        yield device


def _run(project: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    project.makepyfile(test_it=f"import pytest\nfrom host import *\n{test}")
    return project.runpytest_subprocess("-v", "-rs", *arguments)


FTP = """
def test_ftp(modem, ftps_server):
    server = ftps_server(files={"a.txt": b"content"})
    host, port = modem.route("ftp.example.com:21", server.address)
    with ModuleLine(modem.port) as line:
        opened(line)
        assert line.ask(f'AT#FTPOPEN="{host}:{port}","telit","public-demo",1', 20).is_ok
        line.ask('AT#FTPGETPKT="a.txt"', 20)
        assert "content" in line.ask("AT#FTPRECV=100", 20).said
        assert line.ask("AT#FTPCLOSE", 20).is_ok
"""
TESTS = """
def test_tls(modem, tls_server):
    server = tls_server()
    dialled = modem.route("api.example.com:443", server.address)
    with ModuleLine(modem.port) as line:
        secured(line)
        assert line.ask(f'AT#SSLD=1,{dialled.port},"{dialled.host}",0,1', 20).is_ok
        assert line.ask("AT#SSLSEND=1").is_prompt
        line.enter("hello\\x1a")
        assert line.ask("AT#SSLRECV=1,5").lines == ["#SSLRECV: 5", "hello"]
    server.settle()
    assert server.record.connections == [b"hello"]
    server.forget()
    assert not server.record.connections

def test_the_servers_own_address(modem, tcp_server):
    server = tcp_server()
    with ModuleLine(modem.port) as line:
        opened(line)
        assert line.ask(f'AT#SD=1,0,{server.port},"{server.host}",0,0,1', 20).is_ok

def test_the_others(modem, http_server, mqtt_broker, smtp_server):
    servers = [http_server(), mqtt_broker(), smtp_server()]
    assert len({server.port for server in servers}) == 3
    dialled = [modem.route(f"10.0.0.1:{number}", server.address) for number, server in enumerate(servers, 1)]
    with ModuleLine(modem.port) as line:
        opened(line)
        for number, each in enumerate(dialled, 1):
            assert line.ask(f'AT#SD={number},0,{each.port},"{each.host}",0,0,1', 20).is_ok
"""


def test_the_same_tests_on_the_emulator_and_on_a_module(project: pytest.Pytester, module: VirtualModem) -> None:
    """With servers on another address than loopback's usual one, and with several in a test."""
    _run(project, f"{TESTS}\n{FTP}").assert_outcomes(passed=4)

    result = _run(project, f"{TESTS}\n{FTP}", f"--modem-port={module.port}", "--modem-server=127.0.0.2")

    result.assert_outcomes(passed=4)


def test_ports_of_a_range(project: pytest.Pytester, module: VirtualModem) -> None:
    """Each server takes the first free one, and a data connection of FTP another; with too few it is told."""
    first = _free_range(4)
    arguments = (f"--modem-port={module.port}", "--telit-modem-server")
    told = "def test_ports(tcp_server):\n    print([tcp_server().address for _ in range(4)])"

    ranged = _run(project, f"{FTP}\n{told}", *arguments, f"127.0.0.2:{first}-{first + 3}", "-s")
    single = _run(project, told, *arguments, f"127.0.0.2:{first}")

    ranged.assert_outcomes(passed=2)
    ranged.stdout.fnmatch_lines([f"*'127.0.0.2:{first}', '127.0.0.2:{first + 1}', '127.0.0.2:{first + 2}'*"])
    single.stdout.fnmatch_lines([f"*127.0.0.2:{first}: in use; give as many ports as a test has servers"])


def _free_range(size: int) -> int:
    """The first of several ports in a row that nobody uses, below those that the kernel gives away by itself."""
    for first in range(20000, 30000, size):
        taken = [socket.socket() for _ in range(size)]
        try:
            for offset, each in enumerate(taken):
                each.bind(("127.0.0.2", first + offset))
        except OSError:
            continue
        else:
            return first
        finally:
            for each in taken:
                each.close()
    raise AssertionError("no such range is free")


def test_what_a_module_cannot_reach_is_skipped(project: pytest.Pytester, module: VirtualModem) -> None:
    """By name: what only a route leads anywhere, servers on loopback, gateways; and all servers without the option."""
    ignored = """
def test_ignored(modem, tcp_server):
    modem.route("api.example.com:443", tcp_server().address)
    modem.run(["true", "{port}"])
"""
    others = """
TARGETS = ["127.0.0.1:8443", "localhost:8443", "[::1]:8443", "http.lab:80", "gateway:127.0.0.1:80"]

@pytest.mark.parametrize("target", TARGETS)
def test_loopback(modem, target):
    modem.route("api.example.com:443", target)

def test_gateway(modem, gateway):
    gateway("api.example.com:443", to=8000)

def test_elsewhere(modem):
    assert str(modem.route("api.example.com:443", "192.0.2.7:8443")) == "192.0.2.7:8443"
"""
    arguments = (f"--modem-port={module.port}",)

    reached = _run(project, ignored + others, *arguments, "--modem-server", "127.0.0.2")
    unreached = _run(project, f"{ignored}\ndef test_server(tls_server): tls_server()", *arguments)

    reached.assert_outcomes(passed=1, skipped=7)
    reached.stdout.fnmatch_lines(["SKIPPED*it dials api.example.com:443, and not what modem.route returns*"])
    reached.stdout.fnmatch_lines(["SKIPPED*the module cannot reach 127.0.0.1:8443; use a server of the fixtures*"])
    unreached.assert_outcomes(passed=1, skipped=1)
    unreached.stdout.fnmatch_lines(["SKIPPED*unless --modem-server says where it is"])


@pytest.mark.parametrize(
    ("text", "told"),
    {
        "": "write HOST:PORT, HOST:FIRST-LAST, or HOST alone",
        "a b:1": "write HOST:PORT",
        "host:": "write HOST:PORT",
        "host:x": "write HOST:PORT",
        "host:70000": "ports go from 1 to 65535",
        "host:5-4": "the lower one first",
        "host:0-4": "the lower one first",
        "[::1]:443": "write HOST:PORT",
    }.items(),
)
def test_a_place_that_is_none(text: str, told: str) -> None:
    """One line says how it is written."""
    with pytest.raises(UserError, match=f"--modem-server .*{told}"):
        place_of(text)


def test_a_wrong_option_ends_the_run(project: pytest.Pytester) -> None:
    """Before it begins."""
    wrong = _run(project, "", "--modem-port", "x", "--modem-server", "host:x")
    alone = _run(project, "", "--modem-server", "host")

    assert wrong.ret == alone.ret == pytest.ExitCode.USAGE_ERROR
    wrong.stderr.fnmatch_lines(["ERROR: --modem-server host:x: write HOST:PORT*"])
    alone.stderr.fnmatch_lines(["ERROR: --modem-server goes with --modem-port, which names the module"])


def test_a_port_that_pytest_takes_for_a_folder_of_tests(project: pytest.Pytester, module: VirtualModem) -> None:
    """Its folder would be the project's root, and the project's settings would be left out."""
    told = _run(project, "def test_any(modem): pass", "--modem-port", module.port)
    named = _run(project, "def test_any(modem): pass", "test_it.py", "--modem-port", module.port)

    assert told.ret == pytest.ExitCode.USAGE_ERROR
    told.stderr.fnmatch_lines([f"ERROR: --modem-port {module.port}: write --modem-port={module.port}; pytest takes*"])
    named.assert_outcomes(passed=1)


def test_a_port_that_cannot_be_opened(project: pytest.Pytester) -> None:
    """One line, and no traceback."""
    result = _run(project, "def test_any(modem): pass", "--modem-port=/dev/none")

    result.stdout.fnmatch_lines(["--modem-port /dev/none: *; name a serial port that can be used"])
    assert "Traceback" not in result.stdout.str() and "real_modem.py" not in result.stdout.str()
    assert "another exception" not in result.stdout.str()


def test_an_address_of_this_machine_is_listened_on_and_else_all_are() -> None:
    """What the module dials may be a router that forwards the ports, or a name that this machine does not know."""
    own, forwarded, named = (place_of(text) for text in ("127.0.0.2:0", "192.0.2.7:4000-4009", "no.such.invalid:1"))

    assert (own.listening, own.from_here, own.reached, list(own.ports)) == ("127.0.0.2", "127.0.0.2", "127.0.0.2", [0])
    assert (forwarded.listening, forwarded.from_here) == (EVERYWHERE, LOOPBACK)
    assert (forwarded.ports_in_words, len(forwarded.ports)) == ("4000-4009", 10)
    assert (named.listening, named.reached) == (EVERYWHERE, "no.such.invalid")


def test_a_server_everywhere_is_reached_from_here() -> None:
    """So that it can be told to forget, and FTP names an address that the module knows."""
    from emulator.lab.conversations import echo
    from emulator.lab.ftps_server import FtpsServer
    from emulator.lab.plain_server import PlainServer

    place = place_of("192.0.2.7")
    with PlainServer(echo, place=place) as server, FtpsServer(place=place) as files:
        for each in (server, files):
            assert each.address == f"192.0.2.7:{each.port}"
            with socket.create_connection((LOOPBACK, each.port), TIMEOUT) as client:
                each.settle(0)
                client.sendall(b"USER telit\r\n")
                assert client.recv(100)
            each.forget()
        with socket.create_connection((LOOPBACK, files.port), TIMEOUT) as client:
            client.sendall(b"USER telit\r\nPASS public-demo\r\nPASV\r\n")
            heard = b""
            while b"227 " not in heard:
                heard += client.recv(200)
            assert b"(192,0,2,7," in heard


def test_a_route_that_is_used_lets_the_port_be_opened() -> None:
    """Where the destination is kept, or was asked for; not where it was thrown away."""
    modem = RealModem("/dev/none", "192.0.2.1")
    kept = modem.route("kept.example.com:443", "192.0.2.1:4000")
    for use in (str, tuple, lambda found: found.host, lambda found: found.port, lambda found: f"{found}"):
        use(modem.route("api.example.com:443", "192.0.2.1:4000"))
        assert modem.port == "/dev/none"

    modem.route("api.example.com:443", "192.0.2.1:4000")

    with pytest.raises(pytest.skip.Exception, match="it dials api\\.example\\.com:443"):
        _ = modem.port
    assert str(kept) == "192.0.2.1:4000"

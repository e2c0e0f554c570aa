"""Both hosts, tested as any host application is: with the fixtures of docs/testing.md and servers of the test's own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import serial

from emulator import VirtualModem
from emulator.testing import CERTS, HostRun, LabServer, Reply

HERE = Path(__file__).parent
SERVER = "api.example.com:443"
CONTENT = b"".join(
    b"%04d: a line of the file, and nothing in it that a prompt would take amiss\n" % n for n in range(30)
)
"""Three pieces of #SSLSEND."""
EACH_LINE = ("GE865-QUAD", "GE910-QUAD", "GL865-QUAD-V3", "HE910")
"""A model of each software line."""
OLD_AND_NEW = ("GE865-QUAD", "HE910")


@pytest.fixture(scope="session")
def c_host(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Compiled once."""
    missing = [tool for tool in ("cc", "make") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the C host is built with {' and '.join(missing)}")
    folder = tmp_path_factory.mktemp("c_host")
    subprocess.run(["make", "--silent", "--directory", HERE / "c_host", f"BUILD={folder}"], check=True)
    return [str(folder / "upload")]


@pytest.fixture(scope="session")
def python_host() -> list[str]:
    return [sys.executable, str(HERE / "python_host")]


@pytest.fixture(params=["c_host", "python_host"])
def host(request: pytest.FixtureRequest) -> list[str]:
    """The command of each."""
    command: list[str] = request.getfixturevalue(request.param)
    return command


Upload = Callable[..., HostRun]


@pytest.fixture
def upload(host: list[str], modem: VirtualModem, tmp_path: Path) -> Upload:
    """Runs the host; of options that are given twice the last one counts."""
    file = tmp_path / "file.txt"
    file.write_bytes(CONTENT)
    usual = ["--port", "{port}", "--ca", str(CERTS / "public-demo-ca.pem"), "--file", str(file), "--pause", "0"]

    def run(*options: str) -> HostRun:
        return modem.run([*host, *usual, *options])

    return run


@dataclass
class Api:
    """The server's side: takes a POST whole, keeps its body, answers and closes."""

    status: bytes = b"201 Created"
    uploads: list[bytes] = field(default_factory=list)

    def __call__(self, heard: bytes) -> Reply | None:
        head, _, body = heard.partition(b"\r\n\r\n")
        request = re.match(rb"POST /upload HTTP/1\.0\r\nHost: api\.example\.com\r\n.*Content-Length: (\d+)", head, re.S)
        if request is None or len(body) < int(request[1]):
            return None
        self.uploads.append(body)
        return Reply(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % self.status, closes=True)


@dataclass
class Unsteady:
    """Hangs up on the first clients, in the middle of what they say."""

    api: Api
    hangs_up: int
    hung_up: int = 0

    def __call__(self, heard: bytes) -> Reply | None:
        if self.hung_up < self.hangs_up:
            self.hung_up += 1
            return Reply(b"", closes=True)
        return self.api(heard)


TlsServer = Callable[..., LabServer]


def _failure(run: HostRun) -> str:
    """What a host says that has failed: one line, and nothing on its standard output."""
    assert run.output == ""
    assert run.errors.startswith("upload: ") and run.errors.count("\n") == 1
    return run.errors


def _say(modem: VirtualModem, *commands: str) -> None:
    """What another program has told the module before."""
    with serial.Serial(modem.port, timeout=20) as port:
        for command in commands:
            port.write(f"{command}\r".encode())
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")


@pytest.mark.firmware("every")
def test_the_file_arrives_by_every_model(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """At a server that the module authenticates."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)

    run = upload()

    assert (run.exit_code, run.output, run.errors) == (0, "uploaded: HTTP/1.1 201 Created\n", "")
    assert api.uploads == [CONTENT]


@pytest.mark.firmware(*EACH_LINE)
def test_a_module_that_was_used_before(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """Context and SSL are on already, and the certificate is there."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)

    codes = [upload().exit_code, upload().exit_code]

    assert codes == [0, 0]
    assert api.uploads == [CONTENT, CONTENT]


@pytest.mark.firmware("HE910", "UE910-EUR")
def test_a_module_that_was_left_at_der(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """The host asks for PEM where there is a choice."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)
    _say(modem, "AT#SSLEN=1,1", "AT#SSLSECCFG=1,0,1,0")

    run = upload()

    assert (run.exit_code, run.errors) == (0, "")
    assert api.uploads == [CONTENT]


def test_a_connection_that_is_lost_is_made_again(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """And the whole file is sent again."""
    server = Unsteady(Api(), hangs_up=1)
    modem.route(SERVER, tls_server(server).address)

    run = upload()

    assert (run.exit_code, run.errors) == (0, "")
    assert server.api.uploads == [CONTENT]


def test_a_connection_that_is_always_lost(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """The host gives up, and says what the module said last."""
    server = Unsteady(Api(), hangs_up=1000)
    modem.route(SERVER, tls_server(server).address)

    run = upload()

    assert run.exit_code == 8
    ends = r"AT#SSL(SEND|RECV)=1.*: (\+CME ERROR: SSL |NO CARRIER)|the server gives no answer"
    assert re.match(rf"upload: HE910 12\.00\.004: ({ends})", _failure(run))
    assert server.hung_up == 4


def test_a_server_that_refuses(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """It has judged, so nothing is repeated."""
    api = Api(status=b"403 Forbidden")
    modem.route(SERVER, tls_server(api).address)

    run = upload()

    assert run.exit_code == 9
    assert "HE910 12.00.004: the server says: HTTP/1.1 403 Forbidden" in _failure(run)
    assert api.uploads == [CONTENT]


@pytest.mark.modem(time_scale=20)
def test_a_server_that_is_silent(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """Is waited for three times as long as #SSLCFG says, here a second; then the host gives up."""
    _say(modem, "AT#SSLEN=1,1", "AT#SSLCFG=1,1,300,90,10,50")
    modem.route(SERVER, tls_server(lambda heard: None).address)

    run = upload()

    assert run.exit_code == 8
    assert "the server gives no answer" in _failure(run)


def test_a_server_that_is_not_trusted(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """The module says so, each time."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)

    run = upload("--ca", str(CERTS / "public-demo-client.pem"))

    assert run.exit_code == 7
    assert 'AT#SSLD=1,443,"api.example.com",0,1: +CME ERROR: SSL error during handshake' in _failure(run)
    assert api.uploads == []


@pytest.mark.modem(settings=["network.registration=2"])
def test_a_network_that_does_not_take_the_module(upload: Upload) -> None:
    run = upload("--patience", "0")

    assert run.exit_code == 4
    assert "not registered in time, the last +CREG status is 2" in _failure(run)


@pytest.mark.modem(settings=["network.attached=false"])
def test_a_context_that_cannot_be_activated(upload: Upload) -> None:
    run = upload()

    assert run.exit_code == 5
    assert "AT#SGACT=1,1: +CME ERROR: activation failed" in _failure(run)


def test_a_certificate_that_the_module_refuses(upload: Upload, tmp_path: Path) -> None:
    certificate = tmp_path / "bad.pem"
    certificate.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")

    run = upload("--ca", str(certificate))

    assert run.exit_code == 6
    assert "AT#SSLSECDATA=1,1,1," in _failure(run)


@pytest.mark.firmware(*OLD_AND_NEW)
@pytest.mark.modem(time_scale=20)
def test_a_network_that_is_gone_for_a_while(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """The host waits for it."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)
    fault = modem.faults.add("registration-lost", command="+CGMM", duration="30 s")

    run = upload()

    assert (run.exit_code, run.errors, fault.fired) == (0, "", 1)
    assert api.uploads == [CONTENT]


@pytest.mark.firmware(*EACH_LINE)
def test_a_connection_that_is_reset_in_the_middle(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """Twice, and then it holds."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)
    fault = modem.faults.add("connection-reset", command="#SSLD", byte="1.5 kB", times=2)

    run = upload()

    assert (run.exit_code, run.errors, fault.fired) == (0, "", 2)
    assert api.uploads == [CONTENT]


@pytest.mark.firmware(*OLD_AND_NEW)
@pytest.mark.modem(time_scale=20)
def test_a_module_that_restarts_in_the_middle(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """The host hears nothing, finds the module again, and begins from the top."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)
    fault = modem.faults.add("reboot", command="#SSLSEND", occurrence=2)

    run = upload()

    assert (run.exit_code, run.errors, fault.fired) == (0, "", 1)
    assert api.uploads == [CONTENT]


@pytest.mark.firmware(*OLD_AND_NEW)
@pytest.mark.modem(time_scale=20)
def test_a_handshake_that_stalls_each_time(upload: Upload, modem: VirtualModem, tls_server: TlsServer) -> None:
    """The module gives up after 10 seconds, the host after its attempts."""
    api = Api()
    modem.route(SERVER, tls_server(api).address)
    fault = modem.faults.add("handshake-stalled", message="server_hello_done", times=0)

    run = upload()

    assert run.exit_code == 7
    assert "+CME ERROR: SSL error during handshake" in _failure(run)
    assert (fault.fired, api.uploads) == (4, [])


def test_nobody_at_the_port(upload: Upload) -> None:
    """A line at whose other end there is nothing."""
    ours, theirs = os.openpty()
    try:
        run = upload("--port", os.ttyname(theirs), "--patience", "0")
    finally:
        os.close(ours)
        os.close(theirs)

    assert run.exit_code == 3
    assert "AT: no answer" in _failure(run)


@pytest.mark.parametrize("port", ["/dev/null", "nowhere/tty"])
def test_no_port(upload: Upload, port: str) -> None:
    run = upload("--port", port)

    assert run.exit_code == 3
    assert _failure(run)


WRONG = {
    "no file": (b"", ["--file", "nowhere/file"]),
    "no certificate": (b"A text.\n", ["--ca"]),
    "a certificate that is too large": (b"-----BEGIN CERTIFICATE-----\n" + 2048 * b"A", ["--ca"]),
    "a file that the prompt would take amiss": (b"ends \x1a here", ["--file"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_sent_is_told_at_once(upload: Upload, tmp_path: Path, name: str) -> None:
    """Before anything is said to the module."""
    content, options = WRONG[name]
    file = tmp_path / "given"
    file.write_bytes(content)

    run = upload("--port", "nowhere/tty", *options, *([str(file)] if len(options) == 1 else []))

    assert run.exit_code == 2
    assert _failure(run)

"""One host, modules of two generations, and a server that takes TLS 1.0 no longer: docs/generations.md as a test."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.testing import CERTS, LabServer, Reply

HERE = Path(__file__).parent
SERVER = "api.example.com:443"
OLD = ("GE865-QUAD", "HE910")
"""TLS 1.0 and nothing else."""
NEW = ("LE910-EU-V2", "ME910C1-E2")
"""TLS 1.2 by #SSLSECCFG2."""
NO_CONNECTION = 7
"""Exit code."""
REPORT = b"23.5 degrees\n"

TlsServer = Callable[..., LabServer]


def takes_reports(heard: bytes) -> Reply | None:
    """Answer a POST once its body has come."""
    if not heard.endswith(REPORT):
        return None
    return Reply(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", closes=True)


@pytest.fixture
def command(modem: VirtualModem, tmp_path: Path) -> list[str]:
    """The Python host, with a file to send."""
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT)
    return [
        sys.executable,
        str(HERE / "python_host"),
        *("--port", "{port}", "--ca", str(CERTS / "public-demo-ca.pem"), "--file", str(file), "--pause", "0"),
    ]


@pytest.mark.firmware(*OLD, *NEW)
def test_today_every_module_uploads(command: list[str], modem: VirtualModem, tls_server: TlsServer) -> None:
    """The server still takes TLS 1.0."""
    modem.route(SERVER, tls_server(takes_reports, versions=("TLS 1.0", "TLS 1.3")).address)

    assert modem.run(command).exit_code == 0


@pytest.mark.firmware(*NEW)
def test_a_newer_module_stays(command: list[str], modem: VirtualModem, tls_server: TlsServer) -> None:
    """The host has asked it for TLS 1.2."""
    modem.route(SERVER, tls_server(takes_reports, versions=("TLS 1.2", "TLS 1.3")).address)

    assert modem.run(command).exit_code == 0


@pytest.mark.firmware(*OLD)
def test_an_older_module_falls_off(command: list[str], modem: VirtualModem, tls_server: TlsServer) -> None:
    """And the host says at which command."""
    modem.route(SERVER, tls_server(takes_reports, versions=("TLS 1.2", "TLS 1.3")).address)

    run = modem.run(command)

    assert run.exit_code == NO_CONNECTION
    assert "AT#SSLD=1,443," in run.errors

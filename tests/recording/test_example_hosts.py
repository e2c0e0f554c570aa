"""The example host's upload by TLS, recorded over a pseudo-terminal, plays on a new module."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.options import ModemOptions
from emulator.testing import CERTS, LabServer, Reply
from tests.recording.closed_loop import replay
from tests.recording.recordings import TIMEOUT, Recording

HOST = Path(__file__).parent.parent.parent / "examples" / "python_host"
SERVER = "api.example.com:443"


def _take_upload(heard: bytes) -> Reply | None:
    """Leave it to the host to close: NO CARRIER would come before or after its AT#SSLH."""
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    if length is None or len(body) < int(length[1]):
        return None
    return Reply(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("firmware", ["HE910", "ME910C1-E2"])
def test_an_upload_is_recorded_and_plays(firmware: str, tmp_path: Path) -> None:
    """With prompts, entries, a certificate and the server's answer; without the URL of the module's port."""
    file = tmp_path / "file.txt"
    file.write_bytes(b"a line of the file\n" * 60)
    out = tmp_path / "recorded.txt"
    with LabServer(_take_upload) as server:
        routes = {SERVER: f"127.0.0.1:{server.port}"}
        with VirtualModem(firmware, routes=routes) as modem:
            recording = Recording(modem.port, out)
            host = [sys.executable, str(HOST), "--port", recording.port, "--ca", str(CERTS / "public-demo-ca.pem")]
            run = subprocess.run([*host, "--file", str(file), "--pause", "0"], timeout=TIMEOUT, check=False)
            recording.end()

        assert run.returncode == 0
        asyncio.run(replay(out, ModemOptions(firmware, routes=routes)))

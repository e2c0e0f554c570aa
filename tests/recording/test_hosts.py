"""Real hosts in front of a recorder: what they do on a module, they do by way of it."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.lab import Lab
from emulator.options import ModemOptions
from emulator.testing import CERTS
from tests.recording.recordings import TIMEOUT, recorded

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
CONTENT = b"".join(b"%03d: a line of the file\n" % number for number in range(60))
"""Two pieces of #SSLSEND."""


@pytest.fixture
def python_host() -> Sequence[str]:
    return [sys.executable, str(EXAMPLES / "python_host")]


@pytest.fixture
def c_host(tmp_path: Path) -> Sequence[str]:
    missing = [tool for tool in ("cc", "make") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the C host is built with {' and '.join(missing)}: missing")
    subprocess.run(["make", "--silent", "--directory", EXAMPLES / "c_host", f"BUILD={tmp_path}"], check=True)
    return [str(tmp_path / "upload")]


@pytest.mark.parametrize("name", ["python_host", "c_host"])
def test_an_example_host_uploads_its_file(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """By TLS, to a server of the lab; an emulated module beside agrees in all that needs no server."""
    host: Sequence[str] = request.getfixturevalue(name)
    (tmp_path / "file.txt").write_bytes(CONTENT)
    with Lab() as lab:
        routes = lab.routes_with({"api.example.com:443": "http.lab:443"})
        emulated = ModemOptions("GE865-QUAD")
        with (
            VirtualModem("GE865-QUAD", routes=routes) as modem,
            recorded(modem.port, tmp_path, emulated=emulated) as recording,
        ):
            words = ["--port", recording.port, "--ca", str(CERTS / "public-demo-ca.pem"), "--pause", "0"]
            done = subprocess.run(
                [*host, *words, "--file", str(tmp_path / "file.txt")], capture_output=True, text=True, timeout=TIMEOUT
            )

    assert (done.returncode, done.stdout, done.stderr) == (0, "uploaded: HTTP/1.1 200 OK\n", "")
    sent = "".join(event["text"] for event in recording.events if event.get("mode") == "prompt")
    assert CONTENT.decode() in sent.replace("\x1a", "")
    assert recording.comparison is not None
    tally = recording.comparison.tally
    assert (tally.differing, tally.agreed > 10, tally.not_compared > 0) == (0, True, True)


@pytest.mark.skipif(shutil.which("socat") is None, reason="socat: missing")
def test_socat_asks_the_module(tmp_path: Path) -> None:
    """Between its own stdin and the recorder's pseudo-terminal."""
    with VirtualModem("HE910") as modem, recorded(modem.port, tmp_path) as recording:
        command = ["socat", "-", f"{recording.port},raw,echo=0"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as socat:
            assert socat.stdin is not None and socat.stdout is not None
            socat.stdin.write(b"ATE0\rAT+CGMM\r")
            heard = b""
            while not heard.endswith(b"\r\nHE910\r\n\r\nOK\r\n"):
                piece = socat.stdout.read(100)
                assert piece, heard
                heard += piece
            socat.kill()

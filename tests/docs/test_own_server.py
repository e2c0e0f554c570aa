"""docs/own-server.md: the server that it makes is reached by the module, and the doctor says so."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from tests.cli.programs import ask
from tests.docs.pages import ROOT, TIMEOUT, block, blocks, environment, run_console, running
from tests.peers.processes import free_port, require_program

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

PAGE = "docs/own-server.md"
TYPED = re.findall(r"^    (AT.*)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
REQUEST = b"GET / HTTP/1.0\r\n\r\n"


@contextmanager
def serving(folder: Path, port: str) -> Iterator[None]:
    """The page's web server, once it listens."""
    (folder / "server.py").write_text(block(PAGE, "python").replace("8443", port))
    with subprocess.Popen([sys.executable, "-W", "ignore", "server.py"], cwd=folder, env=environment()) as process:
        try:
            end = time.monotonic() + TIMEOUT
            while not listens(port):
                assert process.poll() is None, "the server has ended"
                assert time.monotonic() < end, "the server does not start"
                time.sleep(0.02)
            yield
        finally:
            process.kill()


def listens(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def test_the_module_reaches_the_server_that_the_page_makes(tmp_path: Path) -> None:
    """With certificates and commands as printed, but at a free port."""
    require_program("openssl", "openssl")
    port = str(free_port())
    make, doctor = (text.replace("8443", port) for text in blocks(PAGE, "console"))
    run_console(make, tmp_path)
    with serving(tmp_path, port):
        run_console(doctor, tmp_path)
        with (
            running(block(PAGE, "sh").replace("8443", port), tmp_path, "is ready on"),
            serial.Serial(str(tmp_path / "modem"), timeout=TIMEOUT) as modem,
        ):
            assert all(ask(modem, line).endswith("OK\r\n") for line in TYPED)
            ask(modem, "AT#SSLSEND=1")
            modem.write(REQUEST + b"\x1a")
            modem.read_until(b"OK\r\n")
            assert "HTTP/1.0 200 OK" in ask(modem, "AT#SSLRECV=1,200")

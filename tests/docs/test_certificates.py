"""docs/certificates.md: each way of getting a certificate into the module, as printed."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from emulator.resources import CERTS
from tests.cli.programs import ask
from tests.docs.pages import ROOT, TIMEOUT, block, blocks, environment, run_console, running

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

PAGE = "docs/certificates.md"
PEM = (CERTS / "public-demo-ca.pem").read_bytes()
OPEN_PROMPT = re.findall(r"^    (AT.*)$", (ROOT / PAGE).read_text(), re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The reader's own, with the files that the page speaks of, and the module that it starts."""
    (tmp_path / "from-somewhere.crt").write_bytes(b"A certificate of somebody\n" + PEM)
    (tmp_path / "windows.pem").write_bytes(PEM.replace(b"\n", b"\r\n"))
    shutil.copy(CERTS / "public-demo-client.pem", tmp_path / "client.pem")
    shutil.copy(CERTS / "public-demo-client-key.pem", tmp_path / "client-key.pem")
    run_console(block(PAGE, "console", "openssl"), tmp_path)
    with running(block(PAGE, "sh"), tmp_path, "is ready on"):
        yield tmp_path


def stored(folder: Path, kind: int) -> bytes:
    with serial.Serial(str(folder / "modem"), timeout=TIMEOUT) as port:
        ask(port, "ATE0")
        ask(port, "AT#SSLEN=1,1")
        answer = ask(port, f"AT#SSLSECDATA=1,2,{kind}").encode("latin-1")
    return answer.partition(f"#SSLSECDATA: 1,{kind}\r\n".encode())[2].removesuffix(b"\r\n\r\nOK\r\n")


def test_the_commands_that_make_a_file_make_one_that_the_module_takes(folder: Path) -> None:
    """From a file with more in it, and from one with CR LF."""
    assert PEM == (folder / "ca.pem").read_bytes() == (folder / "unix.pem").read_bytes()
    assert PEM == stored(folder, 1)


def test_files_go_in_without_at_commands(folder: Path) -> None:
    """At the start, and while it runs; the wrong file is refused."""
    run_console(block(PAGE, "console", "security_data.ca_certificate=windows.pem"), folder)
    run_console(block(PAGE, "console", "provision"), folder)

    assert (CERTS / "public-demo-client.pem").read_bytes() == stored(folder, 0)


def test_a_file_goes_to_the_port_beside_a_terminal_program(folder: Path) -> None:
    """While the prompt is open; a paste, whose lines end with CR, is refused."""
    enable, enter = OPEN_PROMPT
    with serial.Serial(str(folder / "modem"), timeout=TIMEOUT) as terminal:
        ask(terminal, enable)
        assert ask(terminal, enter).endswith("\r\n> ")
        terminal.write(PEM.replace(b"\n", b"\r") + b"\x1a")
        assert terminal.read_until(b"ERROR\r\n").endswith(b"ERROR\r\n")
        ask(terminal, "AT#SSLSECDATA=1,0,1")
        assert ask(terminal, enter).endswith("\r\n> ")
        run_console(block(PAGE, "console", "cat ca.pem"), folder)
        terminal.write(b"\x1a")
        assert terminal.read_until(b"OK\r\n").endswith(b"OK\r\n")

    assert PEM == stored(folder, 1)


def test_the_host_in_python_stores_it(folder: Path) -> None:
    """As printed."""
    (program,) = blocks(PAGE, "python")

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment(), capture_output=True, text=True, timeout=TIMEOUT
    )

    assert ("b'OK\\r\\n'\n", "") == (done.stdout, done.stderr)

"""docs/control.md: each command and conversation runs as printed, without a line of the emulator's own client."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import serial

from emulator.control.requests import REQUESTS
from emulator.resources import CERTS
from tests.cli.programs import ask
from tests.docs.pages import TIMEOUT, assert_as_printed, block, blocks, run_console, running

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

PAGE = "docs/control.md"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The reader's own, in which the page's first command runs."""
    shutil.copy(CERTS / "public-demo-ca.pem", tmp_path / "ca.pem")
    with running(block(PAGE, "sh"), tmp_path, "is ready on"):
        yield tmp_path


class Client:
    """A program that knows nothing but Unix sockets and lines."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(TIMEOUT)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def write(self, text: str) -> None:
        self._socket.sendall(f"{text}\n".encode())

    def read(self) -> str:
        """One line, spaced as the page is."""
        return json.dumps(json.loads(self._lines.readline()), ensure_ascii=False)


def test_what_the_page_does_from_a_shell(folder: Path) -> None:
    for text in blocks(PAGE, "console"):
        run_console(text, folder)


def test_what_the_page_says_from_a_program(folder: Path) -> None:
    for text in blocks(PAGE, "control"):
        with ExitStack() as connections:
            clients: dict[str, Client] = {}
            for line in text.splitlines():
                prefix, _, said = line.partition(" ")
                who, direction = prefix[:-1], prefix[-1]
                if who not in clients:
                    clients[who] = connections.enter_context(Client(folder / "modem.ctl"))
                if direction == ">":
                    clients[who].write(said)
                else:
                    assert_as_printed(said, clients[who].read())


def test_the_page_shows_every_request() -> None:
    """With its answer."""
    shown = {name for text in blocks(PAGE, "control") for name in re.findall(r'"do": "(\w+)"', text)}

    assert {*REQUESTS, "dance"} == shown


def test_the_program_in_c_hears_why_a_command_is_refused(folder: Path) -> None:
    """Built as its comment says."""
    if shutil.which("cc") is None:
        pytest.skip("the program is built with cc")
    source = block(PAGE, "c")
    (folder / "refusals.c").write_text(source)
    build, run = re.findall(r"Prints .*: (.*) && (.*) \*/", source)[0]
    subprocess.run(f"{build} -Wall -Wextra -Werror", shell=True, cwd=folder, check=True)

    with subprocess.Popen(run.split(), cwd=folder, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert '{"ok":null}\n' == program.stdout.readline()
        with serial.Serial(str(folder / "modem"), timeout=TIMEOUT) as port:
            ask(port, 'AT#SSLD=1,443,"echo.lab",0,1')
        event = json.loads(program.stdout.readline())
        program.terminate()

    assert ("refused", "#SSLD") == (event["event"], event["command"])

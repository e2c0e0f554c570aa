"""Terminal programs at the port, as docs/certificates.md has them: typing works, pasting a certificate does not."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.resources import CERTS
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

PEM = (CERTS / "public-demo-ca.pem").read_bytes()


def picocom(port: str) -> list[str]:
    return [unpacked_program("picocom", "picocom"), port]


def miniterm(port: str) -> list[str]:
    return [sys.executable, "-m", "serial.tools.miniterm", port, "115200"]


class Desk:
    """A person at a terminal in which a program runs."""

    def __init__(self, screen: int) -> None:
        self._screen = screen

    def type(self, text: bytes) -> None:
        os.write(self._screen, text)

    def see(self, text: bytes) -> None:
        """Wait until the screen shows it, and forget what came before."""
        seen, end = b"", time.monotonic() + TIMEOUT
        while text not in seen:
            assert select.select([self._screen], [], [], max(0.0, end - time.monotonic()))[0], seen
            seen += os.read(self._screen, 4096)


@contextmanager
def desk(command: list[str]) -> Iterator[Desk]:
    screen, terminal = pty.openpty()
    program = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=unpacked_environment())
    os.close(terminal)
    try:
        yield Desk(screen)
    finally:
        program.kill()
        program.wait(TIMEOUT)
        os.close(screen)


@pytest.mark.parametrize(("program", "is_ready"), [(picocom, b"Terminal ready"), (miniterm, b"--- Quit")])
def test_a_certificate_is_not_pasted_but_sent_beside_it(
    program: Callable[[str], list[str]], is_ready: bytes, tmp_path: Path
) -> None:
    """What a person pastes has CR where lines end."""
    with VirtualModem("HE910", link=tmp_path / "modem"), desk(program(str(tmp_path / "modem"))) as person:
        person.see(is_ready)
        person.type(b"AT#SSLEN=1,1\r")
        person.see(b"OK")
        person.type(b"AT#SSLSECDATA=1,1,1,%d\r" % len(PEM))
        person.see(b"> ")
        person.type(PEM.replace(b"\n", b"\r") + b"\x1a")
        person.see(b"ERROR")
        person.type(b"AT#SSLSECDATA=1,1,1,%d\r" % len(PEM))
        person.see(b"> ")
        (tmp_path / "modem").open("wb", buffering=0).write(PEM)
        person.type(b"\x1a")
        person.see(b"OK")
        person.type(b"AT#SSLSECDATA?\r")
        person.see(b"#SSLSECDATA: 1,0,1,0")

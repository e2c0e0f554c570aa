"""lwIP, the stack of many firmwares, in a host in C: how it comes online."""

import os
import tty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from benchmarks.host import HostTerminal
from benchmarks.lwip import LwipHost, lwip_host
from benchmarks.programs import Unavailable

from emulator import VirtualModem
from tests.commands.ssl_bench import UMTS

pytestmark = pytest.mark.slow

LOGIN = ("me", "secret")


@contextmanager
def dialled(port: str, *commands: str) -> Iterator[int]:
    """A line on which the modem has said CONNECT."""
    line = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(line)
        host = HostTerminal(line)
        for command in ("ATE0", 'AT+CGDCONT=1,"IP","internet"', *commands):
            host.command(command)
        host.go_online("ATD*99***1#")
        yield line
    finally:
        os.close(line)


@contextmanager
def host(line: int, server: str, port: int, *credentials: str) -> Iterator[LwipHost]:
    """The host; skips the test, by name, where it cannot be built."""
    try:
        with lwip_host(line, server, port, *credentials) as running:
            yield running
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("kind", [1, 2, 3], ids=["pap", "chap", "either"])
def test_lwip_says_who_it_is(kind: int) -> None:
    """By PAP and by CHAP."""
    settings = ["pdp.username=me", "pdp.password=secret"]
    with VirtualModem(UMTS, settings=settings) as modem, dialled(modem.port, f"AT#GAUTH={kind}") as line:
        address = modem.firmware.profile.pdp.address
        with host(line, "10.20.30.40", 80, *LOGIN) as running:
            running.process.wait_for(rf"up {address} ".encode())


def test_lwip_with_a_wrong_password_goes_down() -> None:
    """The network refuses the context, and the module ends the link."""
    settings = ["pdp.username=me", "pdp.password=other"]
    with VirtualModem(UMTS, settings=settings) as modem, dialled(modem.port, "AT#GAUTH=2") as line:
        with host(line, "10.20.30.40", 80, *LOGIN) as running:
            running.process.wait_for(rb"down \d+\n")
        assert b"OK" in HostTerminal(line).command("AT")

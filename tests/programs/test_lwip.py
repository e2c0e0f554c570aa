"""lwIP, the stack of many firmwares, in a host in C: a data call on a firmware of each software line."""

import os
import random
import tty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from benchmarks.host import HostTerminal
from benchmarks.lwip import LwipHost, lwip_host
from benchmarks.programs import Unavailable

from emulator import VirtualModem
from emulator.lab.http_server import HttpServer
from tests.commands.lines import LINES
from tests.commands.ssl_bench import UMTS

pytestmark = pytest.mark.slow

NAME = "www.example.com"
MEGABYTE = random.Random(1).randbytes(1024 * 1024)
LOGIN = ("me", "secret")
AUTHENTICATION_FAILED, PEER_DEAD = 7, 9
"""PPPERR_ of lwIP."""


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


def exchange(running: LwipHost, request: bytes) -> bytes:
    """What the server answers until it closes."""
    stream, heard = running.stream, bytearray()
    stream.sendall(request)
    while data := stream.recv(65536):
        heard += data
    stream.close()
    return bytes(heard)


def assert_commands(line: int) -> None:
    """The module is in command mode, behind NO CARRIER."""
    os.write(line, b"AT\r")
    HostTerminal(line).hear((b"\r\nOK\r\n",))


@pytest.mark.parametrize("firmware", (*LINES, "ME910C1"))
def test_lwip_transfers_a_megabyte_each_way(firmware: str) -> None:
    """By HTTP, to and from a server that it finds by name; it leaves in order, and the module is in command mode."""
    request = f"POST / HTTP/1.0\r\nContent-Length: {len(MEGABYTE)}\r\n\r\n".encode() + MEGABYTE
    with (
        HttpServer() as server,
        VirtualModem(firmware, routes={f"{NAME}:80": f"127.0.0.1:{server.port}"}) as modem,
        dialled(modem.port, "AT#GAUTH=0") as line,
        host(line, NAME, 80) as running,
    ):
        head, _, body = exchange(running, request).partition(b"\r\n\r\n")
        running.process.wait_for(rb"closed 0\ndown 5\n")

        assert b" 200 " in head.partition(b"\r\n")[0]
        assert MEGABYTE == body
        assert_commands(line)


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
        assert_commands(line)

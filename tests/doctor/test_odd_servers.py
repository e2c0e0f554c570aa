"""Whatever a server answers, there is a verdict with one of the reasons."""

import socket

import pytest

from emulator.doctor.modern import UNRECOGNIZED_NAME
from emulator.doctor.verdict import Reason
from tests.doctor.asking import GSM, SMALL, UMTS, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import talking
from tests.peers.recordings import record

ALERT, HANDSHAKE = 21, 22
_SERVER_HELLO = b"\x02\x00\x00\x26" + b"\x03\x01" + bytes(32) + b"\x00" + b"\x00\x2f\x00"
"""AES128-SHA, which not every firmware has offered."""


def _alert(number: int) -> bytes:
    return record(ALERT, bytes((2, number)))


ANSWERS = {
    "internal error": (_alert(80), {Reason.CLOSED}),
    "access denied": (_alert(49), {Reason.CLOSED}),
    "handshake failure": (_alert(40), {Reason.SUITES}),
    "protocol version": (_alert(70), {Reason.VERSION}),
    "unknown name": (_alert(UNRECOGNIZED_NAME), {Reason.SERVER_NAME}),
    "server hello alone": (record(HANDSHAKE, _SERVER_HELLO), {Reason.CLOSED, Reason.SUITES}),
    "empty handshake": (record(HANDSHAKE, b""), set(Reason)),
    "zeros": (bytes(100), {Reason.NO_TLS}),
    "half a record": (b"\x16\x03\x01\x40\x00abc", set(Reason)),
    "binary": (bytes(range(256)), {Reason.NO_TLS}),
    "new line": (b"\n", {Reason.NO_TLS}),
    "not of ASCII": ("Grüße\r\n".encode(), {Reason.NO_TLS}),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_odd_answer(name: str) -> None:
    """The server says it after the hello, and closes."""
    answer, reasons = ANSWERS[name]

    def talk(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(answer)

    with talking(talk) as port:
        verdicts = await ask(port, SMALL, GSM, UMTS, mode=1, timeout=2)

    for verdict in verdicts:
        assert verdict.reason in reasons, verdict.sentence
        assert verdict.sentence.endswith(".")
        assert verdict.sentence.isprintable()


async def test_an_endless_answer() -> None:
    """Warnings one after the other keep nobody for ever."""

    def talk(client: socket.socket) -> None:
        client.recv(4096)
        while True:
            client.sendall(record(ALERT, b"\x01\x5a"))

    with talking(talk) as port:
        (verdict,) = await ask(port, timeout=0.5)

    assert verdict.reason is not None


@pytest.mark.parametrize("host", ["www.example.org", "bücher.example", "a" * 64 + ".example", "192.0.2.7"])
async def test_another_name_than_the_servers(serving: Start, host: str) -> None:
    """nginx turns it away; the name to dial may also be none for a hello."""
    (verdict,) = await ask(serving("named"), host=host, route=host)

    assert verdict.reason is Reason.SERVER_NAME

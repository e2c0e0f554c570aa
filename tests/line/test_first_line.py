"""A web page that posts to a port runs nothing."""

import asyncio

import pytest

from emulator.line.serial.first_line import FirstLine, HttpRequest
from emulator.modem import Modem
from emulator.options import ModemOptions
from emulator.testing.contracts.port_bench import TIMEOUT
from emulator.trace.events import Event, HostSent

POST = b"POST / HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Type: text/plain\r\n\r\nAT+CGMM\rAT#SHDN\r"


@pytest.mark.parametrize("request_line", [POST, b"GET /AT%0D HTTP/1.1\r\n", b"OPTIONS * HTTP/1.1", b"PRI * HTTP/2.0"])
@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_an_http_request_is_known_however_it_comes(request_line: bytes, piece: int) -> None:
    """Nothing of it is passed on before it is known."""
    first = FirstLine()
    with pytest.raises(HttpRequest):
        for start in range(0, len(request_line), piece):
            assert first.feed(request_line[start : start + piece]) is None


@pytest.mark.parametrize(
    ("pieces", "passed"),
    [
        ([b"AT\r"], b"AT\r"),
        ([b"\xff\xfb\x00"], b"\xff\xfb\x00"),
        ([b"P", b"in?\r"], b"Pin?\r"),
        ([b"GET", b" me out\r\n"], b"GET me out\r\n"),
        ([b"POST " + b"x" * 20_000], b"POST " + b"x" * 20_000),
        ([b"get / HTTP/1.1\r\n"], b"get / HTTP/1.1\r\n"),
    ],
)
def test_anything_else_is_passed_on_whole(pieces: list[bytes], passed: bytes) -> None:
    """As soon as it can be no request."""
    first = FirstLine()

    assert [*(None for _ in pieces[1:]), passed] == [first.feed(piece) for piece in pieces]


async def _exchange(port: str, data: bytes) -> bytes:
    """Send, and read to the end of the connection."""
    if port.startswith("unix:"):
        reader, writer = await asyncio.open_unix_connection(port.removeprefix("unix:"))
    else:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port.rpartition(":")[2]))
    writer.write(data)
    writer.write_eof()
    async with asyncio.timeout(TIMEOUT):
        heard = await reader.read()
    writer.close()
    return heard


@pytest.mark.parametrize("listen", ["tcp:127.0.0.1:0", "rfc2217:127.0.0.1:0", "unix:{folder}/modem"])
async def test_a_connection_that_begins_with_a_request_is_ended_and_nothing_is_run(
    listen: str, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """The user is told, and the next host finds the port as it was."""
    sent: list[Event] = []
    place = listen.format(folder=tmp_path_factory.mktemp("m"))
    modem = Modem(ModemOptions("HE910", listen=[place], readers=[lambda _, event: sent.append(event)]))
    try:
        for _ in range(2):
            assert b"HE910" not in await _exchange(modem.port, POST)
        assert not any(isinstance(event, HostSent) for event in sent)
        assert f"{modem.port.replace('rfc2217', 'socket')}: an HTTP request was turned away" in caplog.text
        assert (await _exchange(modem.port, b"AT+CGMM\r")).endswith(b"\r\nHE910\r\n\r\nOK\r\n")
        assert b"P" in await _exchange(modem.port, b"P")
    finally:
        modem.close()

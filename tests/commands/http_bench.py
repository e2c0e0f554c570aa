"""A bench whose module is ready for HTTP, and short words for what tests of the HTTP commands do over and over."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from emulator.testing import Bench
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, TcpPeer
from tests.commands.ssl_bench import OK, succeed

SERVER = "www.example.com"
GSM = "GE910-QUAD"
HTTPS = ("AT#SSLEN=1,1", f'AT#HTTPCFG=0,"{SERVER}",443,0,"","",1')
"""Lines that let profile 0 speak TLS; the server is not checked."""
BODY_PROMPT = "\r\n>>>"
REQUEST = 'AT#HTTPQRY=0,0,"/"'
NO_ANSWER = '0,0,"",0'

_RING = re.compile('\r\n#HTTPRING: ([0-2],\\d*,"[^\r\n]*",\\d*)\r\n')


@asynccontextmanager
async def http_bench(
    port: int, firmware: str = GSM, others: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[Bench]:
    """A module with +CMEE=1, context 1 active, and profile 0 for the server, whose name leads to `port`.

    `others` are further routes.
    """
    routes = dict.fromkeys((f"{SERVER}:80", f"{SERVER}:443"), f"127.0.0.1:{port}")
    async with Bench(firmware, routes=routes | dict(others or {}), **options) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"')
        assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        await succeed(bench, f'AT#HTTPCFG=0,"{SERVER}",80')
        yield bench


async def rung(bench: Bench, before: str = "") -> str:
    """What the next #HTTPRING says; `before` is what is said first."""
    heard = ""
    while not heard.startswith(before) or not _RING.fullmatch(heard[len(before) :]):
        heard += await bench.until("\r\n")
        assert "ERROR" not in heard, heard
    return heard[len(before) :].removeprefix("\r\n#HTTPRING: ").removesuffix("\r\n")


async def query(bench: Bench, resource: str, method: int = 0, number: int = 0, *, more: str = "") -> str:
    """Send a request without a body; what #HTTPRING says."""
    bench.send(f'AT#HTTPQRY={number},{method},"{resource}"{more}\r')
    return await rung(bench, OK)


async def send(bench: Bench, resource: str, body: bytes, method: int = 0, *, more: str = "") -> str:
    """Send a request with a body; what #HTTPRING says."""
    assert BODY_PROMPT == await bench.command(f'AT#HTTPSND=0,{method},"{resource}",{len(body)}{more}')
    bench.send(body)
    return await rung(bench, OK)


async def received(bench: Bench, limit: str = "") -> bytes:
    """What #HTTPRCV shows behind its `<<<`."""
    bench.send(f"AT#HTTPRCV=0{limit}\r")
    heard = await bench.until(OK)
    assert heard.startswith("\r\n<<<") and heard.endswith(OK), heard
    return heard[len("\r\n<<<") : -len(OK)].encode("latin-1")


async def asked(bench: Bench, peer: TcpPeer, line: str = REQUEST, number: int = 1) -> TcpClient:
    """Send a request; the server's end of its connection, once it is heard."""
    await succeed(bench, line)
    client = await peer.client(number)
    await eventually(lambda: client.received.endswith(b"\r\n\r\n"), "the request is heard")
    return client

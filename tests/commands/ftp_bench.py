"""A bench whose module is ready for FTP, and short words for what tests of the FTP commands do over and over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from emulator.testing import Bench
from tests.commands.ssl_bench import CONNECT, NO_CARRIER, OK, succeed

SERVER = "ftp.example.com"


@asynccontextmanager
async def ftp_bench(port: int, firmware: str = "HE910", **options: Any) -> AsyncIterator[Bench]:
    """A module with +CMEE=1 and context 1 active; the server's name leads to `port`."""
    async with Bench(firmware, routes={f"{SERVER}:21": f"127.0.0.1:{port}"}, **options) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"')
        assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        yield bench


@asynccontextmanager
async def session(port: int, mode: int = 1, firmware: str = "HE910", **options: Any) -> AsyncIterator[Bench]:
    """And with an FTP session open, in passive mode unless `mode` is 0."""
    async with ftp_bench(port, firmware, **options) as bench:
        await succeed(bench, f"AT#FTPOPEN={SERVER},telit,secret,{mode}")
        yield bench


async def transfer(bench: Bench, line: str) -> bytes:
    """What comes between CONNECT and NO CARRIER; NO CARRIER alone is an empty answer of None."""
    bench.send(f"{line}\r")
    heard = await bench.until(NO_CARRIER)
    assert heard.startswith(CONNECT) and heard.endswith(NO_CARRIER), heard
    return heard[len(CONNECT) : -len(NO_CARRIER)].encode("latin-1")


async def upload(bench: Bench, line: str, data: bytes) -> str:
    """Send a file in online mode and end it by +++; what the module says to that."""
    assert CONNECT == await bench.command(line)
    bench.send(data)
    return await bench.escape()


async def append(bench: Bench, data: bytes, *, end: bool = False) -> str:
    """One #FTPAPPEXT; its answer after the echo of the data."""
    bench.send(f"AT#FTPAPPEXT={len(data)}{',1' if end else ''}\r")
    assert "\r\n> " == await bench.answer()
    bench.send(data)
    return await bench.answer()

"""A bench whose module is ready to dial, and short words for what tests of the SSL commands do over and over."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from emulator.device.ssl.socket import SecureSocket
from emulator.testing import Bench
from tests.commands.peer import eventually
from tests.peers.pki import Party

OK = "\r\nOK\r\n"
ERROR = "\r\nERROR\r\n"
CONNECT = "\r\nCONNECT\r\n"
NO_CARRIER = "\r\nNO CARRIER\r\n"
PROMPT = "\r\n> "

GSM = "GE865-QUAD"
UMTS = "HE910"
RINGING = "HE910-EUD@12.00.225"
"""A model whose firmware has SSLSRING."""

HOST = "123.124.125.126"


def cme(code: int) -> str:
    """An error under +CMEE=1."""
    return f"\r\n+CME ERROR: {code}\r\n"


def information(*lines: str) -> str:
    """One information text and its OK."""
    return "\r\n" + "".join(f"{line}\r\n" for line in lines) + OK


def socket_of(bench: Bench) -> SecureSocket:
    """The module's secure socket."""
    ssl = bench.modem.device.ssl
    assert ssl is not None
    return ssl.sockets[1]


def routes_to(port: int) -> Mapping[str, str]:
    """Everything that tests dial leads to this port of loopback."""
    return {HOST: f"127.0.0.1:{port}", "www.example.com": f"127.0.0.1:{port}"}


@asynccontextmanager
async def ssl_bench(firmware: str = UMTS, port: int | None = None, **options: Any) -> AsyncIterator[Bench]:
    """A module with +CMEE=1, context 1 active and SSL enabled; `port` is where what it dials leads."""
    async with Bench(firmware, routes=routes_to(port) if port else {}, **options) as bench:
        await prepare(bench)
        yield bench


async def prepare(bench: Bench) -> None:
    """Guide 2.1 and 3.1."""
    await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"')
    await activate(bench)
    await succeed(bench, "AT#SSLEN=1,1")


async def activate(bench: Bench) -> None:
    """Activate context 1, unless it has come with the attachment."""
    if "#SGACT: 1,1" not in await bench.command("AT#SGACT?"):
        assert (await bench.command("AT#SGACT=1,1")).endswith(OK)


async def succeed(bench: Bench, *lines: str) -> None:
    """Each line is answered by OK alone."""
    for line in lines:
        assert OK == await bench.command(line), line


def at_once(bench: Bench, line: str) -> str:
    """All that is said to a command that never waits, with what follows its result."""
    bench.send(f"{line}\r")
    return bench.read()


async def dial(bench: Bench, closure: int = 0) -> None:
    """Open the socket in command mode."""
    await succeed(bench, f'AT#SSLD=1,443,"{HOST}",{closure},1')


async def dial_online(bench: Bench, closure: int = 0) -> None:
    """Open the socket in online mode."""
    assert CONNECT == await bench.command(f'AT#SSLD=1,443,"{HOST}",{closure},0')


async def has_come(bench: Bench, size: int) -> None:
    """Wait until the module holds `size` bytes to be read."""
    socket = socket_of(bench)
    await eventually(lambda: socket.pending >= size, f"{size} bytes come, {socket.pending} have")


async def enter(bench: Bench, line: str, data: str | bytes) -> str:
    """A command with a prompt, and what is entered there; the answer."""
    assert PROMPT == await bench.command(line), line
    bench.send(data)
    return await bench.answer()


async def store(bench: Bench, kind: int, pem: bytes) -> None:
    """Store security data in PEM."""
    assert OK == await enter(bench, f"AT#SSLSECDATA=1,1,{kind},{len(pem)}", pem + b"\x1a")


async def authenticate(bench: Bench, ca: Party, client: Party | None = None, key: Party | None = None) -> None:
    """Store what authentication needs, and choose its mode."""
    await succeed(bench, f"AT#SSLSECCFG=1,0,{1 if client is None else 2}")
    await store(bench, 1, ca.pem)
    if client is not None:
        await store(bench, 0, client.pem)
        await store(bench, 2, (key or client).key_pem)

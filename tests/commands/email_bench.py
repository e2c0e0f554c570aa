"""A bench whose module is ready to send mails, and short words for what tests of the e-mail commands do."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from emulator.bench import BenchHost
from emulator.testing import Bench
from tests.commands.ssl_bench import OK, PROMPT, succeed

SERVER = "smtp.example.com"
MAIL = 'AT#EMAILD="you@example.com","Hello"'
ALONE = 'AT#SEMAIL="you@example.com","Hello"'


@asynccontextmanager
async def email_bench(
    port: int,
    firmware: str = "HE910",
    *,
    active: bool = True,
    more_routes: Mapping[str, str] | None = None,
    **options: Any,
) -> AsyncIterator[Bench]:
    """A module with +CMEE=1, server, sender and context 1, active unless told otherwise; the name leads to `port`."""
    async with Bench(firmware, routes={f"{SERVER}:25": f"127.0.0.1:{port}", **(more_routes or {})}, **options) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"')
        await succeed(bench, f'AT#ESMTP="{SERVER}"', 'AT#EADDR="me@example.com"')
        if active:
            assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        yield bench


async def begin(host: BenchHost, line: str = MAIL, text: str | bytes = "Hello") -> None:
    """Enter a mail; its answer is still to come."""
    assert PROMPT == await host.command(line)
    host.send(text)
    host.send(b"\x1a")


async def send(host: BenchHost, line: str = MAIL, text: str | bytes = "Hello") -> str:
    """Enter a mail; the answer, behind the echo of the text."""
    await begin(host, line, text)
    return await host.answer()

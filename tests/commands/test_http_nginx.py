"""HTTP with nginx, in clear text and within TLS 1.0: every method, basic authentication, long and chunked answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.http_bench import HTTPS, http_bench, query, received, send
from tests.commands.peer import eventually
from tests.commands.ssl_bench import cme, succeed
from tests.peers.nginx import ACCOUNT, nginx_server

PAGE = bytes(range(256)) * 400


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A module whose server is nginx."""
    with nginx_server(tmp_path, {"page.bin": PAGE}, tls=request.param) as port:
        async with http_bench(port) as bench:
            if request.param:
                await succeed(bench, *HTTPS, "AT#SSLSECCFG=1,3,0")
            yield bench


async def test_long_pages_come_whole(bench: Bench) -> None:
    """With a size and in chunks; HEAD has the size alone."""
    head = f'0,200,"application/octet-stream",{len(PAGE)}'
    assert head == await query(bench, "/page.bin")
    assert PAGE == await received(bench)
    assert '0,200,"application/octet-stream",0' == await query(bench, "/chunked/page.bin")
    assert PAGE == await received(bench)
    assert head == await query(bench, "/page.bin", 1)
    assert cme(3) == await bench.command("AT#HTTPRCV=0")


async def test_a_page_that_is_not_there(bench: Bench) -> None:
    """404 has a page of its own."""
    assert (await query(bench, "/nothing")).startswith('0,404,"text/html",')
    assert b"404 Not Found" in await received(bench)


async def test_put_and_delete(bench: Bench, tmp_path: Path) -> None:
    """The file is there, and then it is not."""
    file = tmp_path / "pages" / "written" / "new.bin"
    assert '0,201,"",0' == await send(bench, "/written/new.bin", PAGE[:60000], 1)
    assert PAGE[:60000] == file.read_bytes()
    assert '0,204,"",0' == await query(bench, "/written/new.bin", 2)
    assert not file.exists()


async def test_post(bench: Bench, tmp_path: Path) -> None:
    """What the server has logged of it."""
    assert '0,200,"text/plain",6' == await send(bench, "/post", b"a=1&b=2", more=",1")
    assert b"taken\n" == await received(bench)
    await eventually(lambda: "POST text/plain a=1&b=2\n" == (tmp_path / "posts").read_text(), "it is logged")


async def test_basic_authentication(bench: Bench) -> None:
    """With the account of the profile."""
    assert (await query(bench, "/private/page.bin")).startswith("0,401,")
    await succeed(bench, 'AT#HTTPCFG=0,,,1,"{}","{}"'.format(*ACCOUNT))
    assert (await query(bench, "/private/page.bin")).startswith("0,200,")

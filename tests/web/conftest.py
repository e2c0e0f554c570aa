"""A page over a bench: real HTTP on loopback, in the test's own event loop."""

from collections.abc import AsyncIterator

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from emulator.testing import Bench  # only where the extra is
from emulator.web.server import WebServer
from tests.control.unread import unread_bench
from tests.web.browsing import Client


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Nobody but the page makes events of the byte path then."""
    async with unread_bench() as bench:
        yield bench


@pytest.fixture
async def server(bench: Bench) -> AsyncIterator[WebServer]:
    with WebServer("127.0.0.1:0") as server:
        server.serve({"1": bench.modem})
        yield server


@pytest.fixture
def client(server: WebServer) -> Client:
    return Client(server.url)

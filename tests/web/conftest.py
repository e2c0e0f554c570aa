"""A page over a bench: real HTTP on loopback, in the test's own event loop."""

from collections.abc import AsyncIterator

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from emulator.testing import Bench  # only where the extra is
from emulator.web.server import WebServer
from tests.web.browsing import Client


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Without readers of its own: nobody but the page makes events of the byte path then."""
    async with Bench() as bench:
        for reader in tuple(bench.modem.trace._readers):
            bench.modem.trace.unsubscribe(reader)
        yield bench


@pytest.fixture
async def server(bench: Bench) -> AsyncIterator[WebServer]:
    with WebServer("127.0.0.1:0") as server:
        server.serve({"1": bench.modem})
        yield server


@pytest.fixture
def client(server: WebServer) -> Client:
    return Client(server.url)

"""The port that an FTP server connects to in active mode."""

import asyncio
import socket
import sys

import pytest

from emulator.clock import ManualClock
from emulator.net.bearer import DialFailed, SystemBearer
from emulator.net.closing import Closings
from emulator.net.listener import TcpListener, is_loopback
from emulator.net.routes import Routes
from emulator.trace.events import Accepted, Event
from tests.commands.peer import eventually
from tests.net.bearers import trace_into, traced_bearer
from tests.net.test_bearer import connection


def _outcomes(events: list[Event]) -> list[str]:
    return [event.outcome for event in events if isinstance(event, Accepted)]


async def test_the_server_is_let_in_once() -> None:
    """At the address of the connection that is there already; then nobody listens any more."""
    events: list[Event] = []
    bearer = traced_bearer(events)
    async with connection() as (stream, _):
        listener = await bearer.listen(stream)
        assert listener.address[0] == stream.local_address == "127.0.0.1"
        with socket.create_connection(listener.address) as server:
            accepted = await asyncio.wait_for(listener.accept(), 30)
            accepted.write(b"hello")
            server.settimeout(30)
            assert b"hello" == await asyncio.to_thread(server.recv, 5)
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(listener.address)
            accepted.abort()
        assert ["connected"] == _outcomes(events)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
async def test_a_stranger_is_refused() -> None:
    """The server itself can still come."""
    events: list[Event] = []
    listener = TcpListener("127.0.0.1", trace_into(events), Closings(ManualClock()))
    await listener.listen("127.0.0.1")
    with socket.create_connection(listener.address, source_address=("127.0.0.9", 0)) as stranger:
        stranger.settimeout(30)
        with pytest.raises(ConnectionResetError):
            await asyncio.to_thread(stranger.recv, 1)
    with socket.create_connection(listener.address):
        (await asyncio.wait_for(listener.accept(), 30)).abort()
    assert ["refused, it is not 127.0.0.1", "connected"] == _outcomes(events)


async def test_closing_breaks_a_connection_that_nobody_took() -> None:
    """It came when the transfer had failed already."""
    events: list[Event] = []
    listener = TcpListener("127.0.0.1", trace_into(events), Closings(ManualClock()))
    await listener.listen("127.0.0.1")
    with socket.create_connection(listener.address) as server:
        await eventually(lambda: _outcomes(events), "it has come")
        listener.close()
        server.settimeout(30)
        with pytest.raises(ConnectionResetError):
            await asyncio.to_thread(server.recv, 1)
    listener.close()


class _Far:
    """A connection that leads beyond this machine, as far as its addresses tell."""

    local_address = "192.0.2.1"
    remote_address = "192.0.2.2"


async def test_nothing_is_listened_on_beyond_loopback_unless_allowed() -> None:
    """The trace says how to allow it; allowed, the address must still be one of this machine."""
    events: list[Event] = []
    with pytest.raises(DialFailed, match="--active-ftp"):
        await traced_bearer(events).listen(_Far())  # type: ignore[arg-type]  # a pretence
    allowed = SystemBearer(Routes.parse([]), trace_into(events), ManualClock(), listens_beyond_loopback=True)
    with pytest.raises(DialFailed, match=r"no port of 192\.0\.2\.1"):
        await allowed.listen(_Far())  # type: ignore[arg-type]  # a pretence
    assert ["listening on 192.0.2.1 was not allowed; run with --active-ftp"] == _outcomes(events)[:1]
    assert "no port of 192.0.2.1" in _outcomes(events)[1]


@pytest.mark.parametrize(("address", "expected"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False)])
def test_loopback(address: str, expected: bool) -> None:
    """Of either family."""
    assert is_loopback(address) is expected

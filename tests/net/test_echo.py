"""Echo requests to this machine, where it lets its users send them."""

import asyncio
import contextlib
import socket
from collections.abc import Sequence

import pytest

from emulator.net import bearer as bearer_device
from emulator.net.echo import Echo, request_echo
from emulator.trace.events import Event, Pinged
from tests.net.bearers import traced_bearer


def echo_is_allowed() -> bool:
    """Whether this machine lets its users send echo requests."""
    with contextlib.suppress(PermissionError):
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
        return True
    return False


needs_echo = pytest.mark.skipif(not echo_is_allowed(), reason="this machine lets its users send no echo requests")


async def ping(host: str, routes: Sequence[str] = ()) -> tuple[Echo | None, Event]:
    """The reply, and the event of it."""
    events: list[Event] = []
    reply = await asyncio.wait_for(traced_bearer(events, *routes).ping(host, size=32, ttl=64), 30)
    return reply, events[-1]


@needs_echo
@pytest.mark.parametrize("size", [8, 33, 1460])
async def test_this_machine_answers(size: int) -> None:
    """With the time to live of its reply."""
    reply = await asyncio.wait_for(request_echo("127.0.0.1", size=size, ttl=1), 30)
    assert reply.ttl is not None
    assert 1 <= reply.ttl <= 255


async def test_a_route_leads_a_ping_too() -> None:
    """To the host that its port was led to, by name or by the address for it; this machine always answers."""
    for host in ("never.invalid", "198.18.0.1"):
        reply, event = await ping(host, ["never.invalid:443=localhost:1"])
        assert Echo() == reply
        assert Pinged(host=host, target="localhost", outcome="answered") == event


@needs_echo
async def test_a_request_that_cannot_be_sent_is_lost() -> None:
    """A broadcast address needs a permission of its own."""
    reply, event = await ping("255.255.255.255")
    assert reply is None
    assert isinstance(event, Pinged)
    assert event.outcome.startswith("lost, ")


async def test_a_name_that_nobody_knows_is_lost() -> None:
    """A route may lead to one."""
    reply, event = await ping("a.example", ["a.example:1=no-such-host.invalid:1"])
    assert reply is None
    outcome = "lost, 'no-such-host.invalid' cannot be resolved"
    assert Pinged(host="a.example", target="no-such-host.invalid", outcome=outcome) == event


async def test_where_it_is_not_allowed_the_trace_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many machines and containers let only root send echo requests."""

    async def forbidden(address: str, *, size: int, ttl: int) -> Echo:
        raise PermissionError

    monkeypatch.setattr(bearer_device, "request_echo", forbidden)
    reply, event = await ping("192.0.2.1")
    assert reply is None
    assert isinstance(event, Pinged)
    assert "net.ipv4.ping_group_range" in event.outcome

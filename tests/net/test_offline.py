"""`offline`: the module reaches nothing but what the user's routes lead to."""

import socket

import pytest

from emulator.testing import Bench
from emulator.trace.events import Dialled, Event, Pinged, Resolved

OFFLINE = "offline: no route leads there"


async def at(bench: Bench, *lines: str, within: float = 0.0) -> str:
    """The last answer."""
    answer = ""
    for line in ("AT+CMEE=2", "AT+CGDCONT=1,IP,apn", "AT#SGACT=1,1", *lines):
        answer = await bench.command(line, within=within)
    return answer


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('AT#SD=1,0,{port},"127.0.0.1"', Dialled),
        ('AT#SD=1,1,{port},"127.0.0.1"', Dialled),
        ('AT#QDNS="localhost"', Resolved),
        ('AT#PING="127.0.0.1",1', Pinged),
    ],
)
async def test_nothing_is_reached_without_a_route(line: str, kind: type[Event]) -> None:
    """Though it is there; the trace says why."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with Bench("HE910", offline=True) as bench:
            await at(bench, line.format(port=server.getsockname()[1]), within=60)

            (told,) = [event for event in bench.events if isinstance(event, kind)]
            assert getattr(told, "outcome", "").endswith(OFFLINE)


async def test_a_route_leads_to_its_server() -> None:
    """As without the option."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        routes = {"peer:80": f"127.0.0.1:{server.getsockname()[1]}"}
        async with Bench("HE910", offline=True, routes=routes) as bench:
            assert await at(bench, 'AT#SD=1,0,80,"peer"') == "\r\nCONNECT\r\n"

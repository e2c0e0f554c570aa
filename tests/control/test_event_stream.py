"""The event stream of the control socket: several clients, slow ones, and those that go away."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from emulator.control import bounded_queue
from emulator.control.bounded_queue import MOST_WAITING
from emulator.control.event_stream import EventStream
from emulator.control.service import ControlSocket
from emulator.errors import UserError
from emulator.testing import Bench
from emulator.trace.events import StateChanged
from tests.control.unread import unread_bench, until_nobody_listens


class Listener:
    """A client that has asked for events."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def read(self) -> dict[str, Any]:
        async with asyncio.timeout(30):
            line = await self.reader.readline()
        found: dict[str, Any] = json.loads(line)
        return found


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with unread_bench() as bench:
        yield bench


@pytest.fixture
async def path(bench: Bench, tmp_path: Path) -> AsyncIterator[Path]:
    path = tmp_path / "modem.ctl"
    with ControlSocket(path) as control:
        await control.serve(bench.modem)
        yield path


async def listen(path: Path, request: str = '{"do": "events", "names": ["host-sent"]}') -> Listener:
    reader, writer = await asyncio.open_unix_connection(str(path), limit=2**20)
    writer.write(f"{request}\n".encode())
    listener = Listener(reader, writer)
    assert {"ok": None} == await listener.read()
    return listener


async def test_two_clients_hear_each_event_and_each_other_s_requests_go_on(bench: Bench, path: Path) -> None:
    clients = [await listen(path), await listen(path)]

    await bench.command("AT+CSQ")

    for client in clients:
        assert "AT+CSQ" == (await client.read())["text"]
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b'{"do": "sms", "number": "+4912345", "text": "hello"}\n')
    assert b'{"ok":null}\n' == await reader.readline()


async def test_all_events_begin_with_the_ports(bench: Bench, path: Path) -> None:
    client = await listen(path, '{"do": "events"}')

    assert {"event": "ready", "terminal": "1"}.items() <= (await client.read()).items()


async def test_a_client_that_goes_away_is_forgotten(bench: Bench, path: Path) -> None:
    """At once, on a module on which nothing happens; the other one hears on."""
    stays, goes = await listen(path), await listen(path)

    goes.writer.close()
    await bench.command("AT")

    assert "AT" == (await stays.read())["text"]
    stays.writer.close()
    await until_nobody_listens(bench.modem)


async def test_what_such_a_client_says_ends_its_stream(bench: Bench, path: Path) -> None:
    client = await listen(path)

    client.writer.write(b"\xff")

    assert {"error": "this connection carries events; send requests on another one"} == await client.read()
    assert b"" == await client.reader.read()
    assert not bench.modem.trace.active


async def test_an_event_that_there_is_not_is_refused(bench: Bench) -> None:
    with pytest.raises(UserError, match="there is no event 'refuse'; the nearest is refused"):
        EventStream(bench.modem, ["refuse"])

    assert not bench.modem.trace.active


async def test_a_client_that_does_not_read_neither_disturbs_the_modem_nor_costs_memory(
    bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told how many events it has missed; those and the ones that it got are all there were."""
    monkeypatch.setattr(bounded_queue, "MOST_WAITING", 10_000)
    client = await listen(path)
    line = f'AT+CGDCONT=1,"IP","{"x" * 100}"'
    count = 3000  # beside those 10,000 bytes the sockets hold some of them

    for _ in range(count):
        assert "OK" in await bench.command(line)

    heard = lost = 0
    while heard + lost < count:
        event = await client.read()
        assert event["event"] in ("host-sent", "events-lost")
        heard += event["event"] == "host-sent"
        lost += event.get("count", 0)
    assert 0 < lost
    await bench.command("AT")
    assert "AT" == (await client.read())["text"]


async def test_what_was_lost_stands_in_its_place(bench: Bench) -> None:
    """Between those before and those after, also when nothing comes after."""
    with EventStream(bench.modem, ["state-changed"]) as stream:
        big = StateChanged(thing="x" * MOST_WAITING, before="", after="")
        for event in (big, big, StateChanged(thing="small", before="", after="")):
            bench.modem.trace.emit(event)
        first = (await stream.take()).splitlines()
        bench.modem.trace.emit(StateChanged(thing="next", before="", after=""))
        second = await stream.take()

    assert ["state-changed", "events-lost"] == [json.loads(line)["event"] for line in first]
    assert 2 == json.loads(first[1])["count"]
    assert "next" == json.loads(second)["thing"]

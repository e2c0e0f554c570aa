"""The page's stream and actions, over HTTP."""

import re

import pytest

from emulator.control import bounded_queue
from emulator.testing import Bench
from emulator.web import browser
from emulator.web.server import WebServer
from tests.web.browsing import Client, until


async def test_the_page_loads_only_files_of_its_own(client: Client) -> None:
    """All that it names is there, relative to its own address, with the type that a browser insists on."""
    page = await client.get()
    named = re.findall(rb'(?:src|href)="([^"#]+)"', page.body)

    assert 200 == page.status
    assert named
    for name in named:
        file = await client.get(name.decode())
        assert 200 == file.status
        assert file.headers["content-type"].partition(";")[0] in ("text/css", "text/javascript", "image/svg+xml")


@pytest.mark.parametrize("path", ["nothing.js", "../server.py", "%2e%2e%2fserver.py", "page/index.html", "."])
async def test_nothing_beside_the_page_s_files_can_be_read(client: Client, path: str) -> None:
    assert 404 == (await client.get(path)).status


async def test_a_page_that_is_opened_late_shows_what_was_said(client: Client, bench: Bench) -> None:
    await bench.command("AT+CSQ")

    async with client.stream() as stream:
        kind, snapshot = await stream.read()

    (module,) = snapshot["modules"]
    assert {"at", "byte", "command"} <= {*snapshot["faults"]["connection-reset"]["keys"]}
    assert "snapshot" == kind
    assert ("1", "HE910@12.00.004", 20) == (module["module"], module["firmware"], module["state"]["signal"])
    assert [{"terminal": "1", "opens": "bench", "gone": False, "channels": []}] == module["ports"]
    said = [event["text"] for event in module["events"] if event["event"] in ("host-sent", "module-sent")]
    assert ["AT+CSQ", "\r\n+CSQ: 20,0\r\n", "\r\nOK\r\n"] == said


async def test_what_happens_is_told_at_once_with_its_reason(client: Client, bench: Bench) -> None:
    async with client.stream() as stream:
        await stream.until("snapshot")
        await bench.command('AT#SSLD=1,443,"127.0.0.1",0,1')

        refused = await stream.until("trace", event="refused")

    assert ("1", "1", "#SSLD") == (refused["module"], refused["terminal"], refused["command"])
    assert [f"refused #SSLD: {refused['reason']}"] == refused["lines"]
    assert "#SSLEN" in refused["reason"]


async def test_a_changed_state_is_told_alone(client: Client, bench: Bench) -> None:
    async with client.stream() as stream:
        await stream.until("snapshot")
        assert await client.do("change", values={"signal": 3}) is None

        told = await stream.until("state")

    assert {"signal": 3} == told["state"]


async def test_what_is_typed_on_the_page_is_a_command_beside_the_host_s(client: Client, bench: Bench) -> None:
    """The host hears the answer: it is one line."""
    assert await client.do("type", text="AT+CSQ\r") is None

    assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == await bench.answer()


async def test_time_passes_on_a_manual_clock(client: Client, bench: Bench) -> None:
    """The answer comes when all that falls due has happened; wrong times are refused."""
    assert await client.do("advance", seconds=90) is None

    assert 90 <= bench.clock.now() < 91
    assert "advance: 0 seconds; give a number above 0, up to 604800 (a week)" == await client.do("advance", seconds=0)
    assert (await client.do("show"))["clock"] == "manual"


async def test_all_faults_are_told_with_their_keys(client: Client) -> None:
    """What a form needs; each can be set and ended by the control socket's requests."""
    faults = (await client.get("api/snapshot")).json["faults"]

    assert "byte" in faults["connection-reset"]["keys"]
    assert (await client.do("fault", name="connection-reset", parameters={"byte": "2kB"})).startswith("1: connection")
    assert 1 == len((await client.do("show"))["faults"])
    assert await client.do("remove", number=1) is None
    assert [] == (await client.do("show"))["faults"]


async def test_a_wrong_action_is_answered_by_the_line_of_the_control_socket(client: Client) -> None:
    assert "signal: '100' is not allowed; give a whole number from 0 to 99" == await client.do(
        "change", values={"signal": 100}
    )
    assert "there is no module '2'; `module` may be 1" == await client.do("show", module="2")
    assert "the page has its events from api/stream" == await client.do("events")
    assert "no request: it is longer than 65536 bytes" == await client.do("say", text="x" * 65536)
    assert 400 == (await client.post(b"[]")).status


async def test_a_browser_that_reads_nothing_neither_slows_the_module_nor_costs_memory(
    server: WebServer, client: Client, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it reads again it is told how many messages it has missed, and gets a snapshot, and then what is new."""
    monkeypatch.setattr(bounded_queue, "MOST_WAITING", 10_000)
    line, count = f'AT+CGDCONT=1,"IP","{"x" * 90}"', 4000  # beside those 10,000 bytes the sockets hold some of them
    async with client.stream(limit=1024) as stream:
        await stream.until("snapshot")
        for _ in range(count):
            assert "OK" in await bench.command(line)
        (waiting,) = _browsers(server)

        assert len(waiting._queue) < 11_000
        lost = await stream.until("lost")
        kind, snapshot = await stream.read()
        assert "snapshot" == kind
        assert count < lost["count"] < 3 * count
        assert "\r\nOK\r\n" == snapshot["modules"][0]["events"][-1]["text"]
        await bench.command("AT+CSQ")
        assert await stream.until("trace", text="AT+CSQ")


async def test_a_browser_that_goes_away_is_forgotten(server: WebServer, client: Client, bench: Bench) -> None:
    """The other one hears on."""
    async with client.stream() as stays:
        async with client.stream() as goes:
            await goes.until("snapshot")
            assert 2 == len(_browsers(server))

        await until(lambda: 1 == len(_browsers(server)))
        await bench.command("AT")

        assert await stays.until("trace", text="AT")
    await until(lambda: not _browsers(server))


def _browsers(server: WebServer) -> set[browser.Browser]:
    assert server._application is not None
    return server._application._browsers

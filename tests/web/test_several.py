"""One page for several modules, and what is seen of a restart."""

import pytest

from emulator.testing import Bench
from emulator.web import application
from emulator.web.server import WebServer
from tests.web.browsing import Client


async def test_one_page_shows_several_modules_and_acts_on_each() -> None:
    """Each message names its module."""
    async with Bench("HE910") as first, Bench("GE865-QUAD") as second:
        with WebServer("127.0.0.1:0") as server:
            server.serve({"first": first.modem, "second": second.modem})
            client = Client(server.url)
            async with client.stream() as stream:
                _, snapshot = await stream.read()
                assert ["first", "second"] == [module["module"] for module in snapshot["modules"]]

                await client.do("change", module="second", values={"signal": 7})
                assert {"signal": 7} == (await stream.until("state", module="second"))["state"]
                await second.command("AT+CSQ")
                assert await stream.until("trace", module="second", text="AT+CSQ")

    assert (20, 7) == (first.modem.device.network.signal, second.modem.device.network.signal)


async def test_of_a_great_many_modules_the_first_ones_are_shown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the page says how many there are beside them."""
    monkeypatch.setattr(application, "MOST_SHOWN", 2)
    with WebServer("127.0.0.1:0") as server:
        server.serve(dict.fromkeys(("1", "2", "3"), bench.modem))

        snapshot = (await Client(server.url).get("api/snapshot")).json

    assert (2, 1) == (len(snapshot["modules"]), snapshot["not_shown"])


async def test_a_restart_of_the_module_is_seen_and_its_stream_goes_on(client: Client, bench: Bench) -> None:
    async with client.stream() as stream:
        await stream.until("snapshot")
        await client.do("change", values={"power": "restart"})
        await bench.advance(60)

        assert await stream.until("trace", event="state-changed", thing="power", after="running")
        await bench.command("AT+CSQ")
        assert await stream.until("trace", text="AT+CSQ")


async def test_a_page_that_comes_back_sees_that_the_emulator_is_another_one(bench: Bench) -> None:
    """At the same address, which is free at once, with a browser connected until then."""
    runs = []
    address = "127.0.0.1:0"
    for _ in range(2):
        with WebServer(address) as server:
            server.serve({"1": bench.modem})
            client = Client(server.url)
            address = client.authority
            async with client.stream() as stream:
                runs.append((await stream.until("snapshot"))["run"])
                runs.append((await client.get("api/snapshot")).json["run"])

    assert runs[0] == runs[1] != runs[2] == runs[3]

"""Names and their servers, and the context of #GPRS."""

import asyncio
from pathlib import Path

import pytest

from emulator.testing import Bench
from emulator.trace.events import Fault, Resolved
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.peer import ObedientPeer
from tests.commands.ssl_bench import GSM, OK, cme, information, routes_to, succeed

NO_CONTEXT, UNRESOLVED = 556, 558


async def connect(bench: Bench) -> None:
    """Errors by their number, and context 1."""
    await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"')
    assert (await bench.command("AT#SGACT=1,1")).endswith(OK)


@EVERY_LINE
async def test_a_name_is_resolved(firmware: str) -> None:
    """By context 1, when it is there for sockets; an address is its own answer."""
    async with Bench(firmware, routes={"api.example:443": "127.0.0.1:1"}) as bench:
        assert OK == await bench.command("AT#QDNS=?")
        await refused(bench, 'AT#QDNS="api.example"', code=NO_CONTEXT)
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"', "AT+CGACT=1,1")
        await refused(bench, 'AT#QDNS="api.example"', code=NO_CONTEXT)
        await succeed(bench, "AT+CGACT=0,1")
        await connect(bench)
        for host, address in (("api.example", "198.18.0.1"), ("localhost", "127.0.0.1"), ("10.0.0.1", "10.0.0.1")):
            assert information(f'#QDNS: "{host}","{address}"') == await bench.command(f'AT#QDNS="{host}"')
        assert information('#QDNS: "localhost","127.0.0.1"') == await bench.command("AT#QDNS=localhost")
        await refused(bench, 'AT#QDNS="no-such-host.invalid"', code=UNRESOLVED)
        await refused(bench, "AT#QDNS=", 'AT#QDNS=""', "AT#QDNS", "AT#QDNS?", 'AT#QDNS="a",1')


async def test_a_resolved_name_can_be_dialled_by_its_address() -> None:
    """It leads where the name leads."""
    with ObedientPeer() as peer:
        async with Bench(GSM, routes=routes_to(peer.port)) as bench:
            await connect(bench)
            await succeed(bench, "AT#SSLEN=1,1")
            answer = await bench.command('AT#QDNS="www.example.com"')
            address = answer.split('"')[3]
            assert "198.18.0.1" == address
            await succeed(bench, f'AT#SSLD=1,443,"{address}",0,1')


async def test_a_fault_makes_a_name_unknown() -> None:
    """As often as it is told to, for the host that it is told of."""
    async with Bench(GSM) as bench:
        await connect(bench)
        bench.modem.faults.add("name-unknown", host="localhost")
        bench.modem.faults.add("connection-refused", host="localhost")
        assert (await bench.command('AT#QDNS="10.0.0.1"')).endswith(OK)
        assert cme(UNRESOLVED) == await bench.command('AT#QDNS="localhost"')
        assert (await bench.command('AT#QDNS="localhost"')).endswith(OK)
        assert 1 == len([event for event in bench.events if isinstance(event, Fault)])
        outcomes = [event.outcome for event in bench.events if isinstance(event, Resolved)]
        assert ["10.0.0.1", "'localhost' cannot be resolved", "127.0.0.1"] == outcomes


async def test_a_name_that_nobody_answers_for_is_unknown_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the timeout of the profile; a context that goes down meanwhile is another cause."""

    async def unanswered(host: str) -> str:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async with Bench(GSM) as bench:
        await connect(bench)
        monkeypatch.setattr(bench.modem.device.environment.bearer, "resolve", unanswered)
        for lost, code in ((False, UNRESOLVED), (True, NO_CONTEXT)):
            bench.send('AT#QDNS="a.example"\r')
            await bench.advance(19)
            assert "" == bench.read()
            if lost:
                bench.modem.device.contexts.deactivate(1)
            await bench.advance(1)
            assert cme(code) == bench.read()


@EVERY_LINE
async def test_name_servers_are_chosen_for_each_context(firmware: str, tmp_path: Path) -> None:
    """They stay in NVM, and those of defined contexts are shown."""
    async with Bench(firmware, state=tmp_path) as bench:
        assert information("#DNS: (0-5),,") == await bench.command("AT#DNS=?")
        assert OK == await bench.command("AT#DNS?")
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"', 'AT+CGDCONT=2,"IP","apn"')
        assert information('#DNS: 1,"0.0.0.0","0.0.0.0"', '#DNS: 2,"0.0.0.0","0.0.0.0"') == await bench.command(
            "AT#DNS?"
        )
        await succeed(bench, 'AT#DNS=1,"8.8.8.8","008.008.004.004"', "AT#DNS=2,1.1.1.1", 'AT#DNS=3,"3.3.3.3"')
        await succeed(bench, "AT#DNS=0,9.9.9.9")
        wrong = ("6,1.1.1.1", "1", "1,", "1,1.1.1", "1,1.1.1.256", '1,"a","b"', "1,1.1.1.1,2.2.2.2,3")
        await refused(bench, *(f"AT#DNS={values}" for values in wrong), "AT#DNS")
    async with Bench(firmware, state=tmp_path) as bench:
        shown = information('#DNS: 1,"8.8.8.8","8.8.4.4"', '#DNS: 2,"1.1.1.1","0.0.0.0"')
        assert shown == await bench.command("AT#DNS?")
    async with Bench(firmware, state=tmp_path, settings=["name_service.cids.range=[1,2]"]) as bench:
        assert {1, 2} == bench.modem.device.nvm.name_servers.keys()


@EVERY_LINE
async def test_the_network_gives_name_servers_to_active_contexts(firmware: str) -> None:
    """#NWDNS: those named, or all that are defined."""
    async with Bench(firmware, settings=['name_service.servers=["10.1.1.1", "10.1.1.2"]']) as bench:
        assert OK == await bench.command("AT#NWDNS")
        await connect(bench)
        await succeed(bench, 'AT+CGDCONT=3,"IP","apn"')
        assert information("#NWDNS: (1,3)") == await bench.command("AT#NWDNS=?")
        both = information('#NWDNS: 1,"10.1.1.1","10.1.1.2"', '#NWDNS: 3,"",""')
        for line in ("AT#NWDNS", "AT#NWDNS=", "AT#NWDNS=1,3"):
            assert both == await bench.command(line)
        assert information('#NWDNS: 3,"",""') == await bench.command("AT#NWDNS=3")
        await refused(bench, "AT#NWDNS=2", code=3)
        await refused(bench, "AT#NWDNS=6", "AT#NWDNS?")


@EVERY_LINE
async def test_the_cache_of_names_is_a_setting(firmware: str, tmp_path: Path) -> None:
    """Off at the factory, kept in NVM."""
    async with Bench(firmware, state=tmp_path) as bench:
        assert information("#CACHEDNS: (0,1)") == await bench.command("AT#CACHEDNS=?")
        assert information("#CACHEDNS: 0") == await bench.command("AT#CACHEDNS?")
        await succeed(bench, "AT#CACHEDNS=1")
        await refused(bench, "AT#CACHEDNS=2", "AT#CACHEDNS")
    async with Bench(firmware, state=tmp_path) as bench:
        assert information("#CACHEDNS: 1") == await bench.command("AT#CACHEDNS?")


@EVERY_LINE
async def test_gprs_activates_context_1_for_sockets(firmware: str) -> None:
    """And shows its address; deactivating it takes it from them."""
    async with Bench(firmware) as bench:
        assert information("#GPRS: (0,1)") == await bench.command("AT#GPRS=?")
        assert information("#GPRS: 0") == await bench.command("AT#GPRS?")
        await refused(bench, "AT#GPRS=1", code=555)
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"')
        assert information("+IP: 212.195.45.65") == await bench.command("AT#GPRS=1")
        assert information("#GPRS: 1") == await bench.command("AT#GPRS?")
        assert information("#SGACT: 1,1") == await bench.command("AT#SGACT?")
        assert (await bench.command("AT#QDNS=10.0.0.1")).endswith(OK)
        await refused(bench, "AT#GPRS=1", "AT#SGACT=1,1", code=553)
        await refused(bench, "AT#GPRS=2", "AT#GPRS=", "AT#GPRS")
        await succeed(bench, "AT#GPRS=0", "AT#GPRS=0")
        assert information("#GPRS: 0") == await bench.command("AT#GPRS?")
        await refused(bench, "AT#QDNS=10.0.0.1", code=NO_CONTEXT)


@EVERY_LINE
async def test_the_easy_activation_has_a_user_and_a_password(firmware: str) -> None:
    """#USERID and #PASSW, which is not shown; eight hosts send them before #GPRS=1."""
    async with Bench(firmware, settings=["pdp.username=me", "pdp.password=secret"]) as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"')
        await refused(bench, "AT#GPRS=1", code=149)
        await succeed(bench, 'AT#USERID="me"', 'AT#PASSW="secret"')
        assert information('#USERID: "me"') == await bench.command("AT#USERID?")
        assert information("#USERID: 50") == await bench.command("AT#USERID=?")
        assert information("#PASSW: 50") == await bench.command("AT#PASSW=?")
        await refused(bench, "AT#PASSW?", f"AT#USERID={'x' * 51}")
        assert (await bench.command("AT#GPRS=1")).endswith(OK)
        await succeed(bench, "AT#GPRS=0", 'AT#USERID=""', "AT#PASSW=")
        await refused(bench, "AT#GPRS=1", code=149)

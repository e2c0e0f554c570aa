"""Several secure sockets at once: each has its settings, its state, its owner and its end."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from emulator.control.state import show
from emulator.errors import UserError
from emulator.lab.http_server import HttpServer
from emulator.testing import Bench
from emulator.trace.events import HandshakeMessage, StateChanged, TlsOutcome
from tests.commands.http_bench import query
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.reasons import reason_of, say
from tests.commands.ssl_bench import CONNECT, ERROR, OK, PROMPT, UMTS, cme, enter, information, succeed
from tests.line.mux.hosts import multiplexed
from tests.peers.pki import OTHER_ROOT, ROOT, SERVER

M37 = "ME310G1"
"""A model whose firmware has six secure sockets."""
RINGS = "secure_socket.no_carrier_modes={range=[0,2],default=1}"
"""NO CARRIER names the socket."""
ONE, TWO = "one.example", "two.example"


@contextmanager
def two_peers() -> Iterator[tuple[ObedientPeer, ObedientPeer]]:
    """Two servers, at the two names."""
    with ObedientPeer() as one, ObedientPeer() as two:
        yield one, two


@asynccontextmanager
async def opened(one: ObedientPeer, two: ObedientPeer, *settings: str) -> AsyncIterator[Bench]:
    """A module whose sockets 1 and 2 are open, each to its own server, and ring."""
    async with ready(one, two, settings=settings) as bench:
        for ssid, name in ((1, ONE), (2, TWO)):
            await succeed(bench, f"AT#SSLCFG={ssid},1,300,90,100,50,1")
            await succeed(bench, f'AT#SSLD={ssid},443,"{name}",0,1')
        yield bench


@asynccontextmanager
async def ready(
    one: ObedientPeer | None = None, two: ObedientPeer | None = None, ports: int = 1, settings: tuple[str, ...] = ()
) -> AsyncIterator[Bench]:
    """A module whose sockets 1 and 2 are enabled."""
    routes = {name: f"127.0.0.1:{peer.port}" for name, peer in ((ONE, one), (TWO, two)) if peer is not None}
    async with Bench(M37, routes=routes, ports=ports, settings=settings) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"')
        if not bench.modem.device.contexts.is_active(1):
            assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        await succeed(bench, "AT#SSLEN=1,1", "AT#SSLEN=2,1")
        yield bench


def rows(name: str, *values: str) -> str:
    """The answer of a read form, a row for each socket."""
    return information(*(f"{name}: {ssid},{value}" for ssid, value in enumerate(values, start=1)))


async def test_each_socket_has_settings_and_security_data_of_its_own() -> None:
    """The read forms show six rows; what one is given the others do not have, after a restart, too."""
    async with ready() as bench:
        factory = (await bench.command("AT#SSLCFG?")).split("\r\n")[1:7]
        await succeed(bench, "AT#SSLSECCFG=2,0,1", "AT#SSLCFG=2,1,500,60,70,8")
        for ssid, party in ((1, ROOT), (2, OTHER_ROOT)):
            line = f"AT#SSLSECDATA={ssid},1,1,{len(party.pem)}"
            assert OK == await enter(bench, line, party.pem + b"\x1a")

        for _ in ("at once", "after a restart"):
            shown = (await bench.command("AT#SSLCFG?")).split("\r\n")[1:7]
            assert shown[1].startswith("#SSLCFG: 2,1,500,60,70,8")
            assert [*factory[:1], *factory[2:]] == [*shown[:1], *shown[2:]]
            stored = "0,1,0"
            assert rows("#SSLSECDATA", stored, stored, *["0,0,0"] * 4) == await bench.command("AT#SSLSECDATA?")
            assert rows("#SSLSECCFG", "0,0", "0,1", *["0,0"] * 4) == await bench.command("AT#SSLSECCFG?")
            assert rows("#SSLEN", "1", "1", *["0"] * 4) == await bench.command("AT#SSLEN?")
            for ssid, party in ((1, ROOT), (2, OTHER_ROOT)):
                answer = await bench.command(f"AT#SSLSECDATA={ssid},2,1")
                assert information(f"#SSLSECDATA: {ssid},1", party.pem.decode()) == answer
            await succeed(bench, "AT#REBOOT")
            await bench.advance(30)
            await bench.command("ATE0")


async def test_the_test_forms_name_every_socket() -> None:
    """Six of them, and a seventh is refused."""
    async with ready() as bench:
        for name in ("#SSLEN", "#SSLSECCFG", "#SSLCFG", "#SSLD", "#SSLO", "#SSLH", "#SSLS", "#SSLSEND", "#SSLI"):
            assert (await bench.command(f"AT{name}=?")).startswith(f"\r\n{name}: (1-6)")
        await bench.command("AT#SSLS=7")
        assert reason_of(bench) == "ssid is 7; 1 to 6"


async def test_a_firmware_with_one_socket_refuses_another() -> None:
    """A host of a later module meets an older one."""
    async with Bench(UMTS) as bench:
        for line in ("AT#SSLEN=2,1", "AT#SSLS=2", 'AT#SSLD=2,443,"host",0,1'):
            assert ERROR == await bench.command(line)
            assert reason_of(bench) == "ssid is 2; only 1"
        assert ERROR == await bench.command("AT#SSLI")


async def test_two_sockets_are_open_to_different_servers() -> None:
    """Data, rings, counters, states, and the end that one of the peers brings about."""
    with two_peers() as (one, two):
        async with opened(one, two, RINGS) as bench:
            two.say(b"hello")
            assert "\r\nSSLSRING: 2,5\r\n" == await bench.until("2,5\r\n")
            assert OK == await enter(bench, "AT#SSLSENDEXT=1,4", "data")
            await eventually(lambda: one.received == b"data", "the first peer has it")
            assert b"" == two.received
            assert information("#SSLRECV: 2", "he") == await bench.command("AT#SSLRECV=2,2")
            expected = ["1,4,0,0,0", "2,0,2,3,0", *(f"{ssid},0,0,0,0" for ssid in range(3, 7))]
            assert information(*(f"#SSLI: {row}" for row in expected)) == await bench.command("AT#SSLI")
            assert information("#SSLI: 2,0,2,3,0") == await bench.command("AT#SSLI=2")
            assert {"1": "open", "2": "open"} == show(bench.modem)["ssl.sockets"]

            one.close()
            assert "\r\nNO CARRIER:SSL,1\r\n" == await bench.until("1\r\n")
            states = [await bench.command(f"AT#SSLS={ssid}") for ssid in (1, 2, 3)]
            assert [information(f"#SSLS: {state}") for state in ("1,1", "2,2", "3,0")] == states
            assert information("#SSLRECV: 3", "llo") == await bench.command("AT#SSLRECV=2,10")
            await succeed(bench, "AT#SSLH=1", "AT#SSLH=2")
            things = {event.thing for event in bench.events if isinstance(event, StateChanged)}
            assert {"secure socket 1", "secure socket 2"} <= things


async def test_the_end_of_one_socket_waits_while_the_other_sends() -> None:
    """NO CARRIER of the first comes behind the OK of the second, whose data arrives."""
    with two_peers() as (one, two):
        async with opened(one, two, RINGS) as bench:
            assert PROMPT == await bench.command("AT#SSLSEND=2")
            one.close()
            await eventually(lambda: _state(bench, 1) == "lost", "the first peer has closed")
            assert "" == bench.read()
            bench.send("data\x1a")
            assert f"{OK}\r\nNO CARRIER:SSL,1\r\n" == await bench.until("SSL,1\r\n")
            await eventually(lambda: two.received == b"data", "the second peer has it")
            assert "open" == _state(bench, 2)


def _state(bench: Bench, ssid: int) -> str:
    states: dict[str, str] = show(bench.modem)["ssl.sockets"]
    return states.get(str(ssid), "disabled")


async def test_data_mode_of_one_socket_leaves_the_other_open() -> None:
    """Online with the second, back by +++, then with the first; the end of one in data mode names it."""
    with two_peers() as (one, two):
        async with opened(one, two, RINGS) as bench:
            for ssid, peer in ((2, two), (1, one)):
                assert CONNECT == await bench.command(f"AT#SSLO={ssid}")
                bench.send(f"for {ssid}")
                await bench.advance(6)
                bench.send("+++")
                await bench.advance(2)
                assert OK == bench.read()
                await _has(peer, f"for {ssid}+++".encode())
                assert [_state(bench, 1), _state(bench, 2)] == ["open", "open"]
            assert CONNECT == await bench.command("AT#SSLO=2")
            two.close()
            assert "\r\nNO CARRIER:SSL,2\r\n" == await bench.until("SSL,2\r\n")
            assert "open" == _state(bench, 1)


async def _has(peer: ObedientPeer, data: bytes) -> None:
    await eventually(lambda: peer.received == data, "it has come")


async def test_two_instances_own_a_socket_each() -> None:
    """Each hears the URCs of its own; the other's is refused with the way to it, and read forms work at both."""
    with two_peers() as (one, two):
        async with ready(one, two, ports=2, settings=(RINGS,)) as bench:
            other = bench.hosts[1]
            await succeed(bench, "AT#SSLEN=2,0")
            await other.command("ATE0;+CMEE=1")
            assert OK == await other.command("AT#SSLEN=2,1")
            for ssid, host, name in ((1, bench, ONE), (2, other, TWO)):
                assert OK == await host.command(f"AT#SSLCFG={ssid},1,300,90,100,50,1")
                assert OK == await host.command(f'AT#SSLD={ssid},443,"{name}",0,1')
            for host, ssid in ((bench, 2), (other, 1)):
                reason = await say(bench, f"AT#SSLH={ssid}", host)
                assert reason == (
                    "another AT instance has enabled SSL, and only that one can use it: "
                    f"AT#SSLEN={ssid},0 at the port or channel of that one first"
                )
            two.say(b"hello")
            assert "\r\nSSLSRING: 2,5\r\n" == await other.until("2,5\r\n")
            one.close()
            assert "\r\nNO CARRIER:SSL,1\r\n" == await bench.until("SSL,1\r\n")
            assert "" == other.read()
            for host in (bench, other):
                assert "#SSLCFG: 6," in await host.command("AT#SSLCFG?")
            await succeed(bench, "AT#SSLEN=1,0")
            assert "AT#SSLEN=2,0 at the port" in (await say(bench, "AT#SSLCFG?") or "")


async def test_a_start_gives_a_free_socket_to_the_first_that_uses_it() -> None:
    """A read form takes one of them alone, and none where the instance has one."""
    async with ready(ports=2) as bench:
        other = bench.hosts[1]
        await succeed(bench, "AT#REBOOT")
        await bench.advance(30)
        for host in (bench, other):
            await host.command("ATE0;+CMEE=1")
        assert OK == await other.command("AT#SSLSECCFG=1,0,0")
        assert (await other.command("AT#SSLCFG?")).endswith(OK)
        assert (await bench.command("AT#SSLCFG?")).endswith(OK)
        assert "another AT instance has enabled SSL" in (await say(bench, "AT#SSLEN=2,0", other) or "")
        assert OK == await bench.command("AT#SSLEN=2,0")


async def test_a_channel_of_the_multiplexer_owns_a_socket() -> None:
    """Its neighbour has another one; each disables its own only."""
    async with multiplexed(M37) as (_, host):
        one, two = host.open(1), host.open(2)
        for ssid, channel in ((1, one), (2, two)):
            await channel.command("ATE0")
            assert OK == await channel.command(f"AT#SSLEN={ssid},1")
        assert ERROR == await one.command("AT#SSLEN=2,0")
        assert ERROR == await two.command("AT#SSLSECCFG=1,0,0")
        assert OK == await two.command("AT#SSLSECCFG=2,0,0")
        assert OK == await two.command("AT#SSLEN=2,0")
        assert rows("#SSLEN", "1", *["0"] * 5) == await one.command("AT#SSLEN?")


async def test_each_socket_uses_the_context_that_its_configuration_names() -> None:
    """The second on context 2: without it no dial, and its end is the end of that socket alone."""
    with two_peers() as (one, two):
        async with ready(one, two, settings=(RINGS,)) as bench:
            await succeed(bench, 'AT+CGDCONT=2,"IP","two"', "AT#SSLCFG=2,2,300,90,100,50")
            reason = await say(bench, f'AT#SSLD=2,443,"{TWO}",0,1')
            assert reason == "no context 2 is active: AT#SGACT=2,1 first"
            assert (await bench.command("AT#SGACT=2,1")).endswith(OK)
            await succeed(bench, f'AT#SSLD=1,443,"{ONE}",0,1', f'AT#SSLD=2,443,"{TWO}",0,1')
            bench.send("AT#SGACT=2,0\r")
            assert f"{OK}\r\nNO CARRIER:SSL,2\r\n" == await bench.until("SSL,2\r\n")
            assert ["open", "lost"] == [_state(bench, 1), _state(bench, 2)]


async def test_a_context_can_be_activated_for_a_secure_socket_alone() -> None:
    """No plain socket has context 3; without the secure one, that is the reason of the refusal."""
    async with ready() as bench:
        await succeed(bench, 'AT+CGDCONT=3,"IP","three"')
        assert (await say(bench, "AT#SGACT=3,1") or "").startswith("no socket is tied to context 3")
        await succeed(bench, "AT#SSLCFG=2,3,300,90,100,50")
        assert (await bench.command("AT#SGACT=3,1")).endswith(OK)


async def test_https_stands_beside_any_socket_but_the_first(tmp_path: Path) -> None:
    """It uses the settings of SSId 1, which is the one that excludes it."""
    chain, key = SERVER.write(tmp_path)
    with two_peers() as (one, two), HttpServer(chain=(chain,), key=key) as server:
        async with ready(one, two) as bench:
            bench.modem.route("www.example.com:443", f"127.0.0.1:{server.port}")
            await succeed(bench, "AT#SSLEN=1,0", 'AT#HTTPCFG=0,"www.example.com",443,0,"","",1')
            await succeed(bench, f'AT#SSLD=2,443,"{TWO}",0,1')
            assert (await query(bench, "/")).startswith("0,200,")
            await eventually(lambda: not bench.modem.device.http.connections, "the server has closed")
            await succeed(bench, "AT#SSLEN=1,1")
            reason = await say(bench, 'AT#HTTPQRY=0,0,"/"')
            assert reason == "the secure socket is closed; beside HTTPS it may only be disabled: AT#SSLEN=1,0 first"


async def test_a_change_of_one_socket_leaves_the_kept_session_of_the_other() -> None:
    """Where a firmware keeps sessions."""
    keeps = ('commands."#SSLFASTD"=true', "secure_socket.closure_types={choices=[0,1],default=0}")
    with two_peers() as (one, two):
        async with ready(one, two, settings=keeps) as bench:
            for ssid, name in ((1, ONE), (2, TWO)):
                await succeed(bench, f'AT#SSLD={ssid},443,"{name}",1,1', f"AT#SSLH={ssid},1")
            await succeed(bench, "AT#SSLSECCFG=1,0,1", "AT#SSLFASTD=2,1")
            assert (await say(bench, "AT#SSLFASTD=1,1") or "").endswith("AT#SSLH=1 first")
            await eventually(lambda: [session.resumed for session in two.opened] == [False, True], "it is resumed")


async def test_a_reset_of_one_connection_is_no_matter_of_the_other() -> None:
    """By a fault at the address of the second."""
    with two_peers() as (one, two):
        async with opened(one, two, RINGS) as bench:
            bench.modem.faults.add("connection-reset", host=TWO, at="received", byte=1)
            two.say(b"hello")
            assert "\r\nNO CARRIER:SSL,2\r\n" == await bench.until("SSL,2\r\n")
            assert OK == await enter(bench, "AT#SSLSENDEXT=1,4", "data")


async def test_security_data_of_another_socket_is_put_in_at_the_start(tmp_path: Path) -> None:
    """`2.ca_certificate`; a socket that the firmware lacks is told."""
    path = tmp_path / "ca.pem"
    path.write_bytes(ROOT.pem)
    setting = f"security_data.2.ca_certificate={path}"
    async with ready(settings=(setting,)) as bench:
        assert rows("#SSLSECDATA", "0,0,0", "0,1,0", *["0,0,0"] * 4) == await bench.command("AT#SSLSECDATA?")
    with pytest.raises(UserError, match="this firmware has no SSId 2, only 1"):
        async with Bench(UMTS, settings=[setting]):
            raise AssertionError("it starts all the same")


async def test_security_data_goes_to_a_socket_while_another_one_is_open() -> None:
    """Its own must be closed, as for #SSLSECDATA."""
    with two_peers() as (one, two):
        async with opened(one, two) as bench:
            ssl = bench.modem.device.ssl
            assert ssl is not None
            await succeed(bench, "AT#SSLH=1")
            ssl.provision("ca_certificate", ROOT.pem)
            with pytest.raises(UserError, match="while the secure socket is open; AT#SSLH=2 first"):
                ssl.provision("2.ca_certificate", ROOT.pem)
            with pytest.raises(UserError, match="no SSId 7, only 1, 2, 3, 4, 5, 6"):
                ssl.provision("7.ca_certificate", ROOT.pem)
            assert rows("#SSLSECDATA", "0,1,0", *["0,0,0"] * 5) == await bench.command("AT#SSLSECDATA?")


async def test_a_memory_that_refuses_leaves_every_socket_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, security data and enabling of the second; the first goes on."""
    with two_peers() as (one, two):
        async with opened(one, two) as bench:
            await succeed(bench, "AT#SSLH=2")
            store = bench.modem.device.store
            before, shown = store.content, show(bench.modem)["ssl.sockets"]

            def refuse(encoded: bytes) -> None:
                raise OSError(28, "No space left on device")

            with monkeypatch.context() as patch:
                patch.setattr(store, "_keep", refuse)
                for line in ("AT#SSLSECCFG=2,0,1", "AT#SSLCFG=2,1,500,60,70,8", "AT#SSLEN=2,0", "AT#SSLEN=3,1"):
                    assert cme(23) == await bench.command(line), line
                line = f"AT#SSLSECDATA=2,1,1,{len(ROOT.pem)}"
                assert cme(23) == await enter(bench, line, ROOT.pem + b"\x1a")

            assert (before, shown) == (store.content, show(bench.modem)["ssl.sockets"])
            assert OK == await enter(bench, "AT#SSLSENDEXT=1,4", "data")
            await succeed(bench, f'AT#SSLD=2,443,"{TWO}",0,1')


async def test_the_trace_names_the_socket_of_each_handshake() -> None:
    """Both handshakes at once, of two AT instances."""
    with two_peers() as (one, two):
        async with ready(one, two, ports=2) as bench:
            other = bench.hosts[1]
            await other.command("ATE0")
            await succeed(bench, "AT#SSLEN=2,0")
            assert OK == await other.command("AT#SSLEN=2,1")
            other.send(f'AT#SSLD=2,443,"{TWO}",0,1\r')
            await succeed(bench, f'AT#SSLD=1,443,"{ONE}",0,1')
            assert OK == await other.answer()

            ended = [event.ssid for event in bench.events if isinstance(event, TlsOutcome)]
            messages = {event.ssid for event in bench.events if isinstance(event, HandshakeMessage)}
            assert ([1, 2], {1, 2}) == (sorted(ended), messages)

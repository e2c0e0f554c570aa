"""Dials, handshakes and data take as long as the radio and the processor need for them."""

from collections.abc import Iterator

import pytest

from emulator.device.ssl.computing import handshake_seconds
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.testing import Bench
from emulator.trace.events import HandshakeMessage
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import CONNECT, HOST, NO_CARRIER, OK, PROMPT
from tests.peers.pki import SERVER
from tests.realistic.benches import LONG, seconds_of, slow_bench, succeed

DIAL = f'AT#SSLD=1,443,"{HOST}",0,1,5000'
"""Real servers get on while the module's time flies: its own timer must not count."""


@pytest.fixture(scope="module")
def peer() -> Iterator[ObedientPeer]:
    with ObedientPeer() as peer:
        yield peer


async def activate(bench: Bench) -> None:
    assert (await bench.command("AT#SGACT=1,1", within=30)).endswith(OK)
    await succeed(bench, "AT#SSLEN=1,1")
    await bench.advance(LONG)  # the radio rests


async def dial_seconds(bench: Bench, line: str = DIAL, *, answer: str = OK) -> float:
    """The module's seconds of a dial; real time passes slowly enough for the peer."""
    began = bench.clock.now()
    assert answer == await bench.command(line, within=300)
    return bench.clock.now() - began


@pytest.mark.parametrize(("firmware", "least"), [("GE865-QUAD", 2.4), ("HE910", 1.0)], ids=["GPRS", "HSPA"])
async def test_a_handshake_takes_round_trips_and_computing(peer: ObedientPeer, firmware: str, least: float) -> None:
    async with slow_bench(firmware, peer.port) as bench:
        await activate(bench)
        assert least < await dial_seconds(bench)


async def test_the_module_computes_between_the_servers_hello_and_its_own_last_flight() -> None:
    """A client's key of 2,048 bits takes half a minute at #CPUMODE=0, and #SSLD's <Timeout> does not count it."""
    log: list[tuple[float, str, str]] = []

    def note(now: float, event: object) -> None:
        if isinstance(event, HandshakeMessage):
            log.append((now, event.direction, event.name))

    with ObedientPeer(party=SERVER.but(bits=2048, name="large")) as peer:
        options = ["times.computing.public=[60.0]"]
        async with slow_bench("GE865-QUAD", peer.port, settings=options, readers=[note]) as bench:
            await activate(bench)
            assert 60 < await dial_seconds(bench, f'AT#SSLD=1,443,"{HOST}",0,1,400')

    when = {(direction, name): now for now, direction, name in log}
    times = bench.modem.firmware.profile.times
    assert handshake_seconds(times, 0, server=2048) == pytest.approx(60.1)
    assert when["received", "finished"] - when["received", "server_hello_done"] > 60.1


async def test_a_session_that_is_resumed_computes_next_to_nothing() -> None:
    with ObedientPeer() as peer:
        async with slow_bench("GE865-QUAD", peer.port, settings=["times.computing.public=[20.0]"]) as bench:
            await activate(bench)
            full = await dial_seconds(bench, f'AT#SSLD=1,443,"{HOST}",1,1,5000')
            await succeed(bench, "AT#SSLH=1,1")
            resumed = await dial_seconds(bench, "AT#SSLFASTD=1,1,5000")

    assert resumed < full - 4


async def test_data_comes_at_the_rate_of_the_radio(peer: ObedientPeer) -> None:
    """1,000 bytes at 40 kbit/s take a fifth of a second, behind a round trip."""
    async with slow_bench("GE865-QUAD", peer.port) as bench:
        await activate(bench)
        await dial_seconds(bench)
        peer.say(b"x" * 1000)
        began = bench.clock.now()
        answer = await bench.command("AT#SSLRECV=1,1000,600", within=60)

    assert answer.startswith("\r\n#SSLRECV: ")
    assert bench.clock.now() - began > 0.2


async def test_a_power_cut_in_a_handshake_ends_it(peer: ObedientPeer) -> None:
    async with slow_bench("GE865-QUAD", peer.port, settings=["times.computing.public=[60.0]"]) as bench:
        await activate(bench)
        bench.send(f"{DIAL}\r")
        await bench.advance(1.5)
        bench.modem.device.power.restart()
        await bench.advance(LONG)

        assert bench.read() == ""


async def test_an_address_takes_a_round_trip_and_a_name_one_more() -> None:
    """A refusal comes after it, and not before."""
    async with slow_bench("HE910") as bench:
        await activate(bench)
        refused = await seconds_of(bench, 'AT#SD=1,0,9,"127.0.0.1",0,0,1', most=60)
        resolved = await seconds_of(bench, 'AT#QDNS="localhost"', most=60)

    assert "ERROR" in refused[0]
    assert refused[1] > 1
    assert resolved[1] > 0.04


async def test_a_slow_network_of_a_scenario_comes_on_top(peer: ObedientPeer) -> None:
    async with slow_bench("HE910", peer.port) as bench:
        await activate(bench)
        bench.modem.faults.add("slow-network", latency="5 s")
        assert 10 < await dial_seconds(bench)


async def test_what_is_sent_before_a_close_still_goes_out(peer: ObedientPeer) -> None:
    async with slow_bench("GE865-QUAD", peer.port) as bench:
        await activate(bench)
        await dial_seconds(bench)
        assert PROMPT == await bench.command("AT#SSLSEND=1", within=5)
        bench.send("goodbye\x1a")
        assert OK == await bench.answer(within=5)
        await succeed(bench, "AT#SSLH=1")
        await bench.advance(5)
        await eventually(lambda: peer.received == b"goodbye", "what was sent")


async def test_data_mode_ends_with_what_the_peer_has_said() -> None:
    with ObedientPeer() as peer:
        async with slow_bench("GE865-QUAD", peer.port) as bench:
            await activate(bench)
            await dial_seconds(bench, f'AT#SSLD=1,443,"{HOST}",0,0,5000', answer=CONNECT)
            peer.say(b"last words")
            peer.close()
            heard = await bench.until("NO CARRIER\r\n", within=120)

    assert heard == "last words\r\nNO CARRIER\r\n"


async def test_ftp_and_http_take_their_round_trips() -> None:
    """A session is at least six of them, a page two, a farewell one; nothing is lost on the way."""
    with FtpsServer({"file.txt": b"x" * 3000}) as ftp, HttpServer({"/a.txt": b"hello"}) as http:
        async with slow_bench("HE910") as bench:
            bench.modem.route("ftp.lab:21", ftp.address)
            bench.modem.route("http.lab:80", http.address)
            await activate(bench)
            opened = await dial_seconds(bench, 'AT#FTPOPEN="ftp.lab","telit","public-demo",1')
            heard = await bench.command('AT#FTPGET="file.txt"', within=60)
            if not heard.endswith(NO_CARRIER):
                heard += await bench.until(NO_CARRIER, within=60)
            await succeed(bench, "AT#FTPCLOSE")
            await succeed(bench, 'AT#HTTPCFG=0,"http.lab",80')
            asked = await dial_seconds(bench, 'AT#HTTPQRY=0,0,"/a.txt"')
            assert "200" in await bench.until(",5\r\n", within=60)

    assert heard == f"{CONNECT}{'x' * 3000}{NO_CARRIER}"
    assert opened > 6 * 0.05
    assert asked > 2 * 0.05

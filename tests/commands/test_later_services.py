"""What the lines after the guide answer where their services differ: errors, HTTP, FTP, the clock, +CMUX, CONNECT."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import PAGES
from emulator.lab.time_server import TimeServer
from emulator.testing import Bench
from tests.commands.ftp_bench import SERVER as FTP_SERVER
from tests.commands.http_bench import SERVER, asked, received
from tests.commands.http_bench import query as http_query
from tests.commands.later import LE910, LE910_V2, LE910C1, LTE_LINES, ME310G1, ME910C1, ME910G1, SINCE_20
from tests.commands.lines import EVERY_LINE, LINES
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import ERROR, OK, cme, information, succeed
from tests.commands.test_refusing_memory import RefusingMemory
from tests.line.mux.hosts import multiplexed
from tests.peers.ftp_script import HANG_UP, ScriptedFtpServer

SSL_ERRORS = {
    "ssl_not_activated": (836, 1000),
    "ssl_security_data": (837, 1001),
    "ssl_generic": (830, 1002),
    "ssl_already_activated": (835, 1003),
    "ssl_handshake": (839, 1004),
    "ssl_socket_error": (832, 1005),
    "ssl_cannot_activate": (831, 1007),
    "ssl_not_connected": (833, 1008),
    "ssl_already_connected": (834, 1009),
    "ssl_coding": (838, 1010),
    "ssl_disconnected": (840, 1011),
}
"""By cause: the number up to the LE910, and that of the LE910 V2 and later."""
OF_ANOTHER = {LE910_V2: {"ssl_handshake": 839}}
IN_USE = {LE910: 835, LE910_V2: 684, LE910C1: 684, ME910C1: 1003, ME910G1: 1003}
FTP_OPEN = f"AT#FTPOPEN={FTP_SERVER},{USER},{PASSWORD},1"


async def active(bench: Bench, cid: int = 1) -> None:
    """A context for sockets, however the line gets one."""
    await succeed(bench, "AT+CMEE=1")
    await bench.command(f'AT+CGDCONT={cid},"IP","apn"')
    await bench.command(f"AT#SGACT={cid},1")
    assert f"#SGACT: {cid},1\r\n" in await bench.command("AT#SGACT?")


@pytest.mark.parametrize("model", [*LINES, *LTE_LINES])
def test_the_numbers_of_the_ssl_errors(model: str) -> None:
    """The 1000 series from the LE910 V2 on; the text of a cause is the same everywhere."""
    from emulator.firmware.loader import load_firmware

    errors = load_firmware(model).profile.errors
    column = int(model in SINCE_20)
    expected = {cause: numbers[column] for cause, numbers in SSL_ERRORS.items()} | OF_ANOTHER.get(model, {})

    assert expected == {str(cause): entry.code for cause, entry in errors.items() if cause in SSL_ERRORS}
    in_use = errors["ssl_in_use"]  # type: ignore[index]  # a Cause is its name
    assert (IN_USE.get(model, 835), "SSL already activated") == (in_use.code, in_use.text)


@pytest.mark.parametrize("firmware", SINCE_20)
async def test_an_ssl_command_before_sslen(firmware: str) -> None:
    """In all three forms of an error; an argument that is not taken is 4, as everywhere."""
    async with Bench(firmware) as bench:
        assert ERROR == await bench.command("AT#SSLH=1")
        await succeed(bench, "AT+CMEE=1")
        assert cme(1000) == await bench.command("AT#SSLH=1")
        assert cme(4) == await bench.command("AT+CMEE=3")
        await succeed(bench, "AT+CMEE=2")
        assert "\r\n+CME ERROR: SSL not activated\r\n" == await bench.command("AT#SSLH=1")
        assert "\r\n+CME ERROR: operation not supported\r\n" == await bench.command("AT+CMEE=3")


FTP_FAILURES: Mapping[str, tuple[dict[str, str], int]] = {
    "a login that is refused": ({"PASS": "530 no"}, 634),
    "a server that hangs up": ({"PASS": HANG_UP}, 643),
}


@pytest.mark.parametrize("failure", FTP_FAILURES)
async def test_ftp_tells_more_of_a_failure(failure: str) -> None:
    """Where older lines have 606 for all of it; and 615 where no session is open."""
    replies, code = FTP_FAILURES[failure]
    with ScriptedFtpServer(replies=replies) as server:
        for firmware, expected in ((ME910G1, code), ("HE910", 606)):
            async with Bench(firmware, routes={f"{FTP_SERVER}:21": f"127.0.0.1:{server.port}"}) as bench:
                await active(bench)
                assert cme(615 if firmware == ME910G1 else 607) == await bench.command("AT#FTPPWD")
                assert cme(expected) == await bench.command(FTP_OPEN)


async def test_ftp_without_an_answer_in_time() -> None:
    """642 while the connection is opened, 605 on older lines."""
    for firmware, code in ((ME910G1, 642), ("HE910", 605)):
        async with Bench(firmware) as bench:
            await active(bench)
            bench.modem.faults.add("connection-unanswered")
            bench.send(f"{FTP_OPEN}\r")
            await bench.advance(11)
            assert cme(code) == await bench.answer()


async def test_ftpopen_by_another_context() -> None:
    """The fifth value of 37.00; #FTPCFG has a fourth there."""
    with FtpsServer() as server:
        async with Bench(ME910G1, routes={f"{FTP_SERVER}:21": server.address}) as bench:
            await active(bench, 2)
            assert information("#FTPCFG: (100-5000),(0,1),(0,1),(0,1)") == await bench.command("AT#FTPCFG=?")
            await succeed(bench, "AT#FTPCFG=100,0,0,1", f"{FTP_OPEN},2")
            await bench.command("AT#SGACT=2,0")
            assert cme(615) == await bench.command("AT#FTPPWD")
            assert cme(4) == await bench.command(f"{FTP_OPEN},7")
    async with Bench(LE910C1) as bench:
        await succeed(bench, "AT+CMEE=1")
        assert cme(4) == await bench.command(f"{FTP_OPEN},1")


async def test_httpcfg_takes_twelve_values() -> None:
    """37.00, <pktSize> 0 and two reserved ones; the short forms of hosts keep what is left out."""
    async with Bench(ME910G1) as bench:
        await succeed(bench, "AT+CMEE=1")
        lengths = "(0-2),50,(1-65535),(0,1),50,50,(0,1),(1-65535),(1-6),(0-1500),(0),(0)"
        assert information(f"#HTTPCFG: {lengths}") == await bench.command("AT#HTTPCFG=?")
        await succeed(bench, 'AT#HTTPCFG=0,"a",443,0,"","",1,120,6,0,0,0', 'AT#HTTPCFG=0,"b",80,0,,,0,120,1')
        assert '#HTTPCFG: 0,"b",80,0,"","",0,120,1,0,0,0\r\n' in await bench.command("AT#HTTPCFG?")
        assert cme(4) == await bench.command('AT#HTTPCFG=0,"a",443,0,"","",1,120,6,0,1')
    async with Bench(ME910C1) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT#HTTPCFG=0,"a",443,0,"","",1,120,6,300')
        assert cme(4) == await bench.command('AT#HTTPCFG=0,"a",443,0,"","",1,120,6,300,0')


@pytest.mark.parametrize(("firmware", "taken"), [(ME910G1, True), (ME910C1, False)])
async def test_a_connection_line_of_the_host(firmware: str, taken: bool) -> None:
    """A host of 37.00 asks for keep-alive and goes on; the request says close whatever it wants."""
    async with TcpPeer() as peer, Bench(firmware, routes={f"{SERVER}:80": f"127.0.0.1:{peer.port}"}) as bench:
        await active(bench)
        await succeed(bench, f'AT#HTTPCFG=0,"{SERVER}",80')
        line = 'AT#HTTPQRY=0,0,"/","Connection: keep-alive"'
        if not taken:
            assert cme(4) == await bench.command(line)
            return
        client = await asked(bench, peer, line)
        assert [b"Connection: close"] == re.findall(rb"(?i)connection:[^\r]*", bytes(client.received))


async def test_https_wants_ssl_disabled() -> None:
    """37.00: the settings of the socket with SSLId 1 hold, and the socket itself must be disabled."""
    with HttpServer() as server:
        async with Bench(ME910G1, routes={f"{SERVER}:80": server.address}) as bench:
            await active(bench)
            await succeed(bench, f'AT#HTTPCFG=0,"{SERVER}",80,0,"","",1', "AT#SSLEN=1,1")
            assert cme(1003) == await bench.command('AT#HTTPQRY=0,0,"/"')
            await succeed(bench, "AT#SSLEN=1,0", f'AT#HTTPCFG=0,"{SERVER}",80,0,"","",0')
            assert '0,200,"text/plain",21' == await http_query(bench, "/")
            assert PAGES["/"] == await received(bench)


async def test_the_ok_of_a_page_comes_later_in_the_field() -> None:
    """On 37.00 with `--realistic`, some time after the data; at once without it, and on other lines."""
    with HttpServer() as server:
        routes = {f"{SERVER}:80": server.address}
        async with Bench(ME910G1, routes=routes, realistic=True) as bench:
            await bench.advance(120)
            for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", f'AT#HTTPCFG=0,"{SERVER}",80'):
                await bench.command(line, within=120)
            bench.send('AT#HTTPQRY=0,0,"/"\r')
            await bench.until('0,200,"text/plain",21\r\n', within=60)
            bench.send("AT#HTTPRCV=0\r")
            await bench.until(PAGES["/"].decode(), within=20)
            before = bench.clock.now()
            assert OK == await bench.until(OK, within=5)
            assert bench.clock.now() - before > 0.1


async def test_ntp_by_the_context_that_ntpcfg_names() -> None:
    """Until power-off; #CCLKMODE 1 shows what was set in UTC, and is kept."""
    moment = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
    with TimeServer(moment.timestamp) as server:
        async with Bench(ME910G1, routes={"time.lab:123": server.address}) as bench:
            await active(bench, 2)
            assert information("#NTPCFG: (1-6),(0),(0),") == await bench.command("AT#NTPCFG=?")
            await succeed(bench, "AT#NTPCFG=3", 'AT#NTPCFG=3,0,0,""')
            assert information('#NTPCFG: 3,0,0,""') == await bench.command("AT#NTPCFG?")
            assert cme(556) == await bench.command('AT#NTP="time.lab",123,1,5,36')
            await succeed(bench, "AT#NTPCFG=2")
            assert information("#NTP: 26/03/01,21:00:00+36") == await bench.command('AT#NTP="time.lab",123,1,5,36')
            assert information('+CCLK: "26/03/01,21:00:00+36"') == await bench.command("AT+CCLK?")
            await succeed(bench, "AT#CCLKMODE=1")
            assert information('+CCLK: "26/03/01,12:00:00+00"') == await bench.command("AT+CCLK?")
            assert information('#CCLK: "26/03/01,12:00:00+00,0"') == await bench.command("AT#CCLK?")
            assert information("#CCLKMODE: 1") == await bench.command("AT#CCLKMODE?")
            assert 1 == bench.modem.device.nvm.clock_mode


@EVERY_LINE
async def test_older_lines_have_no_such_commands(firmware: str) -> None:
    """Neither of the two of the clock."""
    async with Bench(firmware) as bench:
        assert ERROR == await bench.command("AT#NTPCFG=1")
        assert ERROR == await bench.command("AT#CCLKMODE=1")


NINE = "AT+CMUX=0,0,5,127,10,3,30,10,2"


@pytest.mark.parametrize(
    ("firmware", "taken", "refused"),
    [
        (LE910_V2, "AT+CMUX=0,0", "AT+CMUX=0,0,5"),
        (LE910C1, "AT+CMUX=0,0,5,122", f"{NINE}"),
        (ME310G1, "AT+CMUX=0,0,5,127", NINE),
        (ME910G1, NINE, "AT+CMUX=0,0,5,127,0"),
    ],
)
async def test_the_values_of_cmux(firmware: str, taken: str, refused: str) -> None:
    """As many as each line was heard to take; an ME310G1 has answered 4 to nine of them."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1", "AT#CMUXMODE=5")
        assert cme(4) == await bench.command(refused)
        await succeed(bench, taken)


async def test_four_channels_on_lte_lines() -> None:
    """Beside the control channel; the older ones have three."""
    async with multiplexed(ME910G1) as (_, host):
        for number in (1, 2, 3, 4):
            assert (await host.open(number).command("AT")).endswith(OK)


@pytest.mark.parametrize(
    ("firmware", "settings", "text"),
    [
        ("LE910C4-WWXD", "", "CONNECT 150000000"),
        ("LE910C4-WWXD", "ATX0", "CONNECT"),
        (LE910C1, "", "CONNECT"),
        (LE910_V2, "", "CONNECT"),
    ],
)
async def test_connect_names_a_rate_on_25_30(firmware: str, settings: str, text: str) -> None:
    """Not under X0 (V.250 6.2.7), and not on other lines; V0 has its number."""
    async with Bench(firmware) as bench:
        await bench.command('AT+CGDCONT=2,"IP","apn"')
        if settings:
            await succeed(bench, settings)
        bench.send("ATD*99***2#\r")
        assert f"\r\n{text}\r\n" == await bench.until(f"{text}\r\n")
        assert (await bench.escape()).endswith(OK)
        await succeed(bench, "ATH", "AT")
        bench.send("ATV0\r")
        assert "0\r" == await bench.until("0\r")
        bench.send("ATD*99***2#\r")
        assert "1\r" == await bench.until("1\r")


@pytest.mark.parametrize(
    ("setup", "line", "read"),
    [
        ((), "AT#SCFGEXT3=1,1,1,1,100", "AT#SCFGEXT3?"),
        ((), "AT#CCLKMODE=1", "AT#CCLKMODE?"),
        ((), 'AT#HTTPCFG=0,"a",443,0,"","",1,120,6,0,0,0', "AT#HTTPCFG?"),
        (("AT#SMTPCFG=1,465",), "AT#ESAV", "AT#SMTPCFG?"),
    ],
)
async def test_a_memory_that_refuses_leaves_all_as_it_was(setup: tuple[str, ...], line: str, read: str) -> None:
    """`memory failure`, and nothing has changed."""
    async with Bench(ME910G1) as bench:
        await succeed(bench, "AT+CMEE=1", *setup)
        before, content = await bench.command(read), bench.modem.device.nvm
        memory = RefusingMemory(bench)
        memory.refuses = lambda number: True
        assert cme(23) == await bench.command(line)
        assert (before, content) == (await bench.command(read), bench.modem.device.nvm)

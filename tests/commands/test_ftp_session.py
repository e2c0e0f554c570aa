"""FTP sessions: settings, #FTPOPEN and what can go wrong with it, commands without a data connection. Facts 6."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from emulator.firmware.lines import ModelEntry
from emulator.testing import Bench
from emulator.trace.events import FtpSaid
from tests.commands.ftp_bench import SERVER, ftp_bench
from tests.commands.lines import MODELS
from tests.commands.peer import eventually
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, cme, information, succeed
from tests.peers.ftp_script import HANG_UP, RESET, SILENCE, ScriptedFtpServer
from tests.peers.plain import black_hole
from tests.peers.processes import free_port

OPEN = f"AT#FTPOPEN={SERVER},telit,secret,1"

TESTS = {
    "#FTPTO": "(100-5000)",
    "#FTPCFG": "(100-5000),(0,1),(0,1)",
    "#FTPTYPE": "(0,1)",
    "#FTPPUT": "200,(0,1)",
    "#FTPAPP": "200,(0,1)",
    "#FTPAPPEXT": "(1-1500),(0,1)",
    "#FTPGETPKT": "200,(0,1)",
    "#FTPRECV": "(1-3000)",
    "#FTPREST": "(0-4294967295)",
}
NO_VALUES = ["OPEN", "CLOSE", "GET", "LIST", "CWD", "PWD", "DELE", "FSIZE", "MSG"]

NEED_SESSION = [
    "AT#FTPCLOSE",
    "AT#FTPTYPE=0",
    "AT#FTPTYPE?",
    'AT#FTPPUT="a"',
    'AT#FTPPUT="a",1',
    'AT#FTPAPP="a"',
    "AT#FTPAPPEXT=1",
    'AT#FTPGET="a"',
    'AT#FTPGETPKT="a"',
    "AT#FTPGETPKT?",
    "AT#FTPRECV=1",
    "AT#FTPRECV?",
    "AT#FTPLIST",
    'AT#FTPLIST="a"',
    'AT#FTPCWD="a"',
    "AT#FTPPWD",
    'AT#FTPDELE="a"',
    "AT#FTPREST=1",
    "AT#FTPREST?",
    'AT#FTPFSIZE="a"',
]

OUT_OF_RANGE = [
    "AT#FTPTO=99",
    "AT#FTPTO=5001",
    "AT#FTPCFG",
    "AT#FTPCFG=100,2",
    "AT#FTPCFG=100,0,2",
    "AT#FTPCFG=100,0,1,1",
    "AT#FTPOPEN=server,user",
    "AT#FTPOPEN=server:0,user,password",
    "AT#FTPOPEN=server:65536,user,password",
    "AT#FTPOPEN=server:x,user,password",
    "AT#FTPOPEN=server,user,password,2",
    "AT#FTPOPEN?",
    "AT#FTPTYPE=2",
    f'AT#FTPGET="{"x" * 201}"',
    "AT#FTPGET",
    "AT#FTPGET?",
    "AT#FTPAPPEXT=0",
    "AT#FTPAPPEXT=1501",
    "AT#FTPAPPEXT=1,2",
    "AT#FTPRECV=0",
    "AT#FTPRECV=3001",
    'AT#FTPPUT="a",2',
    'AT#FTPGETPKT="a",2',
    "AT#FTPREST=4294967296",
]


EXTENDED = ("37.00",)
"""The lines whose #FTPCFG has one value more."""


@asynccontextmanager
async def reaching(server: ScriptedFtpServer, **options: Any) -> AsyncIterator[Bench]:
    """A bench that can reach the server."""
    with server:
        async with ftp_bench(server.port, **options) as bench:
            yield bench


@asynccontextmanager
async def in_session(server: ScriptedFtpServer, **options: Any) -> AsyncIterator[Bench]:
    """A bench with a session open."""
    async with reaching(server, **options) as bench:
        await succeed(bench, OPEN)
        yield bench


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
async def test_every_firmware_has_every_ftp_command(model: ModelEntry) -> None:
    """With its test form, and an error without a session, which lines with LTE number otherwise."""
    later = {"#FTPCFG": f"{TESTS['#FTPCFG']},(0,1)"} if model.line in EXTENDED else {}
    async with Bench(model.name) as bench:
        await succeed(bench, "AT+CMEE=1")
        for name, values in {**TESTS, **later}.items():
            assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?"), name
        for name in NO_VALUES:
            assert OK == await bench.command(f"AT#FTP{name}=?"), name
        for line in NEED_SESSION:
            assert cme(615 if model.line > "16.00" else 607) == await bench.command(line), line


async def test_what_is_out_of_range_is_refused_before_anything_else() -> None:
    """Also without a session."""
    async with Bench() as bench:
        await succeed(bench, "AT+CMEE=1")
        for line in OUT_OF_RANGE:
            assert cme(4) == await bench.command(line), line
        await succeed(bench, "AT+CMEE=0")
        assert ERROR == await bench.command("AT#FTPPWD")
        await succeed(bench, "AT+CMEE=2")
        assert "\r\n+CME ERROR: not connected\r\n" == await bench.command("AT#FTPPWD")


async def test_the_settings_are_shown_and_forgotten_at_power_off() -> None:
    """#FTPTO and <tout> of #FTPCFG are one time limit; without a value #FTPTO shows it."""
    async with Bench() as bench:
        assert information("#FTPTO: 100") == await bench.command("AT#FTPTO?")
        assert information("#FTPCFG: 100,0,0") == await bench.command("AT#FTPCFG?")
        await succeed(bench, "AT#FTPCFG=5000,1,1")
        assert information("#FTPCFG: 5000,1,1") == await bench.command("AT#FTPCFG?")
        await succeed(bench, "AT#FTPTO=1200")
        for line in ("AT#FTPTO?", "AT#FTPTO", "AT#FTPTO="):
            assert information("#FTPTO: 1200") == await bench.command(line)
        await succeed(bench, "AT#FTPCFG=100")
        assert information("#FTPCFG: 100,0,0") == await bench.command("AT#FTPCFG?")
        await succeed(bench, "AT#FTPCFG=200,1,1", "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert information("#FTPCFG: 100,0,0") == await bench.command("AT#FTPCFG?")


async def test_a_firmware_without_ssl_has_ftp_without_protection() -> None:
    """A release before the guide's applicability table."""
    async with Bench("GE865-QUAD@10.00.002") as bench:
        assert information("#FTPCFG: (100-5000),(0,1)") == await bench.command("AT#FTPCFG=?")
        assert information("#FTPCFG: 100,0") == await bench.command("AT#FTPCFG?")
        assert ERROR == await bench.command("AT#FTPCFG=100,0,1")


@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_a_session_from_login_to_goodbye(firmware: str) -> None:
    """In the order of RFC 959; the default type is told to the server."""

    server = ScriptedFtpServer({"a": b"", "b": b"12345"})
    async with reaching(server, firmware=firmware) as bench:
        await succeed(bench, f'AT#FTPOPEN="{SERVER}","telit","secret",1')
        assert cme(608) == await bench.command(OPEN)
        assert information('#FTPPWD: 257 "/" is where you are') == await bench.command("AT#FTPPWD")
        await succeed(bench, 'AT#FTPCWD="somewhere else"', 'AT#FTPDELE="a"')
        assert cme(606) == await bench.command('AT#FTPDELE="a"')
        assert information("#FTPMSG: 550 no such file") == await bench.command("AT#FTPMSG")
        assert information("#FTPFSIZE: 5") == await bench.command("AT#FTPFSIZE=b")
        await succeed(bench, "AT#FTPCLOSE")
        assert cme(607) == await bench.command("AT#FTPCLOSE")

    commands = ["USER telit", "PASS secret", "TYPE I", "PWD", "CWD somewhere else"]
    assert [*commands, "DELE a", "DELE a", "SIZE b", "QUIT"] == server.heard


async def test_the_type_is_set_and_shown() -> None:
    """Without a value it is shown, too."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        assert information("#FTPTYPE: 0") == await bench.command("AT#FTPTYPE?")
        await succeed(bench, "AT#FTPTYPE=1")
        for line in ("AT#FTPTYPE?", "AT#FTPTYPE", "AT#FTPTYPE="):
            assert information("#FTPTYPE: 1") == await bench.command(line)
        await succeed(bench, "AT#FTPTYPE=0")
    assert ["TYPE I", "TYPE A", "TYPE I"] == [line for line in server.heard if line.startswith("TYPE")]


async def test_the_restart_position_is_shown() -> None:
    """Until a download uses it."""
    async with in_session(ScriptedFtpServer()) as bench:
        assert information("#FTPREST: 0") == await bench.command("AT#FTPREST?")
        await succeed(bench, "AT#FTPREST=4294967295")
        assert information("#FTPREST: 4294967295") == await bench.command("AT#FTPREST?")


async def test_the_replies_of_the_server_are_shown_where_the_firmware_does() -> None:
    """Facts 6: on some versions."""
    async with in_session(
        ScriptedFtpServer({"a": b""}), settings=['ftp.replies_shown=["#FTPCWD", "#FTPDELE"]']
    ) as bench:
        assert information("#FTPCWD: 200 fine") == await bench.command("AT#FTPCWD=a")
        assert information("#FTPDELE: 250 deleted") == await bench.command("AT#FTPDELE=a")


async def test_a_reply_of_several_lines_is_one_message() -> None:
    """Whole in #FTPMSG; #FTPPWD shows the line that ends it."""
    async with in_session(ScriptedFtpServer(replies={"PWD": "257-first\r\n 257 is not the end\r\n257 end"})) as bench:
        assert information("#FTPPWD: 257 end") == await bench.command("AT#FTPPWD")
        assert information("#FTPMSG: 257-first\r\n 257 is not the end\r\n257 end") == await bench.command("AT#FTPMSG")


async def test_no_message_before_there_was_a_server() -> None:
    """An empty one, and no error: after a session that failed it tells why."""
    async with reaching(ScriptedFtpServer(replies={"PASS": "530 no"})) as bench:
        assert information("#FTPMSG: ") == await bench.command("AT#FTPMSG")
        assert cme(606) == await bench.command(OPEN)
        assert information("#FTPMSG: 530 no") == await bench.command("AT#FTPMSG")


@pytest.mark.parametrize(
    ("replies", "verbs"),
    [
        ({"USER": "230 welcome"}, ["USER", "TYPE"]),
        ({"HELLO": "120 wait\r\n220-now\r\n220 really"}, ["USER", "PASS", "TYPE"]),
        ({"PASS": "202 superfluous"}, ["USER", "PASS", "TYPE"]),
    ],
)
async def test_servers_may_log_in_in_other_ways(replies: dict[str, str], verbs: list[str]) -> None:
    """RFC 959 5.4."""

    server = ScriptedFtpServer(replies=replies)
    async with reaching(server) as bench:
        await succeed(bench, OPEN)
        assert verbs == server.verbs


@pytest.mark.parametrize(
    "replies",
    [
        {"HELLO": "421 too many"},
        {"HELLO": HANG_UP},
        {"USER": "530 no"},
        {"USER": "332 account, please"},
        {"USER": HANG_UP},
        {"PASS": "530 no"},
        {"PASS": "332 account, please"},
        {"PASS": "331 once more"},
        {"PASS": "421 going down"},
        {"PASS": RESET},
        {"TYPE": "504 unknown"},
    ],
    ids=str,
)
async def test_a_login_that_fails_is_an_error_and_no_session(replies: dict[str, str]) -> None:
    """606, and the next attempt begins anew."""
    async with reaching(ScriptedFtpServer(replies=replies)) as bench:
        for _ in range(2):
            assert cme(606) == await bench.command(OPEN)
            assert cme(607) == await bench.command("AT#FTPPWD")


@pytest.mark.parametrize(
    ("replies", "heard"), [({"HELLO": SILENCE}, 0), ({"HELLO": "not FTP"}, 0), ({"USER": SILENCE}, 1)], ids=str
)
@pytest.mark.parametrize("setting", ["AT#FTPTO=200", "AT#FTPCFG=200"])
async def test_a_server_that_says_nothing_is_given_up(replies: dict[str, str], heard: int, setting: str) -> None:
    """After #FTPTO tenths of a second, or <tout> of #FTPCFG."""

    server = ScriptedFtpServer(replies=replies)
    async with reaching(server) as bench:
        await succeed(bench, setting)
        bench.send(f"{OPEN}\r")
        await eventually(lambda: server.has_client and len(server.heard) == heard, "the server has the module")
        await bench.advance(19.9)
        assert bench.read() == ""
        await bench.advance(0.2)
        assert cme(606) == await bench.answer()
        assert cme(607) == await bench.command("AT#FTPPWD")


async def test_a_server_that_cannot_be_reached() -> None:
    """605 for a closed port, 603 for a name that does not exist, 609 without a context."""
    async with ftp_bench(free_port()) as bench:
        assert cme(605) == await bench.command(OPEN)
        assert cme(603) == await bench.command("AT#FTPOPEN=no.such.name.invalid,telit,secret")
        await succeed(bench, "AT#SGACT=1,0")
        assert cme(609) == await bench.command(OPEN)


async def test_a_server_that_nobody_answers_for() -> None:
    """605 after the time limit: the queue of its port is full."""
    with black_hole() as port:
        async with ftp_bench(port) as bench:
            bench.send(f"{OPEN}\r")
            await asyncio.sleep(0)
            await bench.advance(10.1)
            assert cme(605) == await bench.answer()


async def test_a_server_that_goes_away_ends_the_session() -> None:
    """There is no URC; the next command finds no session, and another can be opened."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        client = bench.modem.device.ftp
        server.hang_up()
        await eventually(lambda: client._session is None or client._session.is_over, "the module has seen it")
        assert bench.read() == ""
        assert cme(607) == await bench.command("AT#FTPPWD")
        await succeed(bench, OPEN, "AT#FTPCLOSE")


@pytest.mark.parametrize("reply", [HANG_UP, RESET])
async def test_a_server_that_goes_away_within_a_command(reply: str) -> None:
    """An error, and the session is over; a host that closes it now hears OK, once."""
    async with in_session(ScriptedFtpServer(replies={"PWD": reply})) as bench:
        assert cme(606) == await bench.command("AT#FTPPWD")
        assert cme(607) == await bench.command("AT#FTPPWD")
        await succeed(bench, "AT#FTPCLOSE")
        assert cme(607) == await bench.command("AT#FTPCLOSE")


async def test_a_profile_can_refuse_to_close_a_lost_session() -> None:
    """For firmware that says so."""
    server = ScriptedFtpServer(replies={"PWD": HANG_UP})
    async with in_session(server, settings=["ftp.lost_can_be_closed=false"]) as bench:
        assert cme(606) == await bench.command("AT#FTPPWD")
        assert cme(607) == await bench.command("AT#FTPCLOSE")


async def test_a_command_without_a_reply_ends_the_session() -> None:
    """A reply that came late would be taken for that of the next command."""

    server = ScriptedFtpServer(replies={"CWD": SILENCE})
    async with in_session(server) as bench:
        bench.send("AT#FTPCWD=a\r")
        await eventually(lambda: "CWD" in server.verbs, "the server has heard it")
        await bench.advance(10.1)
        assert cme(606) == await bench.answer()
        assert cme(607) == await bench.command("AT#FTPPWD")


async def test_what_the_server_says_without_a_command_is_no_reply_to_the_next_command() -> None:
    """As a warning that it is going to close."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        control = bench.modem.device.ftp.session.control
        server.say("421 going down soon")
        await eventually(lambda: control.has_reply, "it has come")
        assert information('#FTPPWD: 257 "/" is where you are') == await bench.command("AT#FTPPWD")


@pytest.mark.parametrize("reply", [SILENCE, HANG_UP, "500 what?"])
async def test_closing_succeeds_whatever_the_server_makes_of_it(reply: str) -> None:
    """The session is over either way."""

    server = ScriptedFtpServer(replies={"QUIT": reply})
    async with in_session(server) as bench:
        bench.send("AT#FTPCLOSE\r")
        await eventually(lambda: "QUIT" in server.verbs, "the server has heard it")
        if reply == SILENCE:
            await bench.advance(10.1)
        assert OK == await bench.answer()
        assert cme(607) == await bench.command("AT#FTPPWD")


@pytest.mark.parametrize("way", ["AT#SGACT=1,0", "AT+CGATT=0", "AT+CFUN=4"])
async def test_the_session_ends_with_the_context(way: str) -> None:
    """Without a word to the server, and without one to the host."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        await succeed(bench, way)
        assert cme(607) == await bench.command("AT#FTPPWD")
        assert "QUIT" not in server.verbs


async def test_the_session_does_not_outlive_a_restart() -> None:
    """What was volatile is made anew."""
    async with in_session(ScriptedFtpServer()) as bench:
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        await succeed(bench, "AT+CMEE=1")
        assert cme(607) == await bench.command("AT#FTPPWD")


async def test_a_restart_in_the_middle_of_a_login_leaves_nothing_behind() -> None:
    """Neither a task nor a connection."""

    server = ScriptedFtpServer(replies={"USER": SILENCE})
    async with reaching(server) as bench:
        bench.send(f"{OPEN}\r")
        await eventually(lambda: "USER" in server.verbs, "the login has begun")
        before = len(asyncio.all_tasks())
        bench.modem.device.power.restart()
        await bench.advance(6)
        assert before > len(asyncio.all_tasks())
        await bench.command("ATE0")
        await succeed(bench, "AT+CMEE=1")
        assert cme(607) == await bench.command("AT#FTPPWD")


async def test_the_password_reaches_no_trace() -> None:
    """Neither on the AT line nor on the control connection."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        await succeed(bench, "AT#FTPCLOSE")
        assert "PASS ***" in [event.text for event in bench.events if isinstance(event, FtpSaid)]
        assert "secret" not in repr(bench.events)
        assert "secret" not in repr(bench.modem.device.ftp)
    assert "PASS secret" in server.heard


async def test_a_session_belongs_to_the_instance_that_opened_it() -> None:
    """612 for another one."""
    async with in_session(ScriptedFtpServer()) as bench:
        bench.modem.device.ftp.owner = object()
        assert cme(612) == await bench.command("AT#FTPPWD")
        assert cme(612) == await bench.command("AT#FTPCLOSE")


async def test_names_of_any_characters_reach_the_server() -> None:
    """Bytes above 127 as they were typed, and no line end, whatever the settings of the line."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        await succeed(bench, 'AT#FTPCWD="caf\xe9, (1); 2"')
    assert "CWD caf\xe9, (1); 2" in server.heard

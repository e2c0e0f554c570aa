"""FTP transfers in online mode: CONNECT, the file, NO CARRIER, and every way in which they end otherwise. Facts 6."""

import asyncio
import hashlib
import random

import pytest

from emulator.device.connection.replies import Reply
from emulator.device.ftp.control import ControlConnection
from emulator.device.ftp.session import FtpSession
from emulator.device.ftp.transfer import TransferFailed
from emulator.faults.stream import FaultyStream
from emulator.testing import Bench
from emulator.trace.events import Defect, FtpSaid
from tests.commands.ftp_bench import session, transfer, upload
from tests.commands.peer import eventually
from tests.commands.ssl_bench import CONNECT, GSM, NO_CARRIER, UMTS, cme, information, succeed
from tests.commands.test_ftp_session import in_session
from tests.peers.ftp_script import SILENCE, ScriptedFtpServer
from tests.peers.processes import free_port

ACTIVE, PASSIVE = 0, 1
BINARY = random.Random(1).randbytes(300_000) + bytes(range(256)) + b"+++\r\nNO CARRIER\r\n+++"


def session_of(bench: Bench) -> FtpSession:
    """The module's FTP session."""
    return bench.modem.device.ftp.session


async def is_usable(bench: Bench) -> None:
    """The session goes on, with its replies in step."""
    assert information('#FTPPWD: 257 "/" is where you are') == await bench.command("AT#FTPPWD")


def replies_of(bench: Bench) -> list[str]:
    """All that the server has replied."""
    return [event.text for event in bench.events if isinstance(event, FtpSaid) and event.direction == "received"]


def is_quiet(bench: Bench) -> None:
    """Nothing is said, and nothing was a defect of the emulator."""
    assert bench.read() == ""
    assert [event for event in bench.events if isinstance(event, Defect)] == []


@pytest.mark.parametrize("mode", [ACTIVE, PASSIVE])
@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_a_file_passes_both_ways_whatever_its_bytes(firmware: str, mode: int) -> None:
    """By digest; the escape sequence is data where the guard times are missing, and no part of the file where not."""
    with ScriptedFtpServer({"down.bin": BINARY}) as server:
        async with session(server.port, mode, firmware) as bench:
            bench.send('AT#FTPGET="down.bin"\r')
            heard = await bench.until(BINARY.decode("latin-1") + NO_CARRIER)
            assert CONNECT + BINARY.decode("latin-1") + NO_CARRIER == heard
            assert NO_CARRIER == await upload(bench, 'AT#FTPPUT="up.bin",0', BINARY)
            assert hashlib.sha256(BINARY).digest() == hashlib.sha256(server.files["up.bin"]).digest()
            assert NO_CARRIER == await upload(bench, 'AT#FTPAPP="up.bin"', b"and more")
            assert BINARY + b"and more" == server.files["up.bin"]
            await is_usable(bench)
            is_quiet(bench)


async def test_the_escape_sequence_is_part_of_the_file_where_the_profile_says_so() -> None:
    """And #SKIPESC does not forbid it."""

    server = ScriptedFtpServer()
    async with in_session(server, settings=["ftp.escape_is_data=true"]) as bench:
        assert NO_CARRIER == await upload(bench, "AT#FTPPUT=a", b"data")
        await succeed(bench, "AT#SKIPESC=1")
        assert NO_CARRIER == await upload(bench, "AT#FTPPUT=b", b"data")
        assert (b"data+++", b"data") == (server.files["a"], server.files["b"])


async def test_an_empty_file_and_an_empty_upload() -> None:
    """CONNECT and NO CARRIER with nothing between."""

    server = ScriptedFtpServer({"empty": b""})
    async with in_session(server) as bench:
        assert b"" == await transfer(bench, "AT#FTPGET=empty")
        assert NO_CARRIER == await upload(bench, "AT#FTPPUT=nothing", b"")
        assert server.files["nothing"] == b""


async def test_listing() -> None:
    """The working directory or a named one, with or without quotes."""

    server = ScriptedFtpServer({"a": b"", "b": b""})
    async with in_session(server) as bench:
        for line in ("AT#FTPLIST", "AT#FTPLIST=", 'AT#FTPLIST="inbox"'):
            assert b"a\r\nb\r\n" == await transfer(bench, line)
        assert ["LIST", "LIST", "LIST inbox"] == [line for line in server.heard if line.startswith("LIST")]


async def test_a_download_begins_where_it_was_told_to_once() -> None:
    """#FTPREST; a download that does not come about leaves it as it is."""
    async with in_session(ScriptedFtpServer({"a": b"0123456789"})) as bench:
        await succeed(bench, "AT#FTPREST=7")
        assert NO_CARRIER == await bench.command("AT#FTPGET=nothing")
        assert information("#FTPREST: 7") == await bench.command("AT#FTPREST?")
        assert b"a\r\n" == await transfer(bench, "AT#FTPLIST")
        assert b"789" == await transfer(bench, "AT#FTPGET=a")
        assert information("#FTPREST: 0") == await bench.command("AT#FTPREST?")
        assert b"0123456789" == await transfer(bench, "AT#FTPGET=a")


@pytest.mark.parametrize(
    "replies",
    [
        {"RETR": "550 gone"},
        {"PASV": "500 no"},
        {"PASV": "227 nowhere"},
        {"PASV": "227 (999,0,0,1,1,1)"},
        {"PASV": "227 (127,0,0,256,1,1)"},
        {"PASV": "227 (127,0,0,1,256,1)"},
        {"PASV": "227 (127,0,0,1,0,0)"},
    ],
    ids=str,
)
async def test_a_transfer_that_does_not_come_about_says_no_carrier(replies: dict[str, str]) -> None:
    """#FTPMSG tells why, and the session stays usable."""
    async with in_session(ScriptedFtpServer({"a": b"1"}, replies=replies)) as bench:
        assert NO_CARRIER == await bench.command("AT#FTPGET=a")
        assert information(f"#FTPMSG: {next(iter(replies.values()))}") == await bench.command("AT#FTPMSG")
        await is_usable(bench)


async def test_the_numbers_of_a_passive_reply_are_decimal() -> None:
    """With leading zeros they are no octal ones."""
    async with in_session(ScriptedFtpServer({"a": b"1"}, passive_host="127.000.000.001")) as bench:
        assert b"1" == await transfer(bench, "AT#FTPGET=a")


async def test_a_firmware_may_say_error_instead() -> None:
    """`ftp.online_refusal`."""
    async with in_session(ScriptedFtpServer(), settings=['online_refusal="ERROR"']) as bench:
        assert "\r\nERROR\r\n" == await bench.command("AT#FTPGET=a")


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPLIST", "AT#FTPPUT=a", "AT#FTPAPP=a"])
async def test_a_data_port_that_is_closed(line: str) -> None:
    """The server names a port where nobody listens."""

    port = free_port()
    reply = f"227 here (127,0,0,1,{port >> 8},{port & 255})"
    async with in_session(ScriptedFtpServer({"a": b"1"}, replies={"PASV": reply})) as bench:
        assert NO_CARRIER == await bench.command(line)
        await is_usable(bench)


async def test_an_active_server_that_never_connects() -> None:
    """After the time limit, and then the server's late refusal is no reply to something else."""
    server = ScriptedFtpServer({"a": b"1"}, replies={"RETR": "150 wait for me"})
    with server:
        async with session(server.port, ACTIVE) as bench:
            bench.send("AT#FTPGET=a\r")
            await eventually(lambda: "RETR" in server.verbs, "the server was asked")
            await eventually(lambda: "150 wait for me" in replies_of(bench), "it promises to come")
            await bench.advance(9)
            server.say("425 cannot connect")
            await bench.advance(2)
            assert NO_CARRIER == await bench.answer()
            await is_usable(bench)


async def test_a_stranger_that_connects_to_the_active_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the server itself may bring the file; here the module expects it from another address."""
    with ScriptedFtpServer({"a": b"1"}) as server:
        async with session(server.port, ACTIVE) as bench:
            monkeypatch.setattr(FaultyStream, "remote_address", "127.0.0.2")  # a pretence
            bench.send("AT#FTPGET=a\r")
            await eventually(lambda: "RETR" in server.verbs, "the server was asked")
            await bench.advance(11)
            assert NO_CARRIER == await bench.answer()


async def test_the_address_of_the_reply_is_ignored_on_demand() -> None:
    """<IPPignoring>: a server behind NAT names an address that cannot be reached from here."""
    with ScriptedFtpServer({"a": b"1"}, passive_host="0.0.0.1") as server:
        async with session(server.port) as bench:
            assert NO_CARRIER == await bench.command("AT#FTPGET=a")
            await succeed(bench, "AT#FTPCLOSE", "AT#FTPCFG=100,1", "AT#FTPOPEN=ftp.example.com,telit,secret,1")
            assert b"1" == await transfer(bench, "AT#FTPGET=a")


@pytest.mark.parametrize("breaks", [False, True])
async def test_a_download_that_is_cut_ends_like_any_other(breaks: bool) -> None:
    """What has come is handed over; only the server's last word tells that it is not all."""
    async with in_session(ScriptedFtpServer({"a": BINARY}, cut_at=1000, breaks=breaks)) as bench:
        got = await transfer(bench, "AT#FTPGET=a")
        assert BINARY[:1000] == got or (breaks and BINARY[:1000].startswith(got))
        assert information("#FTPMSG: 426 cut") == await bench.command("AT#FTPMSG")
        await is_usable(bench)


async def test_a_full_disk_ends_an_upload_before_the_host_does() -> None:
    """552: NO CARRIER comes while the host still sends."""
    async with in_session(ScriptedFtpServer(full_at=5000)) as bench:
        assert CONNECT == await bench.command("AT#FTPPUT=a")
        bench.send(bytes(10_000))
        assert NO_CARRIER == await bench.answer()
        assert information("#FTPMSG: 552 disk full") == await bench.command("AT#FTPMSG")
        await is_usable(bench)


async def test_an_upload_that_the_server_does_not_confirm() -> None:
    """NO CARRIER is all that data mode can say; the message tells."""
    async with in_session(ScriptedFtpServer(last_word="451 lost it")) as bench:
        assert NO_CARRIER == await upload(bench, "AT#FTPPUT=a", b"data")
        assert information("#FTPMSG: 451 lost it") == await bench.command("AT#FTPMSG")


async def test_a_server_without_a_last_word() -> None:
    """It is waited for as long as for any reply; then the session is over."""
    async with in_session(ScriptedFtpServer({"a": b"123"}, last_word=SILENCE)) as bench:
        bench.send("AT#FTPGET=a\r")
        assert f"{CONNECT}123" == await bench.until("123")
        download = session_of(bench).transfer
        await eventually(lambda: download and download._ending, "the end of the file has been seen")
        await bench.advance(9.9)
        assert bench.read() == ""
        await bench.advance(0.2)
        assert NO_CARRIER == await bench.answer()
        assert cme(607) == await bench.command("AT#FTPPWD")


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPPUT=a"])
async def test_a_server_that_closes_the_control_connection_in_the_middle(line: str) -> None:
    """The transfer ends with it."""

    server = ScriptedFtpServer({"a": b"123"}, stalls=True)
    async with in_session(server) as bench:
        assert CONNECT == await bench.command(line)
        server.hang_up()
        assert NO_CARRIER == await bench.answer()
        assert cme(607) == await bench.command("AT#FTPPWD")
        is_quiet(bench)


async def test_a_confirmed_download_survives_the_control_connection() -> None:
    """The server has said 226 and gone; what it sent before is still handed over."""
    async with in_session(ScriptedFtpServer({"a": BINARY}, leaves=True)) as bench:
        session = session_of(bench)
        bench.send("AT#FTPGET=a\r")
        await eventually(lambda: session.is_over, "the server has gone while the host does not read")
        heard = await bench.until(BINARY.decode("latin-1") + NO_CARRIER)
        assert CONNECT + BINARY.decode("latin-1") + NO_CARRIER == heard
        assert cme(607) == await bench.command("AT#FTPPWD")


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPLIST"])
async def test_the_escape_sequence_cuts_a_download_short(line: str) -> None:
    """NO CARRIER once the server has noticed; what was typed before means nothing; the session stays usable."""

    server = ScriptedFtpServer({"a": BINARY * 10}, stalls=True)
    async with in_session(server) as bench:
        assert CONNECT == await bench.command(line)
        bench.send("typed in vain")
        await bench.advance(1.1)
        bench.send("+++")
        await bench.advance(1.1)
        assert bench.read() == ""
        server.go_on.set()
        assert NO_CARRIER == await bench.answer()
        await is_usable(bench)


async def test_the_escape_sequence_while_the_last_word_is_awaited() -> None:
    """One NO CARRIER, not two."""

    server = ScriptedFtpServer({"a": b"123"}, last_word=SILENCE)
    async with in_session(server) as bench:
        bench.send("AT#FTPGET=a\r")
        assert f"{CONNECT}123" == await bench.until("123")
        download = session_of(bench).transfer
        await eventually(lambda: download and download._ending, "the end of the file has been seen")
        await bench.advance(2)
        bench.send("+++")
        await bench.advance(2)
        server.say("226 sent at last")
        assert NO_CARRIER == await bench.answer()
        await is_usable(bench)
        is_quiet(bench)


async def test_a_slow_server_gets_the_whole_upload() -> None:
    """The host is held back, and +++ waits until the last byte has left, longer than the time limit if need be."""

    server = ScriptedFtpServer(stalls=True)
    async with in_session(server) as bench:
        assert CONNECT == await bench.command("AT#FTPPUT=a")
        upload = session_of(bench).transfer
        assert upload is not None
        sent = bytearray()
        while not upload.stream.congested:
            piece = BINARY[:60_000]
            bench.send(piece)
            sent += piece
            await asyncio.sleep(0)
        bench.send(b"the end")
        sent += b"the end"
        await bench.advance(0.5)
        server.go_on.set()
        await eventually(lambda: not upload.stream.congested, "the server takes it")
        assert NO_CARRIER == await bench.escape()
        assert bytes(sent) == server.files["a"]


async def test_a_server_that_takes_nothing_more_fails_the_upload() -> None:
    """After the time limit; what it has is not the file, whatever it says."""

    server = ScriptedFtpServer(stalls=True, last_word="226 all is well")
    async with in_session(server) as bench:
        assert CONNECT == await bench.command("AT#FTPPUT=a")
        upload = session_of(bench).transfer
        assert upload is not None
        while not upload.stream.congested:
            bench.send(BINARY[:60_000])
            await asyncio.sleep(0)
        leaving = asyncio.create_task(upload.complete())
        await asyncio.sleep(0)
        await bench.advance(10.1)
        server.go_on.set()
        with pytest.raises(TransferFailed, match="takes no more"):
            await leaving


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPPUT=a"])
async def test_silence_on_the_data_port_ends_a_transfer(line: str) -> None:
    """`ftp.idle_limit` seconds without data either way."""

    server = ScriptedFtpServer({"a": b"123"}, stalls=True)
    async with in_session(server) as bench:
        assert CONNECT == await bench.command(line)
        await bench.advance(89)
        assert bench.read() == ""
        await bench.advance(2)
        server.go_on.set()
        assert NO_CARRIER == await bench.answer()
        await is_usable(bench)
        assert server.files["a"] == b"" or line.startswith("AT#FTPGET")


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPPUT=a"])
@pytest.mark.parametrize("reaction", [1, 2])
async def test_a_host_that_closes_the_port_ends_the_transfer(line: str, reaction: int) -> None:
    """&D1 as +++ does, &D2 by breaking it; the session stays, and the next host finds a command line."""

    server = ScriptedFtpServer({"a": BINARY}, stalls=True)
    async with in_session(server) as bench:
        await succeed(bench, f"AT&D{reaction}")
        assert CONNECT == await bench.command(line)
        bench.send("1234")
        bench.port.host_close()
        await bench.advance(0)
        server.go_on.set()
        await eventually(lambda: session_of(bench).transfer is None, "the transfer has ended")
        await bench.advance(0)
        bench.port.host_open()
        bench.read()
        await is_usable(bench)
        if line.startswith("AT#FTPPUT"):
            assert ("426 cut" in replies_of(bench)) is (reaction == 2)


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPPUT=a"])
async def test_the_transfer_ends_with_the_context(line: str) -> None:
    """NO CARRIER at once; the server is told nothing."""
    async with in_session(ScriptedFtpServer({"a": b"123"}, stalls=True)) as bench:
        assert CONNECT == await bench.command(line)
        bench.modem.device.contexts.deactivate(1)
        assert NO_CARRIER == await bench.answer()
        assert cme(607) == await bench.command("AT#FTPPWD")
        is_quiet(bench)


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPPUT=a"])
async def test_a_restart_in_the_middle_of_a_transfer_says_nothing(line: str) -> None:
    """And leaves no task behind."""
    async with in_session(ScriptedFtpServer({"a": b"123"}, stalls=True)) as bench:
        assert CONNECT == await bench.command(line)
        bench.modem.device.power.restart()
        await bench.advance(6)
        assert {asyncio.current_task()} == asyncio.all_tasks()
        is_quiet(bench)


async def test_a_defect_at_the_end_of_a_transfer_ends_data_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host gets NO CARRIER, and the trace the defect."""

    async def explode(control: ControlConnection) -> Reply:
        raise RuntimeError("boom")

    with ScriptedFtpServer({"down.bin": b"data"}) as server:
        async with session(server.port, PASSIVE) as bench:
            monkeypatch.setattr(ControlConnection, "final_reply", explode)
            bench.send('AT#FTPGET="down.bin"\r')

            assert CONNECT + "data" + NO_CARRIER == await bench.until(NO_CARRIER)
            assert ["RuntimeError: boom"] == [event.text for event in bench.events if isinstance(event, Defect)]

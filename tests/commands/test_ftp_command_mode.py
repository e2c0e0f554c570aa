"""FTP transfers in command mode: #FTPPUT and #FTPAPP with #FTPAPPEXT, #FTPGETPKT with #FTPRECV. Facts 6."""

import asyncio

import pytest

from emulator.device.connection.stream import RECEIVE_WINDOW
from emulator.testing import Bench
from tests.commands.ftp_bench import append, session, transfer
from tests.commands.peer import eventually
from tests.commands.ssl_bench import GSM, NO_CARRIER, OK, PROMPT, UMTS, cme, information, succeed
from tests.commands.test_ftp_online import BINARY, is_quiet, is_usable, session_of
from tests.commands.test_ftp_session import in_session
from tests.peers.ftp_script import SILENCE, ScriptedFtpServer

_SMALL = b"0123456789" * 30


async def fetched(bench: Bench, size: int) -> None:
    """Wait until so much of the file has come."""
    fetch = bench.modem.device.ftp.fetch
    await eventually(lambda: fetch.available >= size, f"{size} bytes come")


async def receive(bench: Bench, limit: int = 3000) -> bytes:
    """One #FTPRECV."""
    heard = (await bench.command(f"AT#FTPRECV={limit}")).encode("latin-1")
    head, _, rest = heard.removeprefix(b"\r\n#FTPRECV: ").partition(b"\r\n")
    if head == b"0":
        assert heard == b"\r\n#FTPRECV: 0\r\n\r\nOK\r\n"
        return b""
    assert rest[int(head) :] == b"\r\n\r\nOK\r\n", heard
    return rest[: int(head)]


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_an_upload_piece_by_piece(firmware: str, mode: int) -> None:
    """Every byte is data; <eof> completes the file, and the next one can begin."""
    data = bytes(range(256)) + b"\x1a\x1b\x08+++"
    with ScriptedFtpServer({"b": b"before"}) as server:
        async with session(server.port, mode, firmware) as bench:
            await succeed(bench, 'AT#FTPPUT="a",1')
            assert information(f"#FTPAPPEXT: {len(data)}") == await append(bench, data)
            assert information("#FTPAPPEXT: 1500") == await append(bench, bytes(1500), end=True)
            assert data + bytes(1500) == server.files["a"]
            assert cme(601) == await bench.command("AT#FTPAPPEXT=1")
            await succeed(bench, "AT#FTPAPP=b,1")
            assert information("#FTPAPPEXT: 5") == await append(bench, b"after", end=True)
            assert b"beforeafter" == server.files["b"]
            await is_usable(bench)
            is_quiet(bench)


async def test_an_upload_is_completed_by_closing_the_session() -> None:
    """The data connection ends in order, and the server has confirmed before OK is said."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        await succeed(bench, "AT#FTPPUT=a,1")
        await append(bench, b"data")
        await succeed(bench, "AT#FTPCLOSE")
        assert server.files["a"] == b"data"


async def test_closing_the_session_over_a_lost_upload_is_an_error() -> None:
    """The file is not what the host believes; the session is over all the same."""
    async with in_session(ScriptedFtpServer(last_word="452 no space")) as bench:
        await succeed(bench, "AT#FTPPUT=a,1")
        await append(bench, b"data")
        assert cme(606) == await bench.command("AT#FTPCLOSE")
        assert cme(607) == await bench.command("AT#FTPPWD")


@pytest.mark.parametrize(
    "line",
    ["AT#FTPPWD", "AT#FTPTYPE=1", "AT#FTPCWD=a", "AT#FTPDELE=a", "AT#FTPFSIZE=a", "AT#FTPPUT=b,1", "AT#FTPGETPKT=a"],
)
async def test_the_control_connection_is_busy_during_a_transfer(line: str) -> None:
    """601; settings and the last message are still shown."""
    async with in_session(ScriptedFtpServer()) as bench:
        await succeed(bench, "AT#FTPPUT=a,1")
        assert cme(601) == await bench.command(line)
        assert NO_CARRIER == await bench.command("AT#FTPLIST")
        assert information("#FTPTYPE: 0") == await bench.command("AT#FTPTYPE?")
        assert information("#FTPMSG: 150 here it comes") == await bench.command("AT#FTPMSG")
        assert information("#FTPAPPEXT: 1") == await append(bench, b"1", end=True)


async def test_a_full_disk_fails_the_piece_that_finds_it() -> None:
    """And no upload is open any more; the session is."""
    async with in_session(ScriptedFtpServer(full_at=1000)) as bench:
        await succeed(bench, "AT#FTPPUT=a,1")
        assert information("#FTPAPPEXT: 1500") == await append(bench, bytes(1500))
        upload = session_of(bench).transfer
        await eventually(lambda: upload and upload.stream.peer_closed, "the server has had enough")
        assert cme(606) == await append(bench, b"more")
        assert information("#FTPMSG: 552 disk full") == await bench.command("AT#FTPMSG")
        assert cme(601) == await bench.command("AT#FTPAPPEXT=1")
        await is_usable(bench)


async def test_the_last_piece_is_not_confirmed() -> None:
    """No partial success: an error, though all of it was sent."""
    async with in_session(ScriptedFtpServer(last_word="451 lost it")) as bench:
        await succeed(bench, "AT#FTPPUT=a,1")
        assert cme(606) == await append(bench, b"all", end=True)
        await is_usable(bench)


async def test_an_entry_that_is_cut_off_sends_nothing() -> None:
    """The host goes in the middle of a counted entry: the upload stays open."""

    server = ScriptedFtpServer()
    async with in_session(server) as bench:
        await succeed(bench, "AT#FTPPUT=a,1")
        assert PROMPT == await bench.command("AT#FTPAPPEXT=10")
        bench.send("123")
        bench.port.host_close()
        await bench.advance(0)
        bench.port.host_open()
        bench.read()
        assert information("#FTPAPPEXT: 2") == await append(bench, b"ok", end=True)
        assert server.files["a"] == b"ok"


@pytest.mark.parametrize("line", ["AT#FTPPUT=a,1", "AT#FTPGETPKT=a"])
async def test_a_transfer_that_the_server_refuses(line: str) -> None:
    """An error in command mode, and no data port."""
    async with in_session(ScriptedFtpServer(replies={"STOR": "550 no", "RETR": "550 no"})) as bench:
        assert cme(606) == await bench.command(line)
        assert cme(601) == await bench.command("AT#FTPAPPEXT=1")
        assert cme(601) == await bench.command("AT#FTPRECV=1")
        assert cme(601) == await bench.command("AT#FTPGETPKT?")
        await is_usable(bench)


async def test_a_download_piece_by_piece() -> None:
    """What has come is shown; once all is read, 0 closes the data port, and then there is none."""
    async with in_session(ScriptedFtpServer({"sample.txt": _SMALL})) as bench:
        await succeed(bench, 'AT#FTPGETPKT="sample.txt"')
        await fetched(bench, len(_SMALL))
        assert information(f"#FTPRECV: {len(_SMALL)}") == await bench.command("AT#FTPRECV?")
        assert _SMALL[:200] == await receive(bench, 200)
        assert information("#FTPRECV: 100") == await bench.command("AT#FTPRECV?")
        assert information("#FTPGETPKT: sample.txt,0,0") == await bench.command("AT#FTPGETPKT?")
        assert _SMALL[200:] == await receive(bench)
        download = session_of(bench).transfer
        await eventually(lambda: download and download.is_exhausted, "the end has come")
        assert information("#FTPGETPKT: sample.txt,0,1") == await bench.command("AT#FTPGETPKT?")
        assert b"" == await receive(bench)
        assert cme(601) == await bench.command("AT#FTPRECV=1")
        assert cme(601) == await bench.command("AT#FTPRECV?")
        assert information("#FTPGETPKT: sample.txt,0,1") == await bench.command("AT#FTPGETPKT?")
        await is_usable(bench)


async def test_the_end_may_mean_that_all_has_come() -> None:
    """`ftp.end_of_file`: some of it is still to be read."""
    async with in_session(ScriptedFtpServer({"a": _SMALL}), settings=['end_of_file="received"']) as bench:
        await succeed(bench, "AT#FTPGETPKT=a")
        await fetched(bench, len(_SMALL))
        download = session_of(bench).transfer
        await eventually(lambda: download and download.stream.peer_closed, "the end has come")
        assert information("#FTPGETPKT: a,0,1") == await bench.command("AT#FTPGETPKT?")
        assert _SMALL == await receive(bench)


async def test_nothing_has_come_yet() -> None:
    """0, and the data port stays open."""

    server = ScriptedFtpServer({"a": _SMALL}, stalls=True)
    async with in_session(server) as bench:
        await succeed(bench, "AT#FTPGETPKT=a")
        for _ in range(3):
            assert b"" == await receive(bench)
        assert information("#FTPGETPKT: a,0,0") == await bench.command("AT#FTPGETPKT?")
        server.go_on.set()
        await fetched(bench, 1)
        assert _SMALL.startswith(await receive(bench))


async def test_a_download_in_hexadecimal_digits() -> None:
    """<viewMode> 1: two digits a byte; the number is that of bytes."""
    async with in_session(ScriptedFtpServer({"a": b"\x00\xff\nA"})) as bench:
        await succeed(bench, "AT#FTPGETPKT=a,1")
        await fetched(bench, 4)
        assert information("#FTPRECV: 4", "00FF0A41") == await bench.command("AT#FTPRECV=10")
        download = session_of(bench).transfer
        await eventually(lambda: download and download.is_exhausted, "the end has come")
        assert information("#FTPGETPKT: a,1,1") == await bench.command("AT#FTPGETPKT?")


async def test_a_host_that_knows_the_size_does_not_read_the_end() -> None:
    """Whatever comes next finds the data port closed, however late the server's last word is."""
    async with in_session(ScriptedFtpServer({"a": _SMALL})) as bench:
        for line in ("AT#FTPPWD", "AT#FTPTYPE=0", "AT#FTPGETPKT=a"):
            await succeed(bench, "AT#FTPGETPKT=a")
            await fetched(bench, len(_SMALL))
            assert _SMALL == await receive(bench)
            assert (await bench.command(line)).endswith(OK)
        await fetched(bench, len(_SMALL))
        assert _SMALL == await receive(bench)
        assert b"" != await transfer(bench, "AT#FTPLIST")
        assert cme(601) == await bench.command("AT#FTPRECV=1")


async def test_a_download_that_is_not_read_keeps_the_control_connection_busy() -> None:
    """Until it is read, or the session closed."""
    async with in_session(ScriptedFtpServer({"a": _SMALL})) as bench:
        await succeed(bench, "AT#FTPGETPKT=a")
        await fetched(bench, len(_SMALL))
        assert cme(601) == await bench.command("AT#FTPPWD")
        await succeed(bench, "AT#FTPCLOSE")
        assert cme(607) == await bench.command("AT#FTPPWD")


async def test_a_download_whose_connection_breaks_never_ends() -> None:
    """Though the server, which has sent all, believes that it has arrived."""
    server = ScriptedFtpServer({"a": _SMALL}, cut_at=100, breaks=True, last_word="226 done")
    async with in_session(server) as bench:
        await succeed(bench, "AT#FTPGETPKT=a")
        download = bench.modem.device.ftp.session.transfer
        await eventually(lambda: download and download.stream.peer_closed, "the connection has broken")
        while (heard := await bench.command("AT#FTPRECV=3000")).startswith("\r\n#FTPRECV: "):
            assert not heard.startswith("\r\n#FTPRECV: 0")
        assert cme(606) == heard
        assert information("#FTPGETPKT: a,0,0") == await bench.command("AT#FTPGETPKT?")


@pytest.mark.parametrize("last_word", ["426 cut", SILENCE])
async def test_a_download_that_is_cut_never_ends(last_word: str) -> None:
    """What has come can be read; then an error, and <eof> stays 0."""
    async with in_session(ScriptedFtpServer({"a": _SMALL}, cut_at=100, last_word=last_word)) as bench:
        await succeed(bench, "AT#FTPGETPKT=a")
        await fetched(bench, 100)
        assert _SMALL[:100] == await receive(bench)
        download = session_of(bench).transfer
        await eventually(lambda: download and download.is_exhausted, "the connection has ended")
        bench.send("AT#FTPGETPKT?\r")
        if last_word == SILENCE:
            await bench.advance(10.1)
        assert information("#FTPGETPKT: a,0,0") == await bench.answer()
        assert cme(606) == await bench.command("AT#FTPRECV=1")
        assert (cme(607) if last_word == SILENCE else cme(601)) == await bench.command("AT#FTPRECV=1")


async def test_a_download_that_nobody_reads_stops_the_server() -> None:
    """The module holds no more than its window."""

    content = BINARY * 40
    async with in_session(ScriptedFtpServer({"a": content})) as bench:
        await succeed(bench, "AT#FTPGETPKT=a")
        await fetched(bench, RECEIVE_WINDOW)
        for _ in range(100):
            await asyncio.sleep(0.001)
        held = bench.modem.device.ftp.fetch.available
        assert held < RECEIVE_WINDOW + (256 << 10)
        got = bytearray()
        while len(got) < len(content):
            got += await receive(bench)
        assert content == got

"""Why commands of the plain sockets, of easy GPRS and of FTP are refused."""

from collections.abc import Iterator

import pytest

from emulator.testing import Bench, FtpsServer
from tests.commands.ftp_bench import SERVER, ftp_bench
from tests.commands.reasons import Step, dialogue, say
from tests.commands.socket_bench import TcpPeer, socket_bench
from tests.commands.ssl_bench import HOST
from tests.peers.processes import free_port

_DIAL = f'AT#SD=1,0,80,"{HOST}",0,0,1'
_OPEN = 'AT#SD=1,0,<port>,"<address>",0,0,1 first'
SOCKETS: list[Step] = [
    ("AT#SSEND=1", f"socket 1 is closed: {_OPEN}"),
    ("AT#SRECV=1,10", f"socket 1 is closed: {_OPEN}"),
    ("AT#SA=1,1", "socket 1 is closed: AT#SL=1,1,<port> and wait for SRING first"),
    (_DIAL, None),
    (_DIAL, "socket 1 is open: AT#SH=1 first"),
    ("AT#SRECV=1,10", "nothing waits to be read on socket 1"),
    ("AT#SCFG=1,1,300,90,600,50", "socket 1 is open: AT#SH=1 first"),
    ("AT#SH=1", None),
    ("AT#SL=1,1,5000", None),
    ("AT#SL=2,1,5000", "another socket listens at port 5000"),
    ("AT#SSEND=1", "socket 1 is listening: AT#SL=1,0,5000 first"),
    ("AT#SLUDP=1,0,5000", "socket 1 listens by TCP, not by UDP: AT#SL=1,0,5000 first"),
    (_DIAL, "socket 1 is listening: AT#SL=1,0,5000 first"),
    ("AT#SL=1,0,5000", None),
    ("AT#SLUDP=1,1,5000", None),
    (_DIAL, "socket 1 is listening: AT#SLUDP=1,0,5000 first"),
]
EASY: list[Step] = [
    ("AT#SKTOP", 'no peer is set: AT#SKTSET=0,<port>,"<address>" first'),
    ("AT#SKTL=1,0,5000", None),
    ("AT#SKTL=1,0,5001", "easy socket 4 is listening: AT#SKTL=0,0,5000 first"),
]
NO_SESSION = 'no FTP session is open: AT#FTPOPEN="<server>","<user>","<password>",1 first'
FTP: list[Step] = [
    ("AT#FTPPWD", NO_SESSION),
    ("AT#FTPCLOSE", NO_SESSION),
    ("AT#FTPRECV=10", NO_SESSION),
    (f'AT#FTPOPEN="{SERVER}:0","telit","public-demo",1', "the port of the server is 0; 1 to 65535"),
    (
        f'AT#FTPOPEN="{SERVER}","telit","wrong-password",1',
        "the server answers PASS with 530 Authentication failed.",
    ),
    (f'AT#FTPOPEN="{SERVER}","telit","public-demo",1', None),
    (f'AT#FTPOPEN="{SERVER}","telit","public-demo",1', "an FTP session is open: AT#FTPCLOSE first"),
    ("AT#FTPRECV=10", 'no download was begun in command mode: AT#FTPGETPKT="<file>" first'),
    ("AT#FTPAPPEXT=10", 'no upload was begun in command mode: AT#FTPPUT="<file>",1 first'),
    ('AT#FTPDELE="missing.txt"', "the server answers DELE with 550 No such file or directory."),
    ('AT#FTPPUT="new.txt",1', None),
    ("AT#FTPPWD", "an upload is open: AT#FTPAPPEXT=<size>,1 first"),
    ("AT#FTPAPPEXT=3,1\nend", None),
    ('AT#FTPGETPKT="file.txt"', None),
    ("AT#FTPPWD", "a download is open, and not all its data was read: AT#FTPRECV=3000 until it shows 0 first"),
]


@pytest.fixture(scope="module")
def ftp_server() -> Iterator[int]:
    with FtpsServer() as server:
        yield server.port


async def test_a_state_of_a_socket_that_refuses_a_command_is_named_with_the_way_out_of_it() -> None:
    """Closed, open, listening by either protocol."""
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        assert await dialogue(bench, SOCKETS) == SOCKETS


async def test_a_plain_dial_that_fails_names_the_address() -> None:
    """Nobody listens; the context is down."""
    port = free_port()
    async with socket_bench(port=port) as bench:
        steps: list[Step] = [
            (_DIAL, f"nobody listens at 127.0.0.1:{port}, where the route of {HOST}:80 leads: Connection refused"),
            ("AT#SGACT=1,0", None),
            (_DIAL, "no context 1 is active: AT#SGACT=1,1 first"),
        ]
        assert await dialogue(bench, steps) == steps


async def test_easy_gprs_is_told_of_its_peer_and_its_listener() -> None:
    """By its own commands, not by those of the sockets with a number."""
    async with socket_bench("GE865-QUAD") as bench:
        assert await dialogue(bench, EASY) == EASY


async def test_ftp_names_the_session_the_transfer_and_the_words_of_the_server(ftp_server: int) -> None:
    """And the next step where there is one."""
    async with ftp_bench(ftp_server) as bench:
        assert await dialogue(bench, FTP) == FTP


async def test_ftp_of_another_instance_is_named() -> None:
    """There is one session for all."""
    with FtpsServer() as server:
        async with ftp_bench(server.port, ports=2) as bench:
            assert await say(bench, f'AT#FTPOPEN="{SERVER}","telit","public-demo",1') is None
            release = "AT#FTPCLOSE at the port or channel of that one first"
            assert await say(bench, "AT#FTPPWD", bench.hosts[1]) == f"another AT instance uses FTP: {release}"


async def test_a_firmware_is_told_of_no_command_that_it_lacks() -> None:
    """Without the command the reason stands alone."""
    async with Bench("HE910", settings=['commands."#SGACT"=false']) as bench:
        assert await say(bench, 'AT#QDNS="echo.lab"') == "no context 1 is active"

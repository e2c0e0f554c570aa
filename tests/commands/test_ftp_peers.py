"""The module's FTP client and servers that others have written: vsftpd, proftpd and pyftpdlib, on real connections."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from emulator.testing import Bench
from tests.commands.ftp_bench import SERVER, append, ftp_bench, transfer, upload
from tests.commands.ssl_bench import GSM, NO_CARRIER, UMTS, authenticate, cme, information, succeed
from tests.commands.test_ftp_command_mode import receive
from tests.commands.test_ftp_online import BINARY
from tests.commands.test_ftps import download
from tests.peers.ftp_servers import FtpPeer, proftpd_server, vsftpd_server
from tests.peers.pki import NOW, OTHER_ROOT, ROOT
from tests.peers.pki import SERVER as TRUSTED

Start = Callable[[Path, bool], AbstractContextManager[FtpPeer]]


@contextmanager
def _pyftpdlib(folder: Path, tls: bool) -> Iterator[FtpPeer]:
    chain, key = TRUSTED.write(folder)
    with FtpsServer({}, chain=(chain,), key=key, has_tls=tls) as server:
        yield FtpPeer(server.port, server.root, USER, PASSWORD)


SERVERS: dict[str, Start] = {
    "vsftpd": lambda folder, tls: vsftpd_server(folder, tls=tls),
    "proftpd": lambda folder, tls: proftpd_server(folder, tls=tls),
    "pyftpdlib": _pyftpdlib,
}


@pytest.fixture(params=SERVERS)
def start(request: pytest.FixtureRequest) -> Start:
    return SERVERS[request.param]


@pytest.mark.parametrize("mode", [0, 1], ids=["active", "passive"])
@pytest.mark.parametrize(
    ("tls", "firmware", "engine"),
    [(False, UMTS, "auto"), (True, UMTS, "openssl"), (True, UMTS, "native"), (True, GSM, "native")],
    ids=["plain", "openssl", "native", "native-gsm"],
)
async def test_a_whole_session(start: Start, tls: bool, firmware: str, engine: str, mode: int, tmp_path: Path) -> None:
    """Up and down by digest, appending, listing, restarting, sizes, directories, deleting, what does not exist."""
    with start(tmp_path, tls) as peer:
        async with ftp_bench(peer.port, firmware, tls_engine=engine) as bench:
            await prepare(bench, peer, tls, mode)
            assert NO_CARRIER == await upload(bench, 'AT#FTPPUT="a.bin"', BINARY)
            assert hashlib.sha256(BINARY).digest() == hashlib.sha256((peer.root / "a.bin").read_bytes()).digest()
            assert BINARY == await download(bench, 'AT#FTPGET="a.bin"', BINARY)
            assert information(f"#FTPFSIZE: {len(BINARY)}") == await bench.command('AT#FTPFSIZE="a.bin"')
            await succeed(bench, "AT#FTPREST=300000")
            assert BINARY[300_000:] == await download(bench, 'AT#FTPGET="a.bin"', BINARY)
            await piece_by_piece(bench, peer)
            assert b"a.bin" in await transfer(bench, "AT#FTPLIST")
            await what_does_not_exist(bench)
            await succeed(bench, 'AT#FTPDELE="a.bin"', "AT#FTPTYPE=1", "AT#FTPCLOSE")
            assert not (peer.root / "a.bin").exists()


async def prepare(bench: Bench, peer: FtpPeer, tls: bool, mode: int) -> None:
    """Log in, with the server authenticated where there is TLS."""
    if tls:
        await succeed(bench, "AT#SSLEN=1,1", "AT#FTPCFG=100,0,1", f'AT+CCLK="{NOW:%y/%m/%d,%H:%M:%S}+00"')
        await authenticate(bench, ROOT)
        await succeed(bench, "AT#SSLSECCFG=1,3,1")
    await succeed(bench, f"AT#FTPOPEN={SERVER},{peer.user},{peer.password},{mode}")


async def piece_by_piece(bench: Bench, peer: FtpPeer) -> None:
    """Command mode, both ways."""
    await succeed(bench, 'AT#FTPAPP="b",1')
    assert information("#FTPAPPEXT: 1500") == await append(bench, BINARY[:1500])
    assert information("#FTPAPPEXT: 3") == await append(bench, b"end", end=True)
    assert BINARY[:1500] + b"end" == (peer.root / "b").read_bytes()
    await succeed(bench, 'AT#FTPGETPKT="b"')
    got = b""
    while "#FTPGETPKT: b,0,1" not in await bench.command("AT#FTPGETPKT?"):
        got += await receive(bench, 480)
    assert BINARY[:1500] + b"end" == got


async def what_does_not_exist(bench: Bench) -> None:
    """Each an error, and the next command is heard as ever."""
    assert NO_CARRIER == await bench.command('AT#FTPGET="no.bin"')
    assert cme(606) == await bench.command('AT#FTPGETPKT="no.bin"')
    assert cme(606) == await bench.command('AT#FTPFSIZE="no.bin"')
    assert cme(606) == await bench.command('AT#FTPDELE="no.bin"')
    assert cme(606) == await bench.command('AT#FTPCWD="nowhere"')
    assert NO_CARRIER == await bench.command('AT#FTPPUT="nowhere/a"')
    assert '#FTPPWD: 257 "' in await bench.command("AT#FTPPWD")


async def test_a_download_is_cut_short_in_the_middle(start: Start, tmp_path: Path) -> None:
    """By +++, of a file that is too long to be on its way as a whole; the session goes on."""
    with start(tmp_path, True) as peer:
        (peer.root / "long").write_bytes(bytes(50_000_000))
        async with ftp_bench(peer.port, tls_engine="native") as bench:
            await prepare(bench, peer, True, 1)
            bench.send("AT#FTPGET=long\r")
            await bench.until("\0" * 100)
            await bench.advance(1.1)
            bench.send("+++")
            await bench.advance(1.1)
            assert (await bench.until(NO_CARRIER)).strip("\0") == NO_CARRIER
            assert '#FTPPWD: 257 "' in await bench.command("AT#FTPPWD")
            assert NO_CARRIER == await upload(bench, "AT#FTPPUT=a", BINARY)
            assert BINARY == (peer.root / "a").read_bytes()


async def test_a_server_that_is_not_trusted(start: Start, tmp_path: Path) -> None:
    """It is never told the password."""
    with start(tmp_path, True) as peer:
        async with ftp_bench(peer.port) as bench:
            await succeed(bench, "AT#SSLEN=1,1", "AT#FTPCFG=100,0,1")
            await authenticate(bench, OTHER_ROOT)
            assert cme(839) == await bench.command(f"AT#FTPOPEN={SERVER},{peer.user},{peer.password},1")


@pytest.mark.parametrize(
    ("server", "ends"), [(vsftpd_server, True), (proftpd_server, False)], ids=["vsftpd", "proftpd"]
)
async def test_a_server_that_demands_session_reuse_cannot_be_used(
    server: Callable[..., AbstractContextManager[FtpPeer]], ends: bool, tmp_path: Path
) -> None:
    """Guide chapter 5: the module opens two TLS sessions, so the server must not require it; no success is reported.

    vsftpd ends the session over it, proftpd goes on.
    """
    with server(tmp_path, tls=True, reuse=True) as peer:
        (peer.root / "a").write_bytes(b"content")
        async with ftp_bench(peer.port) as bench:
            await prepare(bench, peer, True, 1)
            bench.send("AT#FTPGET=a\r")
            assert "content" not in await bench.until(NO_CARRIER)
            if ends:
                assert cme(607) == await bench.command("AT#FTPPUT=b,1")
            else:
                await succeed(bench, "AT#FTPPUT=b,1")
                assert cme(606) == await append(bench, b"data", end=True)

"""vsftpd and proftpd as Python's own client sees them: a failure here is the peer's, not the emulator's."""

import ftplib
import io
import random
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lab.test_ftps_server import tls
from tests.peers.ftp_servers import FtpPeer, proftpd_server, vsftpd_server
from tests.peers.sockets import TIMEOUT

Start = Callable[..., AbstractContextManager[FtpPeer]]

_DATA = random.Random(3).randbytes(1_000_000)


class ReusingClient(ftplib.FTP_TLS):
    """Resumes the control connection's TLS session on data connections, which ftplib itself never does."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        assert isinstance(self.sock, ssl.SSLSocket)
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        return self.context.wrap_socket(data, session=self.sock.session), size


@pytest.fixture(params=[vsftpd_server, proftpd_server], ids=["vsftpd", "proftpd"])
def start(request: pytest.FixtureRequest) -> Start:
    server: Start = request.param
    return server


def log_in(peer: FtpPeer, client: ftplib.FTP) -> ftplib.FTP:
    client.connect("127.0.0.1", peer.port, TIMEOUT)
    client.login(peer.user, peer.password)
    if isinstance(client, ftplib.FTP_TLS):
        client.prot_p()
    return client


def retrieve(ftp: ftplib.FTP, name: str, offset: int = 0) -> bytes:
    got = io.BytesIO()
    ftp.retrbinary(f"RETR {name}", got.write, rest=offset)
    return got.getvalue()


@pytest.mark.parametrize("passive", [True, False], ids=["passive", "active"])
@pytest.mark.parametrize("suite", [None, "AES128-SHA", "AES256-SHA"])
def test_files_go_both_ways(start: Start, suite: str | None, passive: bool, tmp_path: Path) -> None:
    """Stored, appended to, measured, listed, retrieved whole and from an offset, deleted; and a change of folder."""
    with start(tmp_path, tls=suite is not None) as peer, log_in(peer, client_with(suite)) as ftp:
        ftp.set_pasv(passive)
        ftp.storbinary("STOR a.bin", io.BytesIO(_DATA))
        ftp.storbinary("APPE a.bin", io.BytesIO(b"more"))
        assert _DATA + b"more" == (peer.root / "a.bin").read_bytes() == retrieve(ftp, "a.bin")
        assert len(_DATA) + 4 == ftp.size("a.bin")
        assert b"more" == retrieve(ftp, "a.bin", len(_DATA))
        lines: list[str] = []
        ftp.retrlines("LIST", lines.append)
        assert ["a.bin"] == [line.split()[-1] for line in lines]
        ftp.delete("a.bin")
        ftp.mkd("below")
        ftp.cwd("below")
        assert ("/below", []) == (ftp.pwd()[-6:], list((peer.root / "below").iterdir()))
        assert not (peer.root / "a.bin").exists()


def client_with(suite: str | None) -> ftplib.FTP:
    """Without TLS, or with nothing but TLS 1.0 and that suite."""
    if suite is None:
        return ftplib.FTP()
    context = tls()
    context.set_ciphers(f"{suite}:@SECLEVEL=0")
    return ftplib.FTP_TLS(context=context)


def test_a_wrong_password_is_refused(start: Start, tmp_path: Path) -> None:
    """By vsftpd, too, whose user is anonymous."""
    with start(tmp_path) as peer, pytest.raises(ftplib.error_perm, match="530 Login incorrect"):
        log_in(replace(peer, password="wrong"), ftplib.FTP_TLS(context=tls()))


def test_session_reuse_is_demanded_only_when_asked_for(start: Start, tmp_path: Path) -> None:
    """A client that resumes gets the file, one that opens a session anew does not."""
    with start(tmp_path, reuse=True) as peer:
        (peer.root / "a").write_bytes(b"content")
        with log_in(peer, ReusingClient(context=tls())) as ftp:
            assert b"content" == retrieve(ftp, "a")
        with log_in(peer, ftplib.FTP_TLS(context=tls())) as ftp, pytest.raises((ftplib.Error, OSError)):
            retrieve(ftp, "a")


def test_it_listens_on_loopback_only(start: Start, tmp_path: Path) -> None:
    """Nor does it with an address of IPv6, as proftpd would by itself."""
    with start(tmp_path) as peer:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", peer.port), TIMEOUT)
        with pytest.raises(OSError):
            socket.create_connection(("::1", peer.port), TIMEOUT)

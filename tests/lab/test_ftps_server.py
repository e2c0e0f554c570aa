"""The lab's FTP server, as Python's own client sees it."""

import ftplib
import io
import random
import socket
import ssl
import threading
import warnings

import pytest

from emulator.lab.ftps_server import FILES, PASSWORD, USER, FtpsServer
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0

_DATA = random.Random(2).randbytes(3_000_000)


def tls(suite: str = "AES128-SHA") -> ssl.SSLContext:
    """A client like the module's: TLS 1.0."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers(f"{suite}:@SECLEVEL=0")
    return context


def client(server: FtpsServer, *, protected: bool, suite: str = "AES128-SHA") -> ftplib.FTP:
    """Logged in."""
    made = ftplib.FTP_TLS(context=tls(suite), timeout=30) if protected else ftplib.FTP(timeout=30)
    made.connect("127.0.0.1", server.port)
    made.login(USER, PASSWORD)
    if isinstance(made, ftplib.FTP_TLS):
        made.prot_p()
    return made


@pytest.mark.parametrize("passive", [True, False])
@pytest.mark.parametrize("protected", [True, False])
def test_files_go_both_ways(protected: bool, passive: bool) -> None:
    """In clear text and within TLS, passive and active."""
    with FtpsServer() as server, client(server, protected=protected) as ftp:
        ftp.set_pasv(passive)
        ftp.storbinary("STOR up.bin", io.BytesIO(_DATA))
        got = io.BytesIO()
        ftp.retrbinary("RETR up.bin", got.write)
        assert _DATA == got.getvalue() == (server.root / "up.bin").read_bytes()
        assert ["file.txt", "up.bin"] == sorted(ftp.nlst())


@pytest.mark.parametrize(
    "suite", [suite for suite in suites_of(TLS_1_0, KeyExchange.RSA) if suite.cipher.name == "AES"], ids=str
)
def test_every_suite_with_aes_is_accepted(suite: CipherSuite) -> None:
    """The suites are those of the table, as far as OpenSSL builds have them; there is no NULL among them."""
    with FtpsServer() as server, client(server, protected=True, suite=suite.openssl_name) as ftp:
        assert isinstance(ftp.sock, ssl.SSLSocket)
        assert [suite.openssl_name] == [*(ftp.sock.cipher() or ())][:1]


def test_a_suite_without_encryption_is_refused() -> None:
    """NULL-SHA is in the table, too."""
    with FtpsServer() as server, pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
        client(server, protected=True, suite="NULL-SHA")


def test_the_file_of_the_guide_is_there() -> None:
    """`AT#FTPGET="file.txt"`, chapter 5."""
    with FtpsServer() as server, client(server, protected=True) as ftp:
        got = io.BytesIO()
        ftp.retrbinary("RETR file.txt", got.write)
        assert FILES["file.txt"] == got.getvalue()


def test_a_server_that_demands_tls() -> None:
    """A login in clear text is refused."""
    with FtpsServer(requires_tls=True) as server, pytest.raises(ftplib.error_perm, match="SSL/TLS required"):
        client(server, protected=False)


def test_a_server_without_tls() -> None:
    """AUTH is unknown."""
    with FtpsServer(has_tls=False) as server, pytest.raises(ftplib.error_perm, match="500"):
        client(server, protected=True)


def test_a_server_behind_an_address_of_its_own() -> None:
    """What PASV names."""
    with FtpsServer(passive_address="192.0.2.1") as server, client(server, protected=False) as ftp:
        assert "(192,0,2,1," in ftp.sendcmd("PASV")


def test_closing_leaves_nothing() -> None:
    """No client, no thread, no port, no file; a second time it does nothing."""
    server = FtpsServer()
    with client(server, protected=False) as ftp:
        server.close()
        server.close()
        with pytest.raises((EOFError, OSError)):
            ftp.pwd()
        assert not server.root.exists()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), 30).close()
    assert [thread for thread in threading.enumerate() if "lab FTP" in thread.name] == []

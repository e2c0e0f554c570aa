"""Captures of whole sessions as tshark reads them, with the key log and without."""

from pathlib import Path

import pytest

from emulator.lab.conversations import echo
from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import PAGES
from emulator.lab.server import LabServer
from emulator.tls.wire.suites import CipherSuite
from emulator.trace.events import TlsOutcome
from tests.commands.ftp_bench import SERVER, ftp_bench, transfer, upload
from tests.commands.http_bench import HTTPS, http_bench, query, received, send
from tests.commands.ssl_bench import GSM, NO_CARRIER, OK, UMTS, dial, enter, has_come, information, ssl_bench, succeed
from tests.trace.captures import conversations, is_clean, read_capture, shape, tshark

ACTIVE, PASSIVE = 0, 1
SECRET = b"What only the key log tells"
SESSIONS = {
    "native, RC4-MD5": (GSM, "native", ["AT#SSLSECCFG=1,1,0"]),
    "native, RC4-SHA": (UMTS, "native", ["AT#SSLSECCFG=1,2,0"]),
    "native, AES128-SHA": (UMTS, "native", ["AT#SSLSECCFG=1,3,0"]),
    "native, AES256-SHA": (GSM, "native", ["AT#SSLSECCFG=1,3,0"]),
    "native, TLS 1.2, AES128-SHA": ("LE910-V2", "native", ["AT#SSLSECCFG=1,3,0", "AT#SSLSECCFG2=1,3"]),
    "openssl, AES128-SHA": (UMTS, "openssl", ["AT#SSLSECCFG=1,3,0"]),
    "openssl, AES256-SHA": (GSM, "openssl", ["AT#SSLSECCFG=1,3,0"]),
    "openssl, TLS 1.2, ECDHE-RSA-AES128-GCM-SHA256": ("ME310G1", "openssl", ["AT#SSLSECCFG2=1,3"]),
    "openssl, TLS 1.3, TLS_AES_256_GCM_SHA384": ("ME310G1", "openssl", ["AT#SSLSECCFG2=1,4,1"]),
}
"""Firmware, engine, and what chooses suite and version; each says them at the end of its name."""


def plaintext(capture: Path, number: int, *options: str, keylog: Path | None = None) -> bytes:
    """What went through one connection's TLS session, both ways in its order, as far as tshark can tell."""
    if keylog is not None:
        options = (*options, "-o", f"tls.keylog_file:{keylog}")
    followed = tshark(capture, *options, "-q", "-z", f"follow,tls,raw,{number}")
    lines = (line.strip() for line in followed.splitlines())
    return b"".join(bytes.fromhex(line) for line in lines if line and set(line) <= set("0123456789abcdef"))


@pytest.mark.parametrize("name", SESSIONS)
async def test_a_tls_session_is_decrypted_by_the_key_log(name: str, tmp_path: Path) -> None:
    """The dialogue shows with it, and does not without it; nothing about the packets is to be remarked."""
    capture, keylog = tmp_path / "capture.pcapng", tmp_path / "keys"
    firmware, engine, lines = SESSIONS[name]
    with LabServer(echo) as server:
        async with ssl_bench(firmware, server.port, tls_engine=engine, pcap=capture, keylog=keylog) as bench:
            await succeed(bench, *lines)
            await dial(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", SECRET + b"\x1a")
            await has_come(bench, len(SECRET))
            assert information(f"#SSLRCV: {len(SECRET)}", SECRET.decode()) == await bench.command("AT#SSLRCV=1,100")
            await succeed(bench, "AT#SSLH=1")
            (outcome,) = [event for event in bench.events if isinstance(event, TlsOutcome)]

    is_clean(capture)
    assert CipherSuite[outcome.suite or ""].openssl_name == name.rpartition(", ")[2]
    (conversation,) = conversations(read_capture(capture))
    assert shape(conversation)[:3] == ["sent SYN", "received SYN ACK", "sent ACK"]
    assert "sent FIN ACK" in shape(conversation)
    assert plaintext(capture, 0, keylog=keylog) == SECRET * 2
    assert plaintext(capture, 0) == b""
    assert SECRET not in capture.read_bytes()


async def test_a_resumed_session_is_decrypted_too(tmp_path: Path) -> None:
    """Fast dial: the second connection has no key exchange."""
    capture, keylog = tmp_path / "capture.pcapng", tmp_path / "keys"
    with LabServer(echo) as server:
        async with ssl_bench(GSM, server.port, pcap=capture, keylog=keylog) as bench:
            await dial(bench, closure=1)
            await succeed(bench, "AT#SSLH=1,1", "AT#SSLFASTD=1,1")
            assert OK == await enter(bench, "AT#SSLSEND=1", SECRET + b"\x1a")
            await has_come(bench, len(SECRET))
            await succeed(bench, "AT#SSLH=1")

    is_clean(capture)
    assert len(conversations(read_capture(capture))) == 2
    assert plaintext(capture, 1, keylog=keylog) == SECRET * 2


@pytest.mark.parametrize("mode", [ACTIVE, PASSIVE])
async def test_an_ftp_session_can_be_read(mode: int, tmp_path: Path) -> None:
    """The control connection as FTP, by its port; each file in a connection of its own."""
    capture = tmp_path / "capture.pcapng"
    content = b"one line of the file\r\n" * 2000
    with FtpsServer({"a": content}) as server:
        async with ftp_bench(server.port, pcap=capture) as bench:
            await succeed(bench, f"AT#FTPOPEN={SERVER},{USER},{PASSWORD},{mode}")
            assert content == await transfer(bench, "AT#FTPGET=a")
            assert NO_CARRIER == await upload(bench, "AT#FTPPUT=b", b"a file of the host")
            await succeed(bench, "AT#FTPCLOSE")

    is_clean(capture)
    commands = tshark(capture, "-Y", "ftp.request.command", "-T", "fields", "-e", "ftp.request.command").split()
    assert commands[:2] == ["USER", "PASS"]
    assert {"RETR", "STOR", "QUIT"} <= set(commands)
    assert "230 Login successful" in tshark(capture, "-q", "-z", "follow,tcp,ascii,0")
    assert "one line of the file" in tshark(capture, "-q", "-z", "follow,tcp,ascii,1")
    assert "a file of the host" in tshark(capture, "-q", "-z", "follow,tcp,ascii,2")
    callers = [conversation[0].direction for conversation in conversations(read_capture(capture))]
    assert callers == ["sent", *["received" if mode == ACTIVE else "sent"] * 2]


async def test_an_ftps_session_is_decrypted(tmp_path: Path) -> None:
    """TLS that begins in the middle of a connection; and data connections, which tshark would take for clear text."""
    capture, keylog = tmp_path / "capture.pcapng", tmp_path / "keys"
    with FtpsServer({"a": b"a file"}) as server:
        async with ftp_bench(server.port, pcap=capture, keylog=keylog) as bench:
            await succeed(bench, "AT#SSLEN=1,1", "AT#FTPCFG=100,0,1")
            await succeed(bench, f"AT#FTPOPEN={SERVER},{USER},{PASSWORD},1")
            assert b"a file" == await transfer(bench, "AT#FTPGET=a")
            await succeed(bench, "AT#FTPCLOSE")

    is_clean(capture)
    assert b"RETR a" in plaintext(capture, 0, keylog=keylog)
    assert b"a file" == plaintext(capture, 1, "--disable-protocol", "ftp-data", keylog=keylog)
    assert b"RETR" not in capture.read_bytes()


async def test_http_can_be_read(tmp_path: Path) -> None:
    """Each request in a connection of its own, at port 80, with its answer."""
    capture = tmp_path / "capture.pcapng"
    with HttpServer() as server:
        async with http_bench(server.port, pcap=capture) as bench:
            await query(bench, "/long.bin")
            assert PAGES["/long.bin"] == await received(bench)
            await send(bench, "/new", b"a page", 1)

    is_clean(capture)
    fields = ("-T", "fields", "-e", "http.request.method", "-e", "http.host", "-e", "http.request.uri")
    assert ["GET", "www.example.com", "/long.bin", "PUT", "www.example.com", "/new"] == tshark(
        capture, "-Y", "http.request", *fields
    ).split()
    assert ["200", "201"] == tshark(capture, "-Y", "http.response", "-T", "fields", "-e", "http.response.code").split()
    assert 2 == len(conversations(read_capture(capture)))


async def test_https_is_decrypted(tmp_path: Path) -> None:
    """By the key log, and not without."""
    capture, keylog = tmp_path / "capture.pcapng", tmp_path / "keys"
    with HttpServer() as server:
        async with http_bench(server.port, pcap=capture, keylog=keylog) as bench:
            await succeed(bench, *HTTPS)
            await query(bench, "/")
            assert PAGES["/"] == await received(bench)

    is_clean(capture)
    shown = plaintext(capture, 0, keylog=keylog)
    assert shown.startswith(b"GET / HTTP/1.1\r\n")
    assert shown.endswith(PAGES["/"])
    assert b"GET /" not in capture.read_bytes()

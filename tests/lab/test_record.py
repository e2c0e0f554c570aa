"""What the lab's servers have received, and that they forget it."""

import ftplib
import http.client
import io
import smtplib
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from emulator.lab import Lab, record
from emulator.lab.conversations import echo, https
from emulator.lab.ftps_server import FILES, PASSWORD, USER, FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import PAGES
from emulator.lab.mqtt_broker import MqttBroker
from emulator.lab.plain_server import PlainScriptedServer, PlainServer
from emulator.lab.record import Kind, Received
from emulator.lab.scripted_server import ScriptedServer
from emulator.lab.server import LabServer
from emulator.lab.smtp_server import SmtpServer
from emulator.mqtt.packets import Packet, PacketType
from tests.lab.clients import openssl_client, said, session
from tests.peers.sockets import TIMEOUT

DATA = b"one\r\ntwo\r\n" * 100


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


def port(lab: Lab, name: str) -> int:
    return int(lab.routes[name].rpartition(":")[2])


def connect(lab: Lab, name: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port(lab, name)), TIMEOUT)


def say_to_tls(lab: Lab) -> None:
    with session(port(lab, "echo.lab:443")) as connection:
        connection.write(DATA)
        assert DATA == said(connection, len(DATA))
        connection.close()


def say_to_tcp(lab: Lab) -> None:
    with connect(lab, "echo.lab:7") as connection:
        connection.sendall(DATA)
        assert DATA == connection.recv(len(DATA), socket.MSG_WAITALL)


def put_by_ftp(lab: Lab) -> None:
    with closing(ftplib.FTP()) as ftp:
        ftp.connect("127.0.0.1", port(lab, "ftp.lab:21"), TIMEOUT)
        ftp.login(USER, PASSWORD)
        ftp.storbinary("STOR a.bin", io.BytesIO(DATA))
        ftp.quit()


def append_by_ftp(lab: Lab) -> None:
    """In two pieces, as after a break."""
    with closing(ftplib.FTP()) as ftp:
        ftp.connect("127.0.0.1", port(lab, "ftp.lab:21"), TIMEOUT)
        ftp.login(USER, PASSWORD)
        ftp.mkd("sub")
        ftp.storbinary("STOR sub/a.bin", io.BytesIO(DATA[:7]))
        ftp.storbinary("APPE sub/a.bin", io.BytesIO(DATA[7:]))
        ftp.delete("file.txt")
        ftp.quit()


def put_by_http(lab: Lab) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port(lab, "http.lab:80"), timeout=TIMEOUT)) as client:
        client.request("PUT", "/a.bin", DATA)
        assert 201 == client.getresponse().status


def post_by_http(lab: Lab) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port(lab, "http.lab:80"), timeout=TIMEOUT)) as client:
        client.request("POST", "/up?a=1", DATA)
        assert DATA == client.getresponse().read()


def send_mail(lab: Lab) -> None:
    with smtplib.SMTP("127.0.0.1", port(lab, "smtp.lab:25"), timeout=TIMEOUT) as client:
        client.sendmail("me@example.com", ["you@example.com", "all@example.com"], DATA)


def publish(lab: Lab) -> None:
    with connect(lab, "mqtt.lab:1883") as connection:
        connection.sendall(Packet(PacketType.CONNECT, 0, b"\0\4MQTT\4\2\0\0\0\1c").encoded())
        connection.sendall(Packet(PacketType.PUBLISH, 1, b"\0\1t" + DATA).encoded())
        connection.sendall(Packet(PacketType.PINGREQ, 0, b"").encoded())
        connection.sendall(Packet(PacketType.DISCONNECT, 0, b"").encoded())


def ask_the_time(lab: Lab) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", port(lab, "ntp.lab:123")))
        client.send(DATA)


WAYS: dict[Callable[[Lab], None], tuple[Kind, str, str]] = {
    say_to_tls: (Kind.CONNECTION, "", "echo.lab:443"),
    say_to_tcp: (Kind.CONNECTION, "", "echo.lab:7"),
    put_by_ftp: (Kind.FILE, "a.bin", "ftp.lab:21"),
    append_by_ftp: (Kind.FILE, "sub/a.bin", "ftp.lab:21"),
    put_by_http: (Kind.FILE, "/a.bin", "http.lab:80,443"),
    post_by_http: (Kind.REQUEST, "POST /up?a=1", "http.lab:80,443"),
    send_mail: (Kind.MAIL, "you@example.com, all@example.com", "smtp.lab:25"),
    publish: (Kind.MESSAGE, "t", "mqtt.lab:1883,8883"),
    ask_the_time: (Kind.REQUEST, "time", "ntp.lab:123"),
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_has_come_counts_once(lab: Lab, way: Callable[[Lab], None]) -> None:
    """Each with its kind, its name and its server; the bytes of a connection count where nothing else is told of it."""
    kind, name, server = WAYS[way]

    way(lab)

    assert lab.settle()
    assert [Received(kind, name, DATA, len(DATA), server=server)] == [one for one in lab.record if one.counts]


def test_connections_are_told_apart_in_any_case(lab: Lab) -> None:
    """So that a check can see what a host has said to a server of files, requests or mails."""
    for way in WAYS:
        way(lab)

    assert lab.settle()
    said_to = {one.server: one.data for one in lab.record if one.kind is Kind.CONNECTION and not one.counts}
    assert {"ftp.lab:21", "http.lab:80,443", "mqtt.lab:1883,8883", "smtp.lab:25"} == set(said_to)
    assert b"DELE file.txt\r\n" in said_to["ftp.lab:21"]
    assert b"POST /up?a=1 HTTP/1.1\r\n" in said_to["http.lab:80,443"]
    assert b"MAIL FROM:<me@example.com>" in said_to["smtp.lab:25"].upper().replace(b"ME@EXAMPLE.COM", b"me@example.com")


def test_views_of_the_record(lab: Lab) -> None:
    """By what a test asks for."""
    for way in (say_to_tcp, post_by_http, put_by_http, put_by_ftp, send_mail, publish):
        way(lab)

    assert lab.settle()
    assert DATA in lab.record.connections
    assert [DATA] == lab.record.requests
    assert {"a.bin": DATA, "/a.bin": DATA} == lab.record.files
    assert [DATA] == lab.record.mails
    assert [("t", DATA)] == lab.record.messages
    assert len(lab.record) == 6 + len([one for one in lab.record if not one.counts])


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_lab_that_has_forgotten_is_as_new(lab: Lab, way: Callable[[Lab], None]) -> None:
    """At the same ports: the same done again gives the same record."""
    routes = dict(lab.routes)
    way(lab)
    assert lab.settle()
    first = [one for one in lab.record if one.counts]

    lab.forget()

    assert [] == list(lab.record)
    assert routes == lab.routes
    way(lab)
    assert lab.settle()
    assert first == [one for one in lab.record if one.counts]


def test_what_clients_have_left_at_a_server_is_gone() -> None:
    """Files, pages, requests, messages that were retained, sessions, mails, the number of clients."""
    with ExitStack() as running:
        ftp, web = running.enter_context(FtpsServer()), running.enter_context(HttpServer())
        broker, mail = running.enter_context(MqttBroker()), running.enter_context(SmtpServer())
        lab = Lab()
        lab.routes |= {"ftp.lab:21": ftp.address, "http.lab:80": web.address}
        lab.routes |= {"mqtt.lab:1883": broker.address, "smtp.lab:25": mail.address}
        for way in (append_by_ftp, put_by_http, publish, send_mail):
            way(lab)
        assert {True} == {server.settle() for server in (ftp, web, broker, mail)}
        assert web.requests and broker.messages and mail.mails and web.served and broker.served

        for server in (ftp, web, broker, mail):
            server.forget()

        assert FILES == {path.name: path.read_bytes() for path in ftp.root.iterdir()}
        assert PAGES == web.pages
        assert ([], [], [], 0, 0) == (web.requests, broker.messages, mail.mails, web.served, broker.served)
        with connect(lab, "mqtt.lab:1883") as client:
            client.sendall(Packet(PacketType.CONNECT, 0, b"\0\4MQTT\4\0\0\0\0\1c").encoded())
            assert b"\x20\2\0\0" == client.recv(100)  # no session of that name is there
            client.sendall(Packet(PacketType.SUBSCRIBE, 2, b"\0\1\0\1#\0").encoded())
            client.sendall(Packet(PacketType.PINGREQ, 0, b"").encoded())
            client.shutdown(socket.SHUT_WR)
            heard = b"".join(iter(lambda: client.recv(100), b""))
        assert b"\x90\3\0\1\0\xd0\0" == heard  # nothing was retained


@pytest.mark.parametrize("waiting", [0, 40])
def test_who_came_before_cannot_write_into_the_next_record(waiting: int) -> None:
    """Neither a client that is served nor one that still waits to be accepted: the server hangs up on all of them."""
    with PlainServer(echo) as server, ExitStack() as clients:
        early = [
            clients.enter_context(socket.create_connection(("127.0.0.1", server.port), TIMEOUT))
            for _ in range(waiting + 1)
        ]
        early[0].sendall(b"first")
        assert b"first" == early[0].recv(100)
        for client in early[1:]:
            client.sendall(b"early")

        server.forget()

        assert server.settle()
        assert ([], 0) == (list(server.record), server.served)
        assert b"" == early[0].recv(100)
        late = clients.enter_context(socket.create_connection(("127.0.0.1", server.port), TIMEOUT))
        late.sendall(b"late")
        assert b"late" == late.recv(100)
        assert [b"late"] == server.record.connections


def test_a_file_that_is_on_its_way_is_not_there_afterwards() -> None:
    """The transfer of the run before ends with it."""
    with FtpsServer() as server, closing(ftplib.FTP()) as ftp:
        ftp.connect("127.0.0.1", server.port, TIMEOUT)
        ftp.login(USER, PASSWORD)
        data = ftp.transfercmd("STOR a.bin")
        data.sendall(b"first")

        server.forget()

        with suppress(ConnectionResetError):
            assert b"" == data.recv(100)
        data.close()
        assert server.settle()
        assert [] == list(server.record)


def test_settling_waits_for_all_that_a_client_has_sent_which_is_gone() -> None:
    """It may be much, and the server slow to read it."""
    much = bytes(2_000_000)
    with PlainServer(lambda data: None) as server:
        with socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as client:
            client.sendall(much)

        assert server.settle(TIMEOUT)

        assert [much] == server.record.connections


def test_settling_does_not_wait_for_ever() -> None:
    """A client that stays is told."""
    with PlainServer(echo) as server, socket.create_connection(("127.0.0.1", server.port), TIMEOUT):
        assert not server.settle(0.01)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record says how much has come, and keeps what there is room for."""
    monkeypatch.setattr(record, "_MOST_BYTES", 10)
    monkeypatch.setattr(record, "_MOST_THINGS", 2)
    recorder = record.Recorder()
    first = recorder.begin(Kind.CONNECTION)
    recorder.add(Kind.MAIL, "a", b"1234567")
    recorder.add(Kind.MAIL, "b", b"left out")

    first.add(b"abcdef")

    assert [(b"abc", 6, False), (b"1234567", 7, True)] == [(one.data, one.size, one.whole) for one in recorder.record]


def test_a_server_that_is_closed_has_nothing_to_forget() -> None:
    """And nothing to wait for."""
    lab = Lab().start()
    servers = list(lab._named.values())
    lab.close()

    for server in servers:
        server.forget()
        assert server.settle(0.01)


@pytest.mark.parametrize("version", ["-tls1", "-tls1_3"])
def test_a_session_of_the_run_before_cannot_be_resumed(tmp_path: Path, version: str) -> None:
    """A new server has none."""
    kept, request = str(tmp_path / "session.pem"), b"GET / HTTP/1.0\n\n"

    def ask(*options: str) -> str:
        return openssl_client(server.port, "ALL", "-ign_eof", *options, says=request, version=version)

    with LabServer(https) as server:
        ask("-sess_out", kept)
        resumed = ask("-sess_in", kept)
        server.forget()
        forgotten = ask("-sess_in", kept)

    assert ("\nReused, " in resumed, "\nReused, " in forgotten) == (True, False)
    assert "\nNew, " in forgotten


def test_clients_are_spared_again() -> None:
    """By how many have come since."""
    with HttpServer(misbehaviour="hangs-up", spared=1) as server:
        for _ in range(2):
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
            client.request("GET", "/")
            assert 200 == client.getresponse().status
            client.close()
            server.forget()


@pytest.mark.parametrize("make", [ScriptedServer, PlainScriptedServer])
def test_sessions_that_nobody_took_are_forgotten(make: Callable[[], ScriptedServer | PlainScriptedServer]) -> None:
    """A program that plays the server gets those that have come since."""
    with make() as server:
        for _ in range(2):
            with session(server.port) if isinstance(server, ScriptedServer) else closing(_tcp(server.port)):
                pass
            assert server.settle()
        assert server.sessions.next() is not None

        server.forget()

        assert server.sessions.next() is None


def _tcp(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT)


def test_many_clients_at_once() -> None:
    """Each has its own part of the record, whole."""
    said = [bytes([65 + number]) * 50_000 for number in range(20)]
    with PlainServer(lambda data: None) as server:

        def say(data: bytes) -> None:
            with _tcp(server.port) as client:
                client.sendall(data)

        with ThreadPoolExecutor(len(said)) as threads:
            list(threads.map(say, said))

        assert server.settle(TIMEOUT)
        assert said == sorted(server.record.connections)

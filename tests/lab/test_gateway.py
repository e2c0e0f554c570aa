"""The gateway between a host's TLS and a back end: what is said, ends, resets and back-pressure pass through it."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from emulator.errors import UserError
from emulator.lab.back_end import BackEnd, dial, tls_dialler
from emulator.lab.gateway import Gateway
from tests.lab.clients import said, session
from tests.peers.pki import Party
from tests.peers.processes import free_port
from tests.peers.sockets import TIMEOUT

NAME = "api.example.com"
AUTHORITY = Party("Back end root", is_ca=True, bits=2048)
MODERN = Party("back end", AUTHORITY, bits=2048, alternative_names=(x509.DNSName(NAME),))
ALERT = b"\x15"
SMALL = 16384
RESET = struct.pack("ii", 1, 0)


class Listener:
    """A back end of the test's own."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        server.settimeout(TIMEOUT)
        self.address: tuple[str, int] = server.getsockname()

    def accept(self) -> socket.socket:
        connection, _ = self._server.accept()
        connection.settimeout(TIMEOUT)
        return connection


class Told:
    """What a gateway tells."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self._new = threading.Condition()

    def __call__(self, outcome: str) -> None:
        with self._new:
            self.outcomes.append(outcome)
            self._new.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self._new:
            assert self._new.wait_for(lambda: len(self.outcomes) >= count, TIMEOUT), self.outcomes
        return self.outcomes


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Listener(server)


@contextmanager
def gateway_to(connect: Callable[[], BackEnd]) -> Iterator[tuple[Gateway, Told]]:
    told = Told()
    with Gateway(connect, told) as gateway:
        yield gateway, told


@contextmanager
def carried(connect: Callable[[], BackEnd], listener: Listener) -> Iterator[tuple[Any, socket.socket, Told]]:
    """A host's session of tlslite-ng, the connection at the back end, and what was told."""
    with gateway_to(connect) as (gateway, told), session(gateway.port) as host, listener.accept() as back_end:
        yield host, back_end, told


def hung_up_on(connect: Callable[[], BackEnd], said: bytes = b"\x16\x03\x01") -> tuple[bytes, list[str]]:
    """What a client hears that says this, up to its end, and what was told."""
    with gateway_to(connect) as (gateway, told):
        with socket.create_connection(("127.0.0.1", gateway.port), TIMEOUT) as host:
            host.sendall(said)
            heard = read_whole(host, 100)
        return heard, told.outcomes


def raw(host: Any) -> socket.socket:
    """The socket below a tlslite-ng session of `session`."""
    connection: socket.socket = host.sock.socket
    return connection


def read_whole(back_end: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length and (more := back_end.recv(length - len(data))):
        data += more
    return data


def test_what_either_says_goes_on(listener: Listener) -> None:
    """All byte values, more than a record, in clear text at the back end."""
    everything = bytes(range(256)) * 300
    with carried(partial(dial, listener.address), listener) as (host, back_end, told):
        host.write(everything)
        assert everything == read_whole(back_end, len(everything))
        back_end.sendall(everything)
        assert everything == said(host, len(everything))
    assert ["connected"] == told.outcomes


def test_the_end_of_the_back_end_is_close_notify_and_the_host_may_still_speak(listener: Listener) -> None:
    """Half-close: what the host has sent meanwhile is not lost, and its own end is that of the connection."""
    with carried(partial(dial, listener.address), listener) as (host, back_end, _):
        back_end.sendall(b"bye")
        back_end.shutdown(socket.SHUT_WR)
        assert b"bye" == said(host, 3)
        host.write(b"one thing more")
        assert b"one thing more" == read_whole(back_end, 14)
        assert b"" == said(host, 1)  # and tlslite-ng answers by its own close_notify
        assert b"" == back_end.recv(1)


@pytest.mark.parametrize("end", ["close_notify", "FIN alone"])
def test_the_end_of_the_host_is_the_end_of_its_data_at_the_back_end(listener: Listener, end: str) -> None:
    """No reset, and nothing is lost; the back end may take its time to end, too."""
    with carried(partial(dial, listener.address), listener) as (host, back_end, told):
        host.write(b"bye")
        if end == "close_notify":
            host.close()
        else:
            raw(host).shutdown(socket.SHUT_WR)
        assert b"bye" == read_whole(back_end, 4)
        back_end.sendall(b"too late")
        back_end.shutdown(socket.SHUT_WR)
        assert b"" == back_end.recv(1)
    assert ["connected"] == told.outcomes


def test_a_back_end_may_be_silent_for_as_long_as_it_likes(
    listener: Listener, modern: tuple[ssl.SSLContext, Path]
) -> None:
    """Only dialling it has a limit."""
    context, ca = modern
    accepting = threading.Thread(target=lambda: context.wrap_socket(listener.accept(), server_side=True).recv(1))
    accepting.start()
    connections = [tls_dialler(listener.address, NAME, ca)(), dial(listener.address)]

    assert [None, None] == [connection.socket.gettimeout() for connection in connections]
    for connection in connections:
        connection.socket.close()
    accepting.join(TIMEOUT)


def test_a_reset_of_the_back_end_resets_the_host_and_is_told(listener: Listener) -> None:
    """It is no orderly end."""
    with gateway_to(partial(dial, listener.address)) as (gateway, told), session(gateway.port) as host:
        back_end = listener.accept()
        host.write(b"hello")
        assert b"hello" == read_whole(back_end, 5)
        back_end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        back_end.close()

        with pytest.raises(ConnectionResetError):
            raw(host).recv(1)
        assert ["connected", "Connection reset by peer"] == told.wait_for(2)


def test_a_reset_of_the_host_resets_the_back_end(listener: Listener) -> None:
    """And is told by the module, not by the gateway."""
    with carried(partial(dial, listener.address), listener) as (host, back_end, told):
        raw(host).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        raw(host).close()

        with pytest.raises(ConnectionResetError):
            back_end.recv(1)
    assert ["connected"] == told.outcomes


@pytest.mark.parametrize("slow", ["the back end", "the host"])
def test_whoever_takes_nothing_stops_the_other(listener: Listener, slow: str) -> None:
    """Back-pressure: a sender is stopped long before all fits into memory, and nothing is lost."""
    piece, limit = bytes(16384), 64 << 20
    with carried(partial(dial, listener.address), listener) as (host, back_end, _):
        sender = raw(host) if slow == "the back end" else back_end
        send, sent = (host.write if slow == "the back end" else back_end.sendall), 0
        sender.settimeout(1)
        try:
            while sent < limit:
                send(piece)
                sent += len(piece)
        except TimeoutError:
            pass
        assert sent < limit
        if slow == "the host":  # what a timeout has cut off is unknown; what was sent whole has to come
            assert bytes(sent) == said(host, sent)
        else:
            assert bytes(sent) == read_whole(back_end, sent)


def test_a_back_end_that_refuses_is_told_and_the_host_is_hung_up_on() -> None:
    """Before the handshake: a server that is down gives none either."""
    assert (b"", ["Connection refused"]) == hung_up_on(partial(dial, ("127.0.0.1", free_port())))


def test_a_host_without_tls_is_refused_as_a_server_for_tls_does(listener: Listener) -> None:
    """The back end is not troubled: what passes here would fail at the real server."""
    heard, outcomes = hung_up_on(partial(dial, listener.address), b"GET / HTTP/1.0\r\n\r\n")
    assert ALERT == heard[:1]
    assert ["not dialled: the host speaks no TLS, which a gateway expects; route to the back end itself"] == outcomes


def test_a_handshake_that_fails_is_told(listener: Listener) -> None:
    """As when a host of a data call has a TLS of its own."""
    with gateway_to(partial(dial, listener.address)) as (gateway, told):
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection(("127.0.0.1", gateway.port), TIMEOUT) as stream, pytest.raises(OSError):
            context.wrap_socket(stream, server_hostname=NAME)
        [outcome] = told.wait_for(1)
    assert outcome.startswith("connected, but the handshake with the host fails: ")


def test_close_ends_the_connections_on_both_sides(listener: Listener) -> None:
    """A modem that ends leaves no connection behind."""
    with gateway_to(partial(dial, listener.address)) as (gateway, _), session(gateway.port) as host:
        back_end = listener.accept()
        host.write(b"hello")
        assert b"hello" == read_whole(back_end, 5)
        gateway.close()
        with back_end:
            assert b"" == back_end.recv(1)


@pytest.fixture(scope="module")
def modern(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """What a server speaks that refuses TLS 1.0, and the file of its CA."""
    folder = tmp_path_factory.mktemp("modern")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(*MODERN.write(folder))
    (folder / "ca.pem").write_bytes(AUTHORITY.pem)
    return context, folder / "ca.pem"


def test_a_back_end_may_speak_modern_tls(listener: Listener, modern: tuple[ssl.SSLContext, Path]) -> None:
    """It is asked for by the dialled name, and each side may end before the other."""
    context, ca = modern
    asked: list[str | None] = []
    context.sni_callback = lambda _, name, __: asked.append(name)
    everything = bytes(range(256)) * 300
    sessions: list[ssl.SSLSocket] = []

    def accept() -> None:
        sessions.append(context.wrap_socket(listener.accept(), server_side=True))

    accepting = threading.Thread(target=accept)
    accepting.start()
    with gateway_to(tls_dialler(listener.address, NAME, ca)) as (gateway, told), session(gateway.port) as host:
        accepting.join(TIMEOUT)
        with sessions[0] as back_end:
            host.write(everything)
            assert everything == read_whole(back_end, len(everything))
            back_end.sendall(everything)
            assert everything == said(host, len(everything))
            host.close()
            assert b"" == back_end.recv(1)
            assert "TLSv1.3" == back_end.version()
    assert ([NAME], ["connected"]) == (asked, told.outcomes)


def test_a_back_end_that_is_not_trusted_is_told(listener: Listener, modern: tuple[ssl.SSLContext, Path]) -> None:
    """The system's roots do not know it; nor is a certificate for another name taken."""
    context, ca = modern
    for connect, reason in [
        (tls_dialler(listener.address, NAME, None), "unable to get local issuer certificate"),
        (tls_dialler(listener.address, "other.example", ca), "Hostname mismatch"),
    ]:
        refusing = threading.Thread(target=_refused, args=(listener, context))
        refusing.start()
        heard, [outcome] = hung_up_on(connect)
        refusing.join(TIMEOUT)
        assert b"" == heard
        assert outcome.startswith(f"its certificate is not trusted: {reason}")


def _refused(listener: Listener, context: ssl.SSLContext) -> None:
    with listener.accept() as connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).recv(1)


def test_a_back_end_that_speaks_no_tls_is_told(listener: Listener) -> None:
    """With what to write instead."""

    def answer() -> None:
        with listener.accept() as connection:
            connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

    answering = threading.Thread(target=answer)
    answering.start()
    _, [outcome] = hung_up_on(tls_dialler(listener.address, NAME, None))
    answering.join(TIMEOUT)
    assert outcome.startswith("its TLS fails: ")
    assert outcome.endswith("; without TLS it is gateway:HOST:PORT")


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_a_file_without_ca_certificates_is_named(tmp_path: Path, content: str | None) -> None:
    """When the gateway is made, not at the first dial."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UserError, match=r"gateway\+tls: .*ca\.pem.*; name a PEM file"):
        tls_dialler(("127.0.0.1", 1), NAME, file)

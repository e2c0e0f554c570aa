"""The lab's HTTP server, with Python's own client in clear text and tlslite-ng's TLS."""

import base64
import http.client
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import ACCOUNT, PAGES
from emulator.lab.record import Kind
from tests.lab.clients import session
from tests.peers.sockets import TIMEOUT

TOKEN = base64.b64encode(":".join(ACCOUNT).encode()).decode()


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as server:
        yield server


@pytest.fixture
def client(server: HttpServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    yield connection
    connection.close()


def ask(client: http.client.HTTPConnection, method: str, path: str, *arguments: Any) -> tuple[int, str | None, bytes]:
    """Status, content type and body."""
    client.request(method, path, *arguments)
    answer = client.getresponse()
    return answer.status, answer.getheader("Content-Type"), answer.read()


def test_pages_are_shown_written_and_removed(client: http.client.HTTPConnection, server: HttpServer) -> None:
    """On one connection, unless the client wants it closed."""
    assert (200, "text/plain", PAGES["/"]) == ask(client, "GET", "/")
    assert (200, "text/plain", b"") == ask(client, "HEAD", "/")
    assert (404, "text/html", b"<p>There is no /new.json here.</p>\r\n") == ask(client, "GET", "/new.json")
    assert (201, None, b"") == ask(client, "PUT", "/new.json", b"{}")
    assert (204, None, b"") == ask(client, "PUT", "/new.json", b"[]")
    assert (200, "application/json", b"[]") == ask(client, "GET", "/new.json")
    assert (204, None, b"") == ask(client, "DELETE", "/new.json")
    assert 404 == ask(client, "DELETE", "/new.json")[0]
    assert (200, "a/b", b"back") == ask(client, "POST", "/anything", b"back", {"Content-Type": "a/b"})
    assert 501 == ask(client, "PATCH", "/")[0]
    assert (200, "text/plain", PAGES["/"]) == ask(client, "GET", "http://www.example.com/?a=1")
    assert 1 == server.served
    assert ("PUT", "/new.json", b"{}") == tuple(
        getattr(server.requests[3], name) for name in ("method", "target", "body")
    )


def test_chunks_have_no_size(client: http.client.HTTPConnection) -> None:
    """The same page, whole and in pieces."""
    client.request("GET", "/chunked/long.bin")
    answer = client.getresponse()
    assert "chunked" == answer.getheader("Transfer-Encoding")
    assert answer.getheader("Content-Length") is None
    assert PAGES["/long.bin"] == answer.read()
    assert 404 == ask(client, "GET", "/chunked/nothing")[0]


def test_the_private_page_wants_the_account(client: http.client.HTTPConnection) -> None:
    """RFC 7617."""
    assert 401 == ask(client, "GET", "/private")[0]
    assert 401 == ask(client, "GET", "/private", None, {"Authorization": "Basic bm9ib2R5Og=="})[0]
    assert 200 == ask(client, "GET", "/private", None, {"Authorization": f"Basic {TOKEN}"})[0]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/hangs-up", http.client.RemoteDisconnected),
        ("/cut", http.client.IncompleteRead),
        ("/no-http", http.client.BadStatusLine),
    ],
)
def test_odd_answers(client: http.client.HTTPConnection, path: str, error: type[Exception]) -> None:
    """What a client must be ready for."""
    with pytest.raises(error):
        ask(client, "GET", path)


def test_silence_lasts_until_the_client_goes(server: HttpServer) -> None:
    """Others are served meanwhile."""
    silent = http.client.HTTPConnection("127.0.0.1", server.port, timeout=0.05)
    with pytest.raises(TimeoutError):
        ask(silent, "GET", "/silent")
    other = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    assert 200 == ask(other, "GET", "/")[0]
    silent.close()
    other.close()


def test_a_handshake_gets_tls(server: HttpServer) -> None:
    """On the same port, with the same pages."""
    with session(server.port) as connection:
        connection.write(b"PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfirst")
        heard = b"".join(iter(lambda: bytes(connection.read(min=1, max=1000)), b""))

    assert heard.startswith(b"HTTP/1.1 201 Created\r\n")
    assert heard.endswith(b"\r\nContent-Length: 0\r\n\r\n")
    assert b"first" == server.pages["/new"]


def test_misbehaviours_concern_clients_without_tls_too() -> None:
    """Those of the TLS servers."""
    with HttpServer(misbehaviour="hangs-up", spared=1) as server:
        for expected in (200, None):
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
            if expected is None:
                with pytest.raises(http.client.RemoteDisconnected):
                    ask(client, "GET", "/")
            else:
                assert expected == ask(client, "GET", "/")[0]
            client.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_request_that_is_sent_again_is_done_once(
    client: http.client.HTTPConnection, server: HttpServer, method: str
) -> None:
    """With the same key: it is answered as before, though what it asks for could not be done twice."""
    key = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    first = ask(client, method, "/long.bin", b"body", key)
    asked_between = ask(client, "PUT", "/long.bin", b"other")

    again = ask(client, method, "/long.bin", b"body", key)

    assert first == again
    assert asked_between[0] in (201, 204)
    assert b"other" == server.pages["/long.bin"]
    counting = [one.name for one in server.record if one.kind is Kind.REQUEST and one.counts]
    assert [f"{method} /long.bin"] * (method != "PUT") == counting


def test_a_key_belongs_to_one_request(client: http.client.HTTPConnection, server: HttpServer) -> None:
    """The draft's answer to another one; a request that was refused has not used its key up."""
    key = {"idempotency-key": "1"}
    assert 404 == ask(client, "DELETE", "/new", b"", key)[0]
    assert 200 == ask(client, "POST", "/a", b"one", key)[0]

    assert 422 == ask(client, "POST", "/a", b"two", key)[0]
    assert [b"one"] == server.record.requests


@pytest.mark.parametrize("head", [b"Content-Length: 20", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("sent", [b"", b"5\r\nfi", b"5\r\nfirst\r\n"])
def test_a_request_that_does_not_come_whole_is_not_done(server: HttpServer, head: bytes, sent: bytes) -> None:
    """The page stays away, and the record tells what has come."""
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as client:
        client.sendall(b"PUT /new HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n\r\n" + sent)

    assert server.settle()
    assert "/new" not in server.pages
    assert [] == server.requests
    (request,) = [one for one in server.record if one.kind is Kind.REQUEST]
    assert ("PUT /new", False, False) == (request.name, request.whole, request.counts)
    assert request.data in (sent, sent[3:].strip())


def test_a_body_may_come_in_chunks(client: http.client.HTTPConnection, server: HttpServer) -> None:
    """As hosts send it that do not know its size; the connection goes on after it."""
    client.request("PUT", "/new", iter([b"first", b"second"]), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
    answer = client.getresponse()
    assert (201, b"") == (answer.status, answer.read())
    assert (200, "text/plain", b"firstsecond") == ask(client, "GET", "/new")
    assert 1 == server.served


def test_an_answer_comes_in_one_piece(server: HttpServer) -> None:
    """Head and body together: what a module hears of it is the same each time."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as client:
        for _ in range(20):
            client.sendall(b"GET / HTTP/1.1\r\nHost: lab\r\n\r\n")

            assert client.recv(4096).endswith(PAGES["/"])


def test_a_client_that_asks_may_go_on_before_it_sends_the_body(server: HttpServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == client.recv(4096)

        client.sendall(b"ab")

        assert client.recv(4096).endswith(b"\r\n\r\nab")

"""The lab as a whole: where its servers are, and that nothing of it remains."""

import socket
import sys
from collections.abc import Iterator

import pytest

from emulator.errors import UserError
from emulator.lab import Lab
from tests.lab.clients import said, session

NAMES = ["123.124.125.126:443", "echo.lab:443", "https.lab:443", "modern.lab:443", "mutual.lab:443", "echo.lab:7"]
NAMES += ["ftp.lab:21", "http.lab:80", "http.lab:443", "mqtt.lab:1883", "mqtt.lab:8883", "ntp.lab:123", "smtp.lab:25"]
AN_HOUR = 3600.0


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


def port_of(lab: Lab, name: str) -> int:
    return int(lab.routes[f"{name}:443"].rpartition(":")[2])


def test_every_server_has_a_port_of_its_own(lab: Lab) -> None:
    """The routes lead from what a module dials to ports of 127.0.0.1; a server of both ways has one."""
    assert list(lab.routes) == NAMES
    assert {target.rpartition(":")[0] for target in lab.routes.values()} == {"127.0.0.1"}
    assert len(set(lab.routes.values())) == len(NAMES) - 2
    assert lab.routes["http.lab:80"] == lab.routes["http.lab:443"]
    assert repr(lab) == f"<Lab {', '.join(NAMES)}>"


def test_a_route_leads_to_a_server_by_its_name(lab: Lab) -> None:
    """Their ports are others each time; what is no name of the lab stays as it is."""
    given = {"api.example.com:443": "http.lab:443", "a:1": "127.0.0.1:9", "echo.lab:7": "echo.lab:443"}

    routes = lab.routes_with(given)

    echo, web = lab.routes["echo.lab:443"], lab.routes["http.lab:443"]
    assert {**lab.routes, "api.example.com:443": web, "a:1": "127.0.0.1:9", "echo.lab:7": echo} == routes


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
@pytest.mark.parametrize("name", NAMES)
def test_no_server_listens_beyond_its_address(lab: Lab, name: str) -> None:
    """A server on every address would be found at 127.0.0.2 too."""
    port = int(lab.routes[name].rpartition(":")[2])

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), 30).close()


def test_a_lab_can_be_started_and_closed_without_a_block() -> None:
    """After `close()` nothing listens, there is no route, and closing again is no mistake."""
    lab = Lab().start()
    ports = [int(target.rpartition(":")[2]) for target in lab.routes.values()]

    lab.close()
    lab.close()

    assert lab.routes == {}
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 30).close()


def test_closing_hangs_up_on_clients() -> None:
    """A client in the middle of a session finds its connection ended."""
    lab = Lab().start()

    with session(port_of(lab, "echo.lab")) as connection:
        connection.write(b"still there")
        answered = said(connection, 11)
        lab.close()
        rest = connection.sock.recv(1)

    assert answered == b"still there"
    assert rest == b""


def test_one_client_does_not_wait_for_another(lab: Lab) -> None:
    """Two sessions at one server, answered in turns."""
    port = port_of(lab, "echo.lab")

    with session(port) as first, session(port) as second:
        second.write(b"second")
        assert said(second, 6) == b"second"
        first.write(b"first")
        assert said(first, 5) == b"first"


def test_the_guides_server_answers_others_while_it_thinks() -> None:
    """A question that takes an hour holds up neither what is said after it nor the end of the lab."""
    with Lab(thinking=AN_HOUR) as lab, session(port_of(lab, "123.124.125.126")) as connection:
        connection.write(b"Send this string to the SSL server!")
        connection.write(b"hello")

        assert said(connection, 5) == b"hello"


def test_a_scaled_lab_thinks_in_the_modules_time() -> None:
    """At a million module seconds a second the hour is over at once, and a question asked twice is answered twice."""
    answer = b"Response of the server!"
    with (
        Lab(time_scale=1_000_000, thinking=AN_HOUR) as lab,
        session(port_of(lab, "123.124.125.126")) as connection,
    ):
        connection.write(b"Send this string to the SSL server!")
        connection.write(b"Send this string to the SSL server!")

        assert said(connection, 2 * len(answer)) == 2 * answer


def test_a_client_that_speaks_no_tls_ends_its_own_session_only(lab: Lab) -> None:
    """The server hangs up on it and serves the next one."""
    port = port_of(lab, "echo.lab")
    with socket.create_connection(("127.0.0.1", port), 30) as stream:
        stream.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while stream.recv(1024):
            pass

    with session(port) as connection:
        connection.write(b"next")
        assert said(connection, 4) == b"next"


def test_without_its_extra_the_lab_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's mistake, named with what mends it; no server is left behind."""
    monkeypatch.setitem(sys.modules, "tlslite.api", None)

    with pytest.raises(UserError, match=r"pip install '/path/to/telit-emulator\[lab\]'"):
        Lab().start()


def test_a_silent_client_holds_up_no_other(lab: Lab) -> None:
    """A connection on which nothing is said does not keep the next client from its session."""
    port = port_of(lab, "echo.lab")

    with socket.create_connection(("127.0.0.1", port), 30), session(port) as connection:
        connection.write(b"hello")
        assert said(connection, 5) == b"hello"

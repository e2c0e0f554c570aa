"""Who is let in: nobody whom another site sends, and from other machines only who knows the token."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from emulator.testing import Bench
from emulator.web.server import WebServer
from tests.web.browsing import Client


@pytest.mark.parametrize("path", ["", "page.js", "api/snapshot", "api/stream", "api/save/trace"])
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:{port}"},
        {"host": "127.0.0.1.evil.example:{port}"},
        {"host": ""},
        {"host": "["},
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:1"},
        {"origin": "https://127.0.0.1:{port}"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
    ids=str,
)
async def test_another_site_gets_nothing(client: Client, path: str, headers: dict[str, str]) -> None:
    """Neither by a name of its own that leads here, nor from its own page."""
    sent = {name: value.replace("{port}", str(client.port)) for name, value in headers.items()}

    answer = await client.get(path, **sent)

    assert 403 == answer.status
    assert answer.body.count(b"\n") == 1


async def test_a_link_of_another_site_leads_to_the_page_and_to_nothing_else(client: Client) -> None:
    """In a window of its own, not within a frame."""
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}

    assert 200 == (await client.get(**link)).status
    assert 403 == (await client.get("api/snapshot", **link)).status
    assert 403 == (await client.get(**{**link, "sec_fetch_dest": "iframe"})).status


async def test_another_site_changes_nothing(client: Client, bench: Bench) -> None:
    """Not by a form either, which needs no permission to be sent: its content type is refused."""
    body = b'{"module": "1", "do": "change", "values": {"signal": 3}}'

    assert 403 == (await client.post(body, origin="http://evil.example")).status
    assert 403 == (await client.post(body, host="evil.example")).status
    assert 400 == (await client.post(body, content_type="text/plain")).status
    assert 20 == bench.modem.device.network.signal


async def test_a_websocket_of_another_site_is_refused(client: Client) -> None:
    upgrade = {"connection": "upgrade", "upgrade": "websocket", "origin": "http://evil.example"}

    assert 403 == (await client.get("api/stream", **upgrade)).status


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
async def test_this_machine_s_own_names_are_let_in(client: Client, name: str) -> None:
    """By any port: it may be forwarded from elsewhere, as by ssh."""
    assert 200 == (await client.get(host=f"{name}:9000", origin=f"http://{name}:9000")).status


async def test_every_answer_forbids_what_the_page_has_no_use_for(client: Client) -> None:
    """Also that of a refusal, and of what is not there."""
    answers = [await client.get(), await client.get("nothing"), await client.get(host="evil.example")]

    assert [200, 404, 403] == [answer.status for answer in answers]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert "no-referrer" == answer.headers["referrer-policy"]
        assert "no-store" == answer.headers["cache-control"]
        assert "server" not in answer.headers


@pytest.fixture
def open_to_all(bench: Bench) -> Iterator[WebServer]:
    """A page that listens on all addresses."""
    with WebServer("0.0.0.0:0") as server:
        yield server


async def test_a_page_for_other_machines_is_found_by_its_token_alone(bench: Bench, open_to_all: WebServer) -> None:
    """The token begins the path; a request without it, or with another one, is refused."""
    open_to_all.serve({"1": bench.modem})
    client = Client(open_to_all.url)
    token = client.path.strip("/")
    assert len(token) >= 32

    assert 200 == (await client.get()).status
    assert 200 == (await client.get("page.js")).status
    assert await client.do("change", values={"signal": 3}) is None
    for path in ("/", "/api/snapshot", f"/{token[:-1]}/", f"/{token}x/", f"//{token}/", f"/{token}"):
        client.path = path
        assert 403 == (await client.get()).status, path


async def test_two_pages_have_different_tokens(bench: Bench, open_to_all: WebServer) -> None:
    with WebServer("0.0.0.0:0") as another:
        assert Client(another.url).path != Client(open_to_all.url).path


async def test_a_page_for_other_machines_knows_its_names(
    bench: Bench, open_to_all: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An IP address, and the machine's own name: somebody else can lead neither here."""
    monkeypatch.setattr(socket, "gethostname", lambda: "Bench-PC")
    open_to_all.serve({"1": bench.modem})
    client = Client(open_to_all.url)

    for name in ("192.0.2.7", "[2001:db8::7]", "bench-pc", "localhost"):
        assert 200 == (await client.get(host=f"{name}:8080")).status
    assert 403 == (await client.get(host="evil.example:8080")).status


async def test_what_is_no_http_is_refused_and_does_no_harm(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"\x16\x03\x01 hello\r\n\r\n")

    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    assert 200 == (await client.get()).status
    assert ("", "") == capfd.readouterr()


async def test_a_connection_that_says_nothing_ends_with_the_page(bench: Bench) -> None:
    """And a new page can have the address at once."""
    with WebServer("127.0.0.1:0") as server:
        server.serve({"1": bench.modem})
        client = Client(server.url)
        reader, writer = await asyncio.open_connection(client.host, client.port)
        assert 200 == (await client.get()).status
    with pytest.raises(ConnectionError):
        if await reader.read() == b"":
            raise ConnectionResetError
    writer.close()
    with socket.create_server((client.host, client.port or 0)):
        pass

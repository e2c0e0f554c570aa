"""HTTP against real servers: requests, answers, and #HTTPCFG. AT Commands Reference Guide."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.firmware.loader import list_models
from emulator.testing import Bench
from tests.commands.http_bench import BODY_PROMPT, GSM, SERVER, http_bench, query, received, send
from tests.commands.ssl_bench import ERROR, OK, cme, information, succeed
from tests.peers.http_server import ACCOUNT, LONG, HttpPeer, http_server
from tests.peers.nginx import nginx_server

TESTS = {
    "#HTTPCFG": "(0-2),255,(1-65535),(0-1),64,64,(0-1),(1-65535),(1-5),(1-1500)",
    "#HTTPQRY": "(0-2),(0-2),256,256",
    "#HTTPSND": "(0-2),(0-1),256,(1-65535),128,256",
    "#HTTPRCV": "(0-2),(0,64-1500)",
}

OUT_OF_RANGE = [
    "AT#HTTPCFG",
    "AT#HTTPCFG=3",
    'AT#HTTPCFG=0,"a",0',
    'AT#HTTPCFG=0,"a",80,2',
    'AT#HTTPCFG=0,"a",80,0,"","",2',
    'AT#HTTPCFG=0,"a",80,0,"","",0,0',
    'AT#HTTPCFG=0,"a",80,0,"","",0,120,6',
    f'AT#HTTPCFG=0,"{"a" * 256}"',
    "AT#HTTPQRY?",
    "AT#HTTPQRY=0,0",
    'AT#HTTPQRY=0,3,"/"',
    'AT#HTTPQRY=3,0,"/"',
    'AT#HTTPSND=0,0,"/"',
    'AT#HTTPSND=0,2,"/",5',
    'AT#HTTPSND=0,0,"/",0',
    "AT#HTTPRCV=0,63",
    "AT#HTTPRCV=0,1501",
    "AT#HTTPRCV=3",
]


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def server(request: pytest.FixtureRequest) -> Iterator[HttpPeer]:
    """A server, in clear text and within TLS."""
    with http_server(tls=request.param) as peer:
        peer.secure = int(request.param)
        yield peer


async def configure(bench: Bench, server: HttpPeer) -> None:
    """Choose the server of the fixture."""
    if server.secure:
        await succeed(bench, "AT#SSLEN=1,1", f'AT#HTTPCFG=0,"{SERVER}",443,0,"","",1')


async def test_get_brings_an_answer(server: HttpPeer) -> None:
    """OK once the request is out, #HTTPRING, and the body behind `<<<`, once."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)

        assert '0,200,"text/plain;charset=UTF-8",5' == await query(bench, "/")
        assert b"Hello" == await received(bench)
        assert cme(3) == await bench.command("AT#HTTPRCV=0")

        (asked,) = server.asked
        assert ("GET", "/", b"") == (asked.method, asked.target, asked.body)
        assert {"Host": SERVER, "Connection": "close"} == asked.headers


@pytest.mark.parametrize(("method", "verb"), [(1, "HEAD"), (2, "DELETE")])
async def test_head_and_delete(server: HttpPeer, method: int, verb: str) -> None:
    """HEAD has a size and no body."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)

        assert '0,200,"text/plain;charset=UTF-8",5' == await query(bench, "/", method)
        if verb == "HEAD":
            assert cme(3) == await bench.command("AT#HTTPRCV=0")
        else:
            assert b"Hello" == await received(bench)

        assert [verb] == [asked.method for asked in server.asked]


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        ("", "application/x-www-form-urlencoded"),
        (",0", "application/x-www-form-urlencoded"),
        (',"0:charset=utf-8"', "application/x-www-form-urlencoded; charset=utf-8"),
        (",1", "text/plain"),
        (",2", "application/octet-stream"),
        (",3", "multipart/form-data"),
        (',"application/json"', "application/json"),
    ],
)
async def test_post_sends_a_body_of_a_content_type(content: str, sent: str) -> None:
    """<post_param>: a number of the list, with an extension, or a free string."""
    with http_server() as server:
        async with http_bench(server.port) as bench:
            assert f'0,201,"{sent}",7' == await send(bench, "/echo", b"a=1\r\n\x1a\x1b", more=content)
            assert b"a=1\r\n\x1a\x1b" == await received(bench)


async def test_put_sends_a_body_without_a_content_type(server: HttpPeer) -> None:
    """<post_param> is for POST alone."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)

        assert f'0,201,"",{len(LONG[:60000])}' == await send(bench, "/echo", LONG[:60000], 1, more=",1")

        assert LONG[:60000] == await received(bench)
        assert "Content-Type" not in server.asked[0].headers


async def test_a_long_answer_comes_whole_or_in_pieces(server: HttpPeer) -> None:
    """<maxByte> counts; what is left is read by the next #HTTPRCV."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)
        head = f'0,200,"application/octet-stream",{len(LONG)}'

        assert head == await query(bench, "/long")
        assert LONG == await received(bench)

        assert head == await query(bench, "/long")
        assert LONG[:1500] == await received(bench, ",1500")
        assert LONG[1500:1564] == await received(bench, ",64")
        assert LONG[1564:] == await received(bench)


async def test_a_chunked_answer_has_no_size(server: HttpPeer) -> None:
    """The chunks are put together."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)

        assert '0,200,"text/plain",0' == await query(bench, "/chunks")
        assert b"one two three" == await received(bench)


async def test_answers_without_a_body_and_of_failure(server: HttpPeer) -> None:
    """204 has nothing to read; 404 has its page."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)

        assert '0,204,"",0' == await query(bench, "/empty")
        assert cme(3) == await bench.command("AT#HTTPRCV=0")
        assert '0,404,"text/html",8' == await query(bench, "/nowhere")
        assert b"not here" == await received(bench)


async def test_basic_authentication(server: HttpPeer) -> None:
    """<auth_type> 1 sends the account with each request."""
    async with http_bench(server.port) as bench:
        await configure(bench, server)
        assert '0,401,"text/plain",4' == await query(bench, "/private")

        await succeed(bench, 'AT#HTTPCFG=0,,,1,"{}","{}"'.format(*ACCOUNT))

        assert '0,200,"text/plain",7' == await query(bench, "/private")


async def test_a_header_line_of_the_host_is_sent() -> None:
    """It takes the place of the module's own; those that frame the message are refused."""
    with http_server() as server:
        async with http_bench(server.port) as bench:
            await query(bench, "http://www.example.com/", more=',"X-Key: a b"')
            await query(bench, "/", more=',"Host: another"')

            assert ["a b", None] == [asked.headers.get("X-Key") for asked in server.asked]
            assert "another" == server.asked[1].headers["Host"]
            for line in ("Connection: keep-alive", "Content-Length: 5", "no header", ": a"):
                assert cme(4) == await bench.command(f'AT#HTTPQRY=0,0,"/","{line}"')
            assert cme(4) == await bench.command('AT#HTTPQRY=0,0,"/a b"')
            assert 2 == len(server.asked)


async def test_another_port_stands_in_the_host_line() -> None:
    """RFC 9110 7.2."""
    with http_server() as server:
        async with Bench(GSM) as bench:
            await succeed(bench, 'AT+CGDCONT=1,"IP","apn"')
            assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
            await succeed(bench, f'AT#HTTPCFG=1,"127.0.0.1",{server.port}')

            assert '1,200,"text/plain;charset=UTF-8",5' == await query(bench, "/", number=1)

        assert f"127.0.0.1:{server.port}" == server.asked[0].headers["Host"]


async def test_profiles_are_kept_in_nvm() -> None:
    """At once; what is left out stays, and quotes with nothing between make a text empty."""
    factory = '"",80,0,"","",0,120,1'
    async with Bench(GSM) as bench:
        await succeed(
            bench,
            'AT#HTTPCFG=0,"host",80,0,,,0,120,1',
            'AT#HTTPCFG=1,"host",8080,1,"me","pass",0,20,2,500',
            'AT#HTTPCFG=1,,,,,"",,60',
            "AT#HTTPCFG=2",
        )
        lines = [
            '#HTTPCFG: 0,"host",80,0,"","",0,120,1',
            '#HTTPCFG: 1,"host",8080,1,"me","",0,60,2',
            f"#HTTPCFG: 2,{factory}",
        ]
        assert information(*lines) == await bench.command("AT#HTTPCFG?")
        bench.modem.device.power.off()
        bench.modem.device.power.on()
        await bench.advance(60)
        bench.read()
        await bench.command("ATE0")
        assert information(*lines) == await bench.command("AT#HTTPCFG?")


async def test_forms() -> None:
    """What `=?` says, and values that are none."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1")
        for name, values in TESTS.items():
            assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?")
        for line in OUT_OF_RANGE:
            assert cme(4) == await bench.command(line), line


@pytest.mark.parametrize("model", [model.name for model in list_models()])
async def test_the_lines_that_have_it(model: str) -> None:
    """10.00 has none of the commands."""
    absent = any(one.name == model and one.line == "10.00" for one in list_models())
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMEE=1")
        answers = {await bench.command(f"AT{name}=?") for name in TESTS}

    assert (answers == {ERROR}) == absent


async def test_the_body_has_its_own_prompt() -> None:
    """Three signs behind CR LF, and nothing behind them."""
    with http_server() as server:
        async with http_bench(server.port) as bench:
            bench.send('AT#HTTPSND=0,0,"/echo",3\r')
            assert BODY_PROMPT == await bench.answer()
            bench.send("ab")
            await bench.advance(1)
            assert "" == bench.read()
            bench.send("c")
            assert OK == (await bench.until("\r\n"))[: len(OK)]


@pytest.mark.parametrize("tls", [False, True])
async def test_nginx(tmp_path: Path, tls: bool) -> None:
    """A page of 100,000 bytes, in chunks and not, and one that is not there."""
    page = LONG[:100000]
    with nginx_server(tmp_path, {"page.bin": page}, tls=tls) as port:
        async with http_bench(port) as bench:
            await succeed(
                bench,
                "AT#SSLEN=1,1",
                "AT#SSLSECCFG=1,3,0",
                f'AT#HTTPCFG=0,"{SERVER}",{443 if tls else 80},0,"","",{int(tls)}',
            )
            assert f'0,200,"application/octet-stream",{len(page)}' == await query(bench, "/page.bin")
            assert page == await received(bench)
            assert '0,200,"application/octet-stream",0' == await query(bench, "/chunked/page.bin")
            assert page == await received(bench)
            assert (await query(bench, "/nothing")).startswith('0,404,"text/html",')
            assert b"404" in await received(bench)

"""HTTP against real servers: requests, answers, and #HTTPCFG. AT Commands Reference Guide."""

from collections.abc import AsyncIterator, Iterator

import pytest

from emulator.firmware.loader import list_models
from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import ACCOUNT, PAGES
from emulator.testing import Bench
from tests.commands.http_bench import BODY_PROMPT, GSM, HTTPS, SERVER, http_bench, query, received, send
from tests.commands.lines import EVERY_MODEL
from tests.commands.ssl_bench import ERROR, OK, RINGING, UMTS, cme, information, succeed

TESTS = {
    "#HTTPCFG": "(0-2),50,(1-65535),(0,1),50,50,(0,1),(1-65535),(1-5),(1-1500)",
    "#HTTPQRY": "(0-2),(0-2),150,100",
    "#HTTPSND": "(0-2),(0-1),150,(1-65535),128,100",
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
    f'AT#HTTPCFG=0,"{"a" * 51}"',
    f'AT#HTTPQRY=0,0,"/{"a" * 150}"',
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


HELLO = f'0,200,"text/plain",{len(PAGES["/"])}'
LONG = PAGES["/long.bin"]


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as server:
        yield server


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
async def bench(request: pytest.FixtureRequest, server: HttpServer) -> AsyncIterator[Bench]:
    """A module that reaches the server in clear text, or within TLS."""
    async with http_bench(server.port) as bench:
        if request.param:
            await succeed(bench, *HTTPS)
        yield bench


async def test_get_brings_an_answer(bench: Bench, server: HttpServer) -> None:
    """OK once the request is out, #HTTPRING, and the body behind `<<<`, once."""
    assert HELLO == await query(bench, "/")
    assert PAGES["/"] == await received(bench)
    assert cme(3) == await bench.command("AT#HTTPRCV=0")

    (asked,) = server.requests
    assert ("GET", "/", b"") == (asked.method, asked.target, asked.body)
    assert {"Host": SERVER, "Connection": "close"} == asked.headers


async def test_head_has_a_size_and_no_body(bench: Bench, server: HttpServer) -> None:
    """<command> 1."""
    assert HELLO == await query(bench, "/", 1)
    assert cme(3) == await bench.command("AT#HTTPRCV=0")

    assert ["HEAD"] == [asked.method for asked in server.requests]


async def test_delete_removes_a_page(bench: Bench, server: HttpServer) -> None:
    """<command> 2; the second time it is gone."""
    assert '0,204,"",0' == await query(bench, "/long.bin", 2)
    assert (await query(bench, "/long.bin", 2)).startswith("0,404,")

    assert "/long.bin" not in server.pages


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (",0", "application/x-www-form-urlencoded"),
        (',"0:charset=utf-8"', "application/x-www-form-urlencoded; charset=utf-8"),
        (",1", "text/plain"),
        (",2", "application/octet-stream"),
        (",3", "multipart/form-data"),
        (',"application/json"', "application/json"),
        (',"text/plain;charset=UTF-8"', "text/plain;charset=UTF-8"),
    ],
)
async def test_post_sends_a_body_of_a_content_type(bench: Bench, content: str, sent: str) -> None:
    """<post_param>: a number of the list, with an extension, or a free string."""
    assert f'0,200,"{sent}",7' == await send(bench, "/echo", b"a=1\r\n\x1a\x1b", more=content)
    assert b"a=1\r\n\x1a\x1b" == await received(bench)


async def test_post_without_a_content_type_sends_none(bench: Bench, server: HttpServer) -> None:
    """As the vendor's guides print it."""
    await send(bench, "/echo", b"a=1")

    assert "Content-Type" not in server.requests[0].headers


async def test_put_sends_a_body_without_a_content_type(bench: Bench, server: HttpServer) -> None:
    """<post_param> is for POST alone."""
    assert '0,201,"",0' == await send(bench, "/new", LONG[:60000], 1, more=",1")

    assert LONG[:60000] == server.pages["/new"]
    assert "Content-Type" not in server.requests[0].headers


async def test_a_long_answer_comes_whole_or_in_pieces(bench: Bench) -> None:
    """<maxByte> counts; what is left is read by the next #HTTPRCV."""
    head = f'0,200,"application/octet-stream",{len(LONG)}'

    assert head == await query(bench, "/long.bin")
    assert LONG == await received(bench)

    assert head == await query(bench, "/long.bin")
    assert LONG[:1500] == await received(bench, ",1500")
    assert LONG[1500:1564] == await received(bench, ",64")
    assert LONG[1564:] == await received(bench)


async def test_a_chunked_answer_has_no_size(bench: Bench) -> None:
    """The chunks are put together."""
    assert '0,200,"application/octet-stream",0' == await query(bench, "/chunked/long.bin")
    assert LONG[:1500] == await received(bench, ",1500")
    assert LONG[1500:] == await received(bench)


async def test_answers_without_a_body_and_of_failure(bench: Bench) -> None:
    """The one has nothing to read, the other its page."""
    assert '0,200,"text/plain",0' == await query(bench, "/empty")
    assert cme(3) == await bench.command("AT#HTTPRCV=0")
    assert '0,404,"text/html",35' == await query(bench, "/nowhere")
    assert b"<p>There is no /nowhere here.</p>\r\n" == await received(bench)


async def test_basic_authentication(bench: Bench) -> None:
    """<auth_type> 1 sends the account with each request."""
    assert '0,401,"",14' == await query(bench, "/private")

    await succeed(bench, 'AT#HTTPCFG=0,,,1,"{}","{}"'.format(*ACCOUNT))

    assert '0,200,"text/plain",15' == await query(bench, "/private")


async def test_a_header_line_of_the_host_is_sent(bench: Bench, server: HttpServer) -> None:
    """It takes the place of the module's own; those that frame the message are refused."""
    await query(bench, "/", more=',"X-Key: a b"')
    await query(bench, "/", more=',"Host: another"')

    assert ["a b", None] == [asked.headers.get("X-Key") for asked in server.requests]
    assert "another" == server.requests[1].headers["Host"]
    for line in ("Connection: keep-alive", "Content-Length: 5", "no header", ": a"):
        assert cme(4) == await bench.command(f'AT#HTTPQRY=0,0,"/","{line}"')
    assert cme(4) == await bench.command('AT#HTTPQRY=0,0,"/a b"')
    assert 2 == len(server.requests)


async def test_the_resource_is_sent_as_it_is(bench: Bench, server: HttpServer) -> None:
    """A whole URL, too; without any it is the root."""
    for resource in ("http://www.example.com/", "/?a=1&b=%20", ""):
        assert HELLO == await query(bench, resource)

    assert ["http://www.example.com/", "/?a=1&b=%20", "/"] == [asked.target for asked in server.requests]


async def test_another_port_stands_in_the_host_line(bench: Bench, server: HttpServer) -> None:
    """RFC 9110 7.2."""
    await succeed(bench, f'AT#HTTPCFG=1,"127.0.0.1",{server.port}')

    assert HELLO.replace("0,", "1,", 1) == await query(bench, "/", number=1)

    assert f"127.0.0.1:{server.port}" == server.requests[0].headers["Host"]


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


async def test_a_profile_can_show_the_packet_size() -> None:
    """`http.packet_size_shown`, where there is one."""
    shown = '"",80,0,"","",0,120,1'
    for model, line in ((GSM, f"#HTTPCFG: 0,{shown},300"), (UMTS, f"#HTTPCFG: 0,{shown}")):
        async with Bench(model, settings=["http.packet_size_shown=true"]) as bench:
            assert f"\r\n{line}\r\n" in await bench.command("AT#HTTPCFG?")


async def test_forms() -> None:
    """What `=?` says, and values that are none."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1")
        for name, values in TESTS.items():
            assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?")
        for line in OUT_OF_RANGE:
            assert cme(4) == await bench.command(line), line


async def test_the_first_releases_of_12_00_have_less() -> None:
    """Neither <ssl_enabled> 1 nor <pktSize>; later ones have both."""
    secure, packets = 'AT#HTTPCFG=0,"a",443,0,"","",1', 'AT#HTTPCFG=0,"a",80,0,"","",0,120,1,300'
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT+CMEE=1")
        forms = "(0-2),50,(1-65535),(0,1),50,50,(0),(1-65535),(1-5)"
        assert information(f"#HTTPCFG: {forms}") == await bench.command("AT#HTTPCFG=?")
        for line in (secure, packets):
            assert cme(4) == await bench.command(line)
        await succeed(bench, 'AT#HTTPCFG=0,"a",80,0,"","",0,120,1')
    async with Bench(RINGING) as bench:
        await succeed(bench, secure, packets)


@EVERY_MODEL
async def test_the_lines_that_have_it(model: str) -> None:
    """10.00 has none of the commands."""
    absent = any(one.name == model and one.line == "10.00" for one in list_models())
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMEE=1")
        answers = {await bench.command(f"AT{name}=?") for name in TESTS}

    assert (answers == {ERROR}) == absent


async def test_the_body_has_its_own_prompt(bench: Bench) -> None:
    """Three signs behind CR LF, and nothing behind them."""
    bench.send('AT#HTTPSND=0,0,"/echo",3\r')
    assert BODY_PROMPT == await bench.answer()
    bench.send("ab")
    await bench.advance(1)
    assert "" == bench.read()
    bench.send("c")
    assert OK == (await bench.until("\r\n"))[: len(OK)]

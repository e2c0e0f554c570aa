"""Mails with a file by #SMTPCL, which 12.00 has. MultiTech HSPA+ AT Commands Reference Guide."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

import pytest

from emulator.lab.smtp_server import SmtpServer
from emulator.testing import Bench
from tests.commands.email_bench import MAIL, email_bench, send
from tests.commands.lines import EVERY_LINE
from tests.commands.peer import eventually
from tests.commands.ssl_bench import CONNECT, ERROR, NO_CARRIER, OK, PROMPT, UMTS, cme, information, succeed

TO = 'AT#SMTPCL="you@example.com","Hello"'
TEXT, BINARY = f'{TO},1,"a.txt",0', f'{TO},2,"a.bin",1'


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A mail server."""
    with SmtpServer() as server:
        yield server


def parts(server: SmtpServer) -> list[Message]:
    """The text and the file of the last mail, as another program reads them."""
    mail = message_from_bytes(server.mails[-1].content)
    assert ("me@example.com", "you@example.com", "Hello") == (mail["From"], mail["To"], mail["Subject"])
    found = mail.get_payload()
    assert isinstance(found, list)
    return [part for part in found if isinstance(part, Message)]


async def attach(bench: Bench, line: str, data: bytes) -> str:
    """Send a mail with a file; what follows the escape sequence."""
    assert CONNECT == (await send(bench, line)).removeprefix("Hello")
    bench.send(data)
    return await bench.escape()


@EVERY_LINE
async def test_12_00_alone_has_the_command(firmware: str) -> None:
    """Others answer ERROR."""
    async with Bench(firmware) as bench:
        assert (OK if firmware == UMTS else ERROR) == await bench.command("AT#SMTPCL=?")


async def test_without_a_file_it_is_emaild(server: SmtpServer) -> None:
    """OK, and no parts."""
    async with email_bench(server.port) as bench:
        assert OK == await send(bench, f"{TO},0")
        assert OK == await send(bench)

    assert server.mails[0] == server.mails[1]


async def test_a_text_arrives_as_it_was_typed(server: SmtpServer) -> None:
    """In a part of its own, with its name; a dot alone ends nothing."""
    async with email_bench(server.port) as bench:
        assert NO_CARRIER == await attach(bench, TEXT, b"One\r\n.\r\nTwo\r\n")
        assert information("#EMAILMSG: 250 2.0.0 Ok") == await bench.command("AT#EMAILMSG")

    text, file = parts(server)
    assert "Hello" == text.get_payload()
    assert ("text/plain", "7bit", "a.txt") == (
        file.get_content_type(),
        file["content-transfer-encoding"],
        file.get_filename(),
    )
    assert "One\r\n.\r\nTwo\r\n" == file.get_payload()


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 200, 100_000])
async def test_bytes_arrive_in_base64(server: SmtpServer, size: int) -> None:
    """In lines of 76 characters; whatever they are."""
    data = bytes(range(256)) * (size // 256 + 1)
    async with email_bench(server.port) as bench:
        assert NO_CARRIER == await attach(bench, f'{TO},2,"a.bin"', data[:size])

    _, file = parts(server)
    assert ("application/octet-stream", "base64") == (file.get_content_type(), file["content-transfer-encoding"])
    assert data[:size] == file.get_payload(decode=True)
    assert 76 >= max(map(len, server.mails[-1].content.split(b"\r\n")))


@pytest.mark.parametrize(
    "values", ["1", '1,""', "2", '1,"a",1', '2,"a",0', '3,"a"', '1,"a",2', f'1,"{"x" * 51}"', '1,"a",0,0', ""]
)
async def test_values_that_do_not_go_together(values: str) -> None:
    """A file has a name; a text is 7bit, and bytes are base64."""
    async with email_bench(1) as bench:
        assert cme(4) == await bench.command(f"{TO},{values}")


async def test_what_stands_before_the_prompt(server: SmtpServer) -> None:
    """The context, and the server."""
    async with email_bench(server.port, active=False) as bench:
        assert cme(556) == await bench.command(TEXT)
        assert information("#SGACT: 212.195.45.65") == await bench.command("AT#SGACT=1,1")
        assert PROMPT == await bench.command(TEXT)
        bench.send("\x1b")
        assert OK == await bench.answer()
        await succeed(bench, "AT#ESMTP=")
        assert cme(3) == await bench.command(TEXT)

    assert [] == server.mails


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_a_refusal_before_the_file(verb: str) -> None:
    """An error in the place of CONNECT."""
    with SmtpServer(failing={verb: "451 4.3.0 Not now"}) as server:
        async with email_bench(server.port) as bench:
            assert cme(550) == await send(bench, TEXT)
            assert information("#EMAILMSG: 451 4.3.0 Not now") == await bench.command("AT#EMAILMSG")


@pytest.mark.parametrize(("reply", "message"), [("552 5.3.4 Too big", "552 5.3.4 Too big"), ("", "354")])
async def test_a_refusal_after_the_file(reply: str, message: str) -> None:
    """Data mode can only say NO CARRIER; #EMAILMSG tells."""
    with SmtpServer(failing={"CONTENT": reply}) as server:
        async with email_bench(server.port) as bench:
            assert NO_CARRIER == await attach(bench, TEXT, b"One")
            assert f"#EMAILMSG: {message}" in await bench.command("AT#EMAILMSG")
            assert OK == await bench.command("AT")


async def test_a_server_that_dies_during_the_file() -> None:
    """NO CARRIER at once; another mail can be sent."""
    server = SmtpServer()
    async with email_bench(server.port) as bench:
        assert CONNECT == await send(bench, TEXT)
        bench.send("One")
        server.close()
        assert NO_CARRIER == await bench.until(NO_CARRIER)
        assert cme(562) == await send(bench)


async def test_a_context_that_is_lost_during_the_file(server: SmtpServer) -> None:
    """NO CARRIER, and the server takes nothing."""
    async with email_bench(server.port) as bench:
        assert CONNECT == await send(bench, TEXT)
        bench.modem.device.contexts.drop(1)
        assert NO_CARRIER == await bench.until(NO_CARRIER)
        assert cme(556) == await bench.command(MAIL)

    assert [] == server.mails


async def test_a_host_that_leaves_breaks_the_mail_off(server: SmtpServer) -> None:
    """Under &D2; the next host finds a command line, and can send."""
    async with email_bench(server.port) as bench:
        await succeed(bench, "AT&D2")
        assert CONNECT == await send(bench, TEXT)
        bench.send("One")
        bench.port.host_close()
        bench.port.host_open()
        await bench.advance(1)
        bench.read()
        assert OK == await bench.command("AT")
        assert OK == await send(bench)

    assert 1 == len(server.mails)


async def test_one_mail_at_a_time(server: SmtpServer) -> None:
    """Another instance is refused while the file is sent."""
    async with email_bench(server.port, ports=2) as bench:
        other = bench.hosts[1]
        assert OK == await other.command("AT+CMEE=1")
        assert CONNECT == await send(bench, TEXT)
        assert cme(3) == await send(other)
        assert NO_CARRIER == await bench.escape()
        assert OK == await send(other)


async def test_a_module_that_is_switched_off_during_the_file(server: SmtpServer) -> None:
    """Nothing is left."""
    async with email_bench(server.port) as bench:
        assert CONNECT == await send(bench, TEXT)
        bench.modem.device.power.off()
        await eventually(lambda: not bench.modem.device.email._online, "it is broken off")

    assert [] == server.mails

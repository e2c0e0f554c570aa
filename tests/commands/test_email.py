"""Mails by #EMAILD and #SEMAIL to a real mail server, and what can go wrong with them. IP Easy User Guide 3.5.2."""

import socket
from collections.abc import Callable, Iterator

import msgspec
import pytest

from emulator.lab.plain_server import PlainServer
from emulator.lab.smtp_server import ReceivedMail, SmtpServer
from emulator.testing import Bench
from emulator.trace.events import Defect, Dialled, SmtpSaid
from emulator.trace.transcript import Transcript
from tests.commands.email_bench import ALONE, MAIL, SERVER, begin, email_bench, send
from tests.commands.lines import EVERY_LINE, MODELS
from tests.commands.peer import eventually
from tests.commands.ssl_bench import ERROR, OK, PROMPT, cme, information, succeed
from tests.peers.plain import black_hole
from tests.peers.processes import free_port

LOGIN = ('AT#EUSER="telit"', 'AT#EPASSW="public-demo"')
HEADER = b"From: me@example.com\r\nTo: you@example.com\r\nSubject: Hello\r\n\r\n"
ACTIVATED = information("#SGACT: 212.195.45.65")


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A mail server."""
    with SmtpServer() as server:
        yield server


# Settings.


@pytest.mark.parametrize("firmware", [model.name for model in MODELS])
async def test_every_firmware_has_the_commands(firmware: str) -> None:
    """With their test forms; those of the settings show the longest value."""
    async with Bench(firmware) as bench:
        for name in ("#ESMTP", "#EADDR", "#EUSER", "#EPASSW"):
            assert information(f"{name}: 50") == await bench.command(f"AT{name}=?")
        for name in ("#ESAV", "#ERST", "#EMAILD", "#SEMAIL", "#EMAILMSG"):
            assert OK == await bench.command(f"AT{name}=?")
        assert information("#EMAILACT: (0,1)") == await bench.command("AT#EMAILACT=?")


@EVERY_LINE
async def test_settings_are_shown_and_saved_by_esav(firmware: str) -> None:
    """Without it they last until power-off; #ERST restores those of the factory, and they last no longer."""
    async with Bench(firmware) as bench:

        async def restart() -> None:
            await succeed(bench, "AT#REBOOT")
            await bench.advance(6)
            await bench.command("ATE0")

        async def shown() -> list[str]:
            answers = [await bench.command(f"AT{name}?") for name in ("#ESMTP", "#EADDR", "#EUSER")]
            return [answer.split('"')[1] for answer in answers]

        assert information('#ESMTP: ""') == await bench.command("AT#ESMTP?")
        await succeed(bench, 'AT#ESMTP="smtp.domain.com"', "AT#EADDR=me@domain.com", 'AT#EUSER="me"')
        assert information('#ESMTP: "smtp.domain.com"') == await bench.command("AT#ESMTP?")
        assert ["smtp.domain.com", "me@domain.com", "me"] == await shown()
        await restart()
        assert ["", "", ""] == await shown()
        await succeed(bench, 'AT#ESMTP="a"', 'AT#EADDR="b"', 'AT#EUSER="c"', 'AT#EPASSW="d"', "AT#ESAV")
        await succeed(bench, 'AT#EUSER="other"')
        await restart()
        assert ["a", "b", "c"] == await shown()
        assert "d" == bench.modem.device.email.settings.current.password
        await succeed(bench, "AT#ERST")
        assert ["", "", ""] == await shown()
        await restart()
        assert ["a", "b", "c"] == await shown()
        await succeed(bench, "AT#ESMTP=", 'AT#EADDR=""', "AT#ERST", "AT#ESAV")
        await restart()
        assert ["", "", ""] == await shown()


async def test_what_is_out_of_range_is_refused() -> None:
    """And a password is not shown."""
    long = "x" * 101
    async with Bench() as bench:
        await succeed(bench, "AT+CMEE=1", f"AT#ESMTP={'x' * 50}")
        for line in (
            f"AT#ESMTP={'x' * 51}", "AT#ESMTP", "AT#EPASSW?", "AT#ESAV=1", "AT#ERST?", "AT#EMAILACT=2", "AT#EMAILMSG=1",
            'AT#EMAILD="a"', f'AT#EMAILD="{long}","b"', f'AT#EMAILD="a","{long}"', 'AT#EMAILD="a","b",1',
            'AT#SEMAIL="a"', 'AT#SEMAIL="a","b",0,0', 'AT#EMAILD="","b"',
        ):  # fmt: skip
            assert cme(4) == await bench.command(line), line


async def test_emailact_is_context_1() -> None:
    """It shows no address, and #SGACT shows it."""
    async with email_bench(1, active=False) as bench:
        assert information("#EMAILACT: 0") == await bench.command("AT#EMAILACT?")
        await succeed(bench, "AT#EMAILACT=1")
        assert information("#EMAILACT: 1") == await bench.command("AT#EMAILACT?")
        assert information("#SGACT: 1,1") == await bench.command("AT#SGACT?")
        assert cme(553) == await bench.command("AT#EMAILACT=1")
        await succeed(bench, "AT#EMAILACT=0", "AT#EMAILACT=0")
        assert information("#SGACT: 1,0") == await bench.command("AT#SGACT?")


# A mail that is taken.


@EVERY_LINE
async def test_a_mail_arrives(server: SmtpServer, firmware: str) -> None:
    """With its header, from the module's address; the server's last word is shown."""
    async with email_bench(server.port, firmware) as bench:
        assert information("#EMAILMSG: ") == await bench.command("AT#EMAILMSG")

        assert OK == await send(bench)

        assert information("#EMAILMSG: 250 2.0.0 Ok") == await bench.command("AT#EMAILMSG")
        dialled = [event for event in bench.events if isinstance(event, Dialled)]
        assert [(SERVER, 25)] == [(event.host, event.port) for event in dialled]
    content = HEADER + b"Hello\r\n"
    mail = ReceivedMail("[212.195.45.65]", None, "me@example.com", ("you@example.com",), content)
    assert [mail] == server.mails


async def test_a_user_logs_in(server: SmtpServer) -> None:
    """#EUSER alone decides on it."""
    async with email_bench(server.port) as bench:
        await succeed(bench, *LOGIN)
        assert OK == await send(bench)
        await succeed(bench, "AT#EUSER=")
        assert OK == await send(bench)

    assert ["telit", None] == [mail.user for mail in server.mails]


async def test_a_mail_has_the_lines_that_were_typed(server: SmtpServer) -> None:
    """Each ends by CR LF, a single dot ends nothing, and every byte passes."""
    text = b"One\r.\r..two\n.\r\nThree\xe9"
    async with email_bench(server.port) as bench:
        assert OK == await send(bench, text=text)

    assert HEADER + b"One\r\n.\r\n..two\r\n.\r\nThree\xe9\r\n" == server.mails[0].content


@pytest.mark.parametrize(("size", "kept"), [(0, 0), (1500, 1500), (1501, 1500), (4000, 1500)])
async def test_a_long_text_is_cut(server: SmtpServer, size: int, kept: int) -> None:
    """At 1500 bytes, without a word."""
    text = (b"." * 59 + b"\r") * 70
    async with email_bench(server.port) as bench:
        assert OK == await send(bench, text=text[:size])

    sent = text[:kept].replace(b"\r", b"\r\n")
    assert HEADER + sent + (b"" if not sent or sent.endswith(b"\r\n") else b"\r\n") == server.mails[0].content


async def test_the_third_value_of_public_hosts_is_taken(server: SmtpServer) -> None:
    """Though the guide has it no more."""
    async with email_bench(server.port) as bench:
        assert OK == await send(bench, f"{MAIL},0")

    assert 1 == len(server.mails)


async def test_esc_sends_nothing(server: SmtpServer) -> None:
    """The server is not even dialled."""
    async with email_bench(server.port) as bench:
        assert PROMPT == await bench.command(MAIL)
        bench.send("Never mind.\x1b")
        assert OK == await bench.answer()

        assert not [event for event in bench.events if isinstance(event, Dialled)]


async def test_a_host_that_leaves_at_the_prompt_sends_nothing(server: SmtpServer) -> None:
    """DTR falls; the next host finds a command line."""
    async with email_bench(server.port) as bench:
        assert PROMPT == await bench.command(MAIL)
        bench.send("Hello")
        bench.port.host_close()
        bench.port.host_open()
        assert OK == await bench.command("AT")

    assert [] == server.mails


@pytest.mark.parametrize("line", [MAIL, ALONE])
async def test_a_host_that_leaves_while_its_mail_is_sent_ends_it(line: str) -> None:
    """Under &D2, as a dial; the next host finds a command line, and the context of #SEMAIL is down."""
    with Greeter() as server:
        async with email_bench(server.port, active=line == MAIL) as bench:
            await succeed(bench, "AT&D2")
            await begin(bench, line)
            await _greeted(bench, server)
            bench.port.host_close()
            bench.port.host_open()
            bench.send("AT\r")
            await bench.advance(0)
            assert bench.read().endswith(OK)
            assert not bench.modem.device.email._work.is_busy
            assert (line == MAIL) is bench.modem.device.contexts.is_active(1)


async def test_a_mail_goes_on_where_dtr_closes_nothing(server: SmtpServer) -> None:
    """Under &D0; its host does not wait for the answer."""
    async with email_bench(server.port) as bench:
        await begin(bench)
        bench.port.host_close()
        await eventually(lambda: bool(server.mails), "the mail arrives")


# A mail that is refused.


async def test_a_context_and_a_server_are_needed_before_the_prompt(server: SmtpServer) -> None:
    """556 without a context, 3 without a server; #SEMAIL wants context 1 to be inactive."""
    async with email_bench(server.port, active=False) as bench:
        assert cme(556) == await bench.command(MAIL)
        await succeed(bench, "AT#ESMTP=")
        assert cme(3) == await bench.command(ALONE)
        assert ACTIVATED == await bench.command("AT#SGACT=1,1")
        assert cme(3) == await bench.command(MAIL)
        await succeed(bench, f"AT#ESMTP={SERVER}")
        assert cme(553) == await bench.command(ALONE)
        await succeed(bench, "AT#SGACT=1,0", "AT+CGACT=1,1")
        assert cme(556) == await bench.command(MAIL)
        await succeed(bench, "AT+CMEE=0")
        assert ERROR == await bench.command(MAIL)


async def test_a_recipient_that_the_server_does_not_know(server: SmtpServer) -> None:
    """An error, and the server's words."""
    async with email_bench(server.port) as bench:
        assert cme(550) == await send(bench, 'AT#EMAILD="nobody@example.com","Hello"')
        assert information("#EMAILMSG: 550 5.1.1 No such user") == await bench.command("AT#EMAILMSG")

    assert [] == server.mails


@pytest.mark.parametrize("lines", [("AT#EUSER=telit",), ("AT#EUSER=telit", "AT#EPASSW=wrong"), ("AT#EUSER=other",)])
async def test_a_wrong_password(server: SmtpServer, lines: tuple[str, ...]) -> None:
    """AUTH is refused; without a user nobody logs in."""
    async with email_bench(server.port) as bench:
        await succeed(bench, *lines)
        assert cme(550) == await send(bench)
        message = "535 5.7.8 Authentication credentials invalid"
        assert information(f"#EMAILMSG: {message}") == await bench.command("AT#EMAILMSG")


async def test_a_server_that_wants_a_login() -> None:
    """It says so to MAIL."""
    with SmtpServer(requires_login=True) as server:
        async with email_bench(server.port) as bench:
            assert cme(550) == await send(bench)
            assert information("#EMAILMSG: 530 5.7.0 Authentication required") == await bench.command("AT#EMAILMSG")
            await succeed(bench, *LOGIN)
            assert OK == await send(bench)


VERBS = ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT"]


@pytest.mark.parametrize("verb", VERBS)
async def test_a_refusal_at_any_step(verb: str) -> None:
    """The next mail has a session of its own."""
    failing = {verb: "451 4.3.0 Not now"}
    if verb == "EHLO":
        failing["HELO"] = failing[verb]
    with SmtpServer(failing=failing) as server:
        async with email_bench(server.port) as bench:
            await succeed(bench, *LOGIN)
            for _ in range(2):
                assert cme(550) == await send(bench)
            assert information("#EMAILMSG: 451 4.3.0 Not now") == await bench.command("AT#EMAILMSG")
            said = [event.text for event in bench.events if isinstance(event, SmtpSaid) and event.direction == "sent"]
            assert "QUIT" == said[-1]


@pytest.mark.parametrize("verb", VERBS)
async def test_a_server_that_dies_at_any_step(verb: str) -> None:
    """An error at once; #EMAILMSG shows what it had said."""
    with SmtpServer(failing={verb: ""}) as server:
        async with email_bench(server.port) as bench:
            await succeed(bench, *LOGIN)
            assert cme(550) == await send(bench)
            assert (await bench.command("AT#EMAILMSG")).startswith("\r\n#EMAILMSG: ")

    assert [] == server.mails


@pytest.mark.parametrize("reply", ["554 5.3.2 No service", "250 What?", "Hello?"])
async def test_a_server_that_does_not_greet(reply: str) -> None:
    """It is none, or does not want to be one."""
    with Greeter(reply) as server:
        async with email_bench(server.port) as bench:
            await begin(bench)
            await _greeted(bench, server)
            await bench.advance(20)
            assert cme(550) == await bench.answer()


async def _greeted(bench: Bench, server: PlainServer) -> None:
    await eventually(lambda: server.served > 0, "the server has a client")


class Greeter(PlainServer):
    """A server that says one line at most, and nothing more."""

    def __init__(self, reply: str = "") -> None:
        self._reply = reply
        super().__init__(lambda data: None)

    def _service(self) -> Callable[[socket.socket], None]:
        serve = super()._service()

        def greet(client: socket.socket) -> None:
            if self._reply:
                client.sendall(f"{self._reply}\r\n".encode())
            serve(client)

        return greet


async def test_a_silent_server_gets_20_seconds() -> None:
    """From Ctrl-Z on."""
    with Greeter() as server:
        async with email_bench(server.port) as bench:
            await begin(bench)
            await _greeted(bench, server)
            await bench.advance(19.9)
            assert "OK" not in bench.read()
            assert bench.modem.device.email._work.is_busy
            await bench.advance(0.2)
            assert cme(550) == await bench.answer()


async def test_a_server_that_falls_silent_has_no_more_time_for_each_reply() -> None:
    """20 seconds are for the whole mail."""
    with Greeter("220 Hello") as server:
        async with email_bench(server.port) as bench:
            await begin(bench)
            await bench.advance(10)
            await _greeted(bench, server)
            await eventually(lambda: any(isinstance(event, SmtpSaid) for event in bench.events), "it greets")
            await bench.advance(10.1)
            assert cme(550) == await bench.answer()


async def test_a_server_that_cannot_be_reached() -> None:
    """562 when nobody listens or answers, 558 for a name that nobody knows."""
    async with email_bench(free_port()) as bench:
        assert cme(562) == await send(bench)
        await succeed(bench, "AT#ESMTP=no.such.name.invalid")
        assert cme(558) == await send(bench)
    with black_hole() as port:
        async with email_bench(port) as bench:
            await begin(bench)
            await bench.advance(20.1)
            assert cme(562) == await bench.answer()


async def test_a_context_that_is_lost_ends_the_mail() -> None:
    """And the connection."""
    with Greeter() as server:
        async with email_bench(server.port) as bench:
            await begin(bench)
            await _greeted(bench, server)
            bench.modem.device.contexts.drop(1)
            assert cme(556) == await bench.answer()
            assert OK == await bench.command("AT")


async def test_a_module_that_is_switched_off_leaves_nothing_behind() -> None:
    """Neither a task nor a defect."""
    with Greeter() as server:
        async with email_bench(server.port) as bench:
            await begin(bench)
            await _greeted(bench, server)
            bench.modem.device.power.off()
            await bench.advance(1)
            assert not [event for event in bench.events if isinstance(event, Defect)]


async def test_two_instances_send_one_after_the_other() -> None:
    """The second one is refused while a mail is on its way."""
    with Greeter() as server:
        async with email_bench(server.port, ports=2) as bench:
            other = bench.hosts[1]
            await succeed(bench, "AT+CMEE=1")
            assert OK == await other.command("AT+CMEE=1")
            await begin(bench)
            await _greeted(bench, server)
            assert cme(3) == await send(other)
            await bench.advance(20.1)
            assert cme(550) == await bench.answer()


async def test_a_connection_that_breaks_by_a_fault(server: SmtpServer) -> None:
    """The bearer's faults apply to mails, too."""
    async with email_bench(server.port) as bench:
        bench.modem.faults.add("connection-reset", command="#EMAILD", byte="20 B")
        assert cme(550) == await send(bench)
        assert OK == await send(bench)


# A context of its own.


async def test_semail_activates_its_context_and_deactivates_it(server: SmtpServer) -> None:
    """Whether the mail was taken or not."""
    async with email_bench(server.port, active=False) as bench:
        await succeed(bench, "AT#GPRS=0")
        assert OK == await send(bench, ALONE)
        assert information("#SGACT: 1,0") == await bench.command("AT#SGACT?")
        assert cme(550) == await send(bench, 'AT#SEMAIL="nobody@example.com","Hello"')
        assert information("#SGACT: 1,0") == await bench.command("AT#SGACT?")

    assert [HEADER + b"Hello\r\n"] == [mail.content for mail in server.mails]


async def test_semail_activates_with_the_user_of_userid(server: SmtpServer) -> None:
    """As #GPRS does; a network that knows another one refuses it."""
    settings = ['pdp.username="u"', 'pdp.password="p"']
    async with email_bench(server.port, active=False, settings=settings) as bench:
        assert cme(149) == await send(bench, ALONE)
        await succeed(bench, 'AT#USERID="u"', 'AT#PASSW="p"')
        assert OK == await send(bench, ALONE)
        await succeed(bench, "AT#EMAILACT=1")


async def test_semail_without_a_definition_of_the_context() -> None:
    """As #SGACT says it, before the prompt."""
    async with Bench() as bench:
        await succeed(bench, "AT+CMEE=1", "AT#ESMTP=a", "AT+CGDCONT=1")
        assert cme(555) == await bench.command(ALONE)


# The trace.


async def test_no_trace_has_the_password(server: SmtpServer) -> None:
    """Neither as it is typed nor as it is sent."""
    async with email_bench(server.port) as bench:
        await succeed(bench, 'AT#EUSER="telit"', 'AT#EPASSW="public-demo"')
        assert OK == await send(bench)
        lines: list[str] = []
        transcript = Transcript(lines.append)
        for event in bench.events:
            transcript(0.0, event)

        traced = "\n".join(lines) + msgspec.json.encode(bench.events).decode()

    assert "smtp    > EHLO [212.195.45.65]" in traced
    assert "smtp    < 220 smtp.lab ready" in traced
    for secret in ("public-demo", "cHVibGljLWRlbW8", "dGVsaXQ"):
        assert secret not in traced
    assert "public-demo" not in repr(bench.modem.device.nvm.email)

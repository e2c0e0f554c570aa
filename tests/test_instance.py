"""One AT instance with a module behind it: power, a host that comes and goes, faults, secrets, back-pressure."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from emulator.at.answers import Final
from emulator.at.bound import BoundCommand
from emulator.at.command import Command
from emulator.at.online import OnlineTerminal
from emulator.at.syntax import Form
from emulator.at.terminal import TYPE_AHEAD
from emulator.line.serial.port import HIGH_MARK
from emulator.testing import Bench
from emulator.tls.wire.suites import CipherSuite
from emulator.trace.events import Defect, HostSent, ModuleSent
from tests.peers.pki import CLIENT
from tests.peers.tlslite_server import TlsliteServer

GSM = "GE865-QUAD"
Scenario = Callable[[Bench], Awaitable[None]]


async def connect(bench: Bench, mode: int) -> None:
    """Open the secure socket to the peer of `bench_with_peer`."""
    for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
        assert (await bench.command(line)).endswith("OK\r\n")
    answer = await bench.command(f'AT#SSLD=1,443,"peer",0,{mode}')
    assert answer == ("\r\nCONNECT\r\n" if mode == 0 else "\r\nOK\r\n")


@asynccontextmanager
async def bench_with_peer() -> AsyncIterator[Bench]:
    """A bench, and an echoing TLS server at the name `peer`."""
    with TlsliteServer(list(CipherSuite)) as server:
        async with Bench(GSM, routes={"peer": f"127.0.0.1:{server.port}"}) as bench:
            yield bench


async def enter_command(bench: Bench) -> None:
    """Half a line."""
    bench.send("AT+CG")


async def enter_prompt(bench: Bench) -> None:
    """At the prompt of a security data entry."""
    await bench.command("AT#SSLEN=1,1")
    assert await bench.command("AT#SSLSECDATA=1,1,1,100") == "\r\n> "
    bench.send("half")


async def enter_blocked(bench: Bench) -> None:
    """In a read that waits for the peer."""
    await connect(bench, 1)
    bench.send("AT#SSLRECV=1,10\r")


async def enter_online(bench: Bench) -> None:
    """In data mode."""
    await connect(bench, 0)


OPEN, CLOSED = "\r\n#SSLS: 1,2,3\r\n", "\r\n#SSLS: 1,1\r\n"

MODES = [enter_command, enter_prompt, enter_blocked, enter_online]


@pytest.mark.parametrize("enter", MODES)
async def test_a_restart_in_any_mode_leaves_a_module_that_answers(enter: Scenario) -> None:
    """Silent while it boots; nothing of what went on is said afterwards."""
    async with bench_with_peer() as bench:
        await enter(bench)
        bench.read()
        bench.modem.device.power.restart()
        bench.send("AT\r")
        await bench.advance(4.9)
        assert bench.read() == ""
        await bench.advance(0.2)
        assert bench.read() == ""
        assert await bench.command("ATE0") == "ATE0\r\r\nOK\r\n"
        assert await bench.command("AT#SGACT?") in ("\r\nOK\r\n", "\r\n#SGACT: 1,0\r\n\r\nOK\r\n")


@pytest.mark.parametrize("enter", [enter_command, enter_prompt])
async def test_a_host_that_goes_and_comes_back_finds_a_command_line(enter: Scenario) -> None:
    """The half-typed line and the entry are forgotten; nothing was stored."""
    async with Bench(GSM) as bench:
        await enter(bench)
        bench.port.host_close()
        await bench.advance(0)
        bench.port.host_open()
        assert await bench.command("AT") == "\r\nOK\r\n"
        await bench.command("AT#SSLEN=1,1")
        assert await bench.command("AT#SSLSECDATA?") == "\r\n#SSLSECDATA: 1,0,0,0\r\n\r\nOK\r\n"


async def test_a_host_that_goes_while_a_read_waits_finds_it_ended_later() -> None:
    """The command goes on; its answer is lost with nobody there, and the next command is heard."""
    async with bench_with_peer() as bench:
        await enter_blocked(bench)
        bench.port.host_close()
        await bench.advance(11)
        bench.port.host_open()
        assert await bench.command("AT#SSLS=1") == "\r\n#SSLS: 1,2,3\r\n\r\nOK\r\n"


@pytest.mark.parametrize(
    ("reaction", "status"), [(0, OPEN), (1, OPEN), (2, CLOSED), (3, CLOSED), (4, OPEN), (5, CLOSED)]
)
async def test_closing_the_port_in_data_mode_does_what_the_d_setting_says(reaction: int, status: str) -> None:
    """&D0 and &D4 ignore it, &D1 suspends the connection, &D2, &D3 and &D5 close it."""
    async with bench_with_peer() as bench:
        assert await bench.command(f"AT&D{reaction}") == "\r\nOK\r\n"
        await connect(bench, 0)
        bench.port.host_close()
        bench.port.host_open()
        if reaction in (0, 4):
            assert await bench.escape() == "\r\nOK\r\n"
        assert await bench.command("AT#SSLS=1") == f"{status}\r\nOK\r\n"


async def test_what_was_typed_ahead_of_a_restart_is_not_run() -> None:
    """The module is off once it has said OK; `A/` finds nothing to repeat when it is back."""
    async with Bench(GSM) as bench:
        bench.send("AT#REBOOT\rAT+CSQ\rA/")
        assert bench.read() == "\r\nOK\r\n"
        await bench.advance(5.1)
        assert bench.read() == ""
        bench.send("A/")
        assert await bench.answer() == "A/\r\nOK\r\n"


async def test_a_restart_waits_for_the_final_result_of_its_line() -> None:
    """A prompt in the same line comes before it."""
    async with Bench(GSM) as bench:
        await bench.command("AT#SSLEN=1,1")
        assert await bench.command("AT#REBOOT;#SSLSECDATA=1,1,1,100") == "\r\n> "
        assert repr(bench.modem.device.power) == "<Power running>"
        bench.send("\x1b")
        await bench.answer()
        assert repr(bench.modem.device.power) == "<Power starting>"


async def test_a_host_held_back_is_let_go_by_a_restart() -> None:
    """It typed far ahead of a command that never ends now."""
    async with bench_with_peer() as bench:
        await enter_blocked(bench)
        await bench.advance(0)
        bench.send("x" * TYPE_AHEAD)
        assert bench.port._hosts.paused
        bench.modem.device.power.restart()
        await bench.advance(5.1)
        assert await bench.command("ATE0") == "ATE0\r\r\nOK\r\n"


@pytest.mark.parametrize("enter", MODES)
async def test_closing_a_modem_in_any_mode_leaves_no_task_and_says_nothing(enter: Scenario) -> None:
    """Nor a timer of the terminal: a half-heard escape sequence waits for nobody."""
    async with bench_with_peer() as bench:
        await enter(bench)
        await bench.advance(2)
        bench.send("+")
        bench.read()
        port = bench.port
        bench.modem.close()
        await bench.advance(3)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert port.host_read() == b""


async def test_a_host_that_goes_before_its_prompt_is_shown_leaves_none_behind() -> None:
    """The next one finds a command line."""
    async with Bench(GSM) as bench:
        await bench.command("AT#SSLEN=1,1")
        bench.send("AT#SSLSECDATA=1,1,1,100\r")
        bench.port.host_close()
        await bench.advance(0)
        bench.port.host_open()
        assert await bench.command("AT") == "\r\nOK\r\n"


async def ask_for_security_data(bench: Bench) -> None:
    """A command that shows a prompt, in a task that has not begun when the host leaves."""
    await bench.command("AT#SSLEN=1,1")
    bench.send("AT#SSLSECDATA=1,1,1,500\r")


async def ask_for_a_text(bench: Bench) -> None:
    """The same with the text of a message."""
    await bench.command("AT+CMGF=1")
    bench.send("AT+CMGS=1234\r")


async def ask_for_security_data_at_length(bench: Bench) -> None:
    """The prompt is there, and an entry has begun."""
    await enter_prompt(bench)


@pytest.mark.parametrize(
    "ask", [ask_for_security_data, ask_for_a_text, ask_for_security_data_at_length, enter_blocked, enter_command]
)
async def test_nothing_that_a_host_asked_for_reaches_the_one_that_follows_it_at_once(ask: Scenario) -> None:
    """No prompt, no result; the first line of the new host is answered, and answered once."""
    async with bench_with_peer() as bench:
        await ask(bench)
        bench.port.host_close()
        bench.port.host_open()
        bench.send("AT\r")
        await bench.advance(60)

        assert "\r\nOK\r\n" == bench.read()


async def test_an_upload_that_ends_when_its_host_has_left_tells_the_next_one_nothing() -> None:
    """&D2 ends data mode, and what the end has to wait for is no answer to anybody."""
    async with Bench(GSM) as bench:
        confirmed = asyncio.Event()

        class Upload(Link):
            def hang_up(self) -> Coroutine[Any, Any, Final]:  # type: ignore[override]  # this one has to wait
                return self._confirmed()

            async def _confirmed(self) -> Final:
                await confirmed.wait()
                return Final.NO_CARRIER

        add_command(bench, lambda _: Upload())
        await bench.command("AT&D2")
        assert "\r\nCONNECT\r\n" == await bench.command("AT#TEST")
        bench.port.host_close()
        bench.port.host_open()
        bench.send("AT\r")
        await bench.advance(1)
        assert "" == bench.read()
        confirmed.set()
        await bench.advance(1)

        assert "\r\nOK\r\n" == bench.read()


async def test_a_host_that_stays_away_finds_its_prompt_where_the_profile_keeps_it() -> None:
    """A module that ignores DTR knows of no host."""
    async with Bench(GSM, settings=["terminal.closing_abandons_entry=false"]) as bench:
        await enter_prompt(bench)
        bench.port.host_close()
        bench.port.host_open()
        bench.send("\x1b")
        assert await bench.answer() == "\r\nOK\r\n"


async def test_a_module_that_was_shut_down_starts_when_the_port_is_opened_again() -> None:
    """A pseudo-terminal has no ON line."""
    async with Bench(GSM) as bench:
        assert await bench.command("AT#SHDN") == "\r\nOK\r\n"
        bench.send("AT\r")
        await bench.advance(60)
        assert bench.read() == ""
        bench.port.host_close()
        bench.port.host_open()
        await bench.advance(5.1)
        assert await bench.command("ATE0") == "ATE0\r\r\nOK\r\n"


async def test_an_exception_in_a_command_is_an_error_for_the_host_and_a_fault_in_the_trace() -> None:
    """Plain and waiting commands alike; the terminal stays usable."""
    async with Bench(GSM) as bench:

        def explode(*_: object) -> None:
            raise RuntimeError("boom")

        bench.modem.device.contexts.activate = explode  # type: ignore[method-assign, assignment]  # a defect, on purpose
        await bench.command('AT+CGDCONT=1,"IP","apn"')
        assert await bench.command("AT#SGACT=1,1") == "\r\nERROR\r\n"
        await bench.command("AT#SSLEN=1,1")
        assert bench.modem.device.ssl is not None
        bench.modem.device.ssl.sockets[1].dial = explode  # type: ignore[method-assign, assignment]
        assert await bench.command('AT#SSLD=1,443,"x",0,1') == "\r\nERROR\r\n"
        assert await bench.command("AT") == "\r\nOK\r\n"

    assert [event.text for event in bench.events if isinstance(event, Defect)] == ["RuntimeError: boom"] * 2


class Link:
    """A data link that fails where it is told to, and takes what it is sent."""

    takes_escape = True
    rate = 0

    def __init__(self, failing: str = "") -> None:
        self.congested = False
        self.sent = b""
        self.told: list[str] = []
        self._failing = failing

    def _do(self, what: str) -> None:
        self.told.append(what)
        if what == self._failing:
            raise RuntimeError("boom")

    def begin(self, terminal: OnlineTerminal) -> None:
        """See `DataLink`."""
        self.terminal = terminal
        self._do("begin")

    def send(self, data: bytes) -> None:
        """See `DataLink`."""
        self.sent += data
        self._do("send")

    def host_writable(self) -> None:
        """See `DataLink`."""
        self._do("host_writable")

    def escape(self) -> Final:
        """See `DataLink`."""
        self._do("escape")
        return Final.OK

    def hang_up(self) -> None:
        """See `DataLink`."""
        self._do("hang_up")


def add_command(bench: Bench, handler: Callable[[object], object]) -> None:
    """Give the module an `AT#TEST`."""
    command = Command("#TEST", source="nowhere")
    command.handlers[Form.EXECUTE] = handler  # type: ignore[assignment]  # any handler, as the test needs it
    instance = bench.modem.instance
    instance.table._bound["#TEST"] = BoundCommand(command, instance.device.profile)


@pytest.mark.parametrize("failing", ["begin", "send", "escape"])
@pytest.mark.parametrize("waits", [False, True])
async def test_an_exception_in_data_mode_leaves_a_terminal_that_answers(failing: str, waits: bool) -> None:
    """The host gets NO CARRIER, or ERROR for its escape, and the trace a fault."""
    async with Bench(GSM) as bench:
        link = Link(failing)

        async def later(_: object) -> Link:
            return link

        add_command(bench, later if waits else lambda _: link)
        bench.send("AT#TEST\r")
        heard = await bench.until("CONNECT\r\n", "NO CARRIER\r\n")
        if failing == "send":
            bench.send("x")
            heard += bench.read()
        if failing == "escape":
            heard += await bench.escape()
        assert heard == f"\r\nCONNECT\r\n\r\n{'ERROR' if failing == 'escape' else 'NO CARRIER'}\r\n"
        assert await bench.command("AT") == "\r\nOK\r\n"

    assert [event.text for event in bench.events if isinstance(event, Defect)] == ["RuntimeError: boom"]


async def test_a_command_under_which_something_was_cancelled_fails() -> None:
    """Only power-off ends a command without a result."""
    async with Bench(GSM) as bench:

        async def cancelled(_: object) -> None:
            raise asyncio.CancelledError

        add_command(bench, cancelled)
        assert await bench.command("AT#TEST") == "\r\nERROR\r\n"
        assert await bench.command("AT") == "\r\nOK\r\n"


async def test_a_congested_link_holds_the_host_back_until_it_takes_more() -> None:
    """And a host that reads again is told to the link."""
    async with Bench(GSM) as bench:
        link = Link()
        add_command(bench, lambda _: link)
        await bench.command("AT#TEST")
        link.congested = True
        bench.send("one")
        bench.send("two")
        assert link.sent == b"one"
        link.congested = False
        link.terminal.writable()
        assert link.sent == b"onetwo"

        link.terminal.deliver(bytes(HIGH_MARK + 1))
        assert link.terminal.congested
        link.told.clear()
        bench.read()
        assert "host_writable" in link.told


async def test_every_byte_passes_in_data_mode() -> None:
    """Transparent both ways."""
    async with Bench(GSM) as bench:
        link = Link()
        add_command(bench, lambda _: link)
        await bench.command("AT#TEST")
        everything = bytes(range(256))
        bench.send(everything)
        link.terminal.deliver(everything)
        assert (everything, everything.decode("latin-1")) == (link.sent, bench.read())


async def test_no_secret_reaches_the_trace() -> None:
    """Passwords, PINs and private keys: typed, misspelt, entered, read back."""
    key = CLIENT.key_pem.decode()

    async with Bench(GSM, echo=True) as bench:
        for line in (
            'AT#SGACT=1,1,"user","geheim"',
            'AT#SGACT=1,1,"user","geheim',
            "ATE0;#SGACT=9,1,user,geheim",
            "AT+CPIN=7391",
            'AT+CPIN="7391","7391"',
            'AT+CPWD="SC","7391","7391"',
            "AT+CPIN7391",
            "ATCPIN=7391",
            "AT#SGAKT=1,1,user,geheim",
            "AT#SGACT=1,1,user,geheim" + "x" * 500,
        ):
            await bench.command(line)
        await bench.command("AT#SSLEN=1,1")
        await bench.command(f"AT#SSLSECDATA=1,1,2,{len(key)}")
        bench.send(f"{key}\x1a")
        assert await bench.answer() == "\r\nOK\r\n"
        assert key in await bench.command("AT#SSLSECDATA=1,2,2")

    told = "".join(event.text for event in bench.events if isinstance(event, HostSent | ModuleSent))
    assert 'AT#SGACT=1,1,"user","***"' in told
    for secret in ("geheim", "7391", key.splitlines()[3]):
        assert secret not in told


async def test_a_host_that_reads_nothing_makes_nothing_grow() -> None:
    """Its commands wait once the port is full; when it reads, all of them have been answered."""
    async with Bench(GSM) as bench:
        for _ in range(2000):
            bench.send("AT&V\r")
        waiting = len(bench.port.host_read(1)) + bench.port.unread
        assert HIGH_MARK < waiting < 2 * HIGH_MARK
        oks = 0
        while text := bench.read():
            oks += text.count("\r\nOK\r\n")
            await bench.advance(0)
        assert oks > 100


async def test_repeating_a_line_is_no_way_round_a_full_port() -> None:
    """`A/` needs no terminator, and waits all the same."""
    async with Bench(GSM) as bench:
        await bench.command("AT&V")
        for _ in range(2000):
            bench.send("A/")
        assert HIGH_MARK < bench.port.unread < 2 * HIGH_MARK


async def test_unsolicited_lines_wait_for_a_host_that_reads() -> None:
    """The latest of them are kept."""
    async with Bench(GSM) as bench:
        while not bench.port.congested:
            bench.send("AT&V\r")
        waiting = bench.port.unread
        bench.send("AT&V\r")
        for number in range(1000):
            bench.modem.instance.notify(f"#NITZ: {number}")
        assert waiting == bench.port.unread
        heard = bench.read() + bench.read()
        assert heard.count("#NITZ: 999\r\n") == 1
        assert heard.count("#NITZ: ") < 100


async def test_the_result_of_a_change_of_s3_uses_the_new_value() -> None:
    """And so does the next line of the host."""
    async with Bench(GSM) as bench:
        bench.send("ATS3=33\r")
        assert bench.read() == "!\nOK!\n"
        bench.send("ATS3?!")
        assert bench.read() == "!\n033!\n!\nOK!\n"


async def test_a_command_that_the_module_refuses_without_a_cause_is_a_plain_error() -> None:
    """Whatever +CMEE says."""
    async with Bench(GSM) as bench:
        await bench.command("AT+CMEE=2")
        assert await bench.command("AT+NOSUCH") == "\r\nERROR\r\n"
        assert await bench.command('AT+CMEE="2') == "\r\nERROR\r\n"


async def test_the_first_failure_ends_a_line_and_what_came_before_has_run() -> None:
    """V.250 5.4.1 and 5.6."""
    async with Bench(GSM) as bench:
        assert await bench.command("AT+CMEE=1;+NOSUCH;+CMEE=2") == "\r\nERROR\r\n"
        assert await bench.command("AT+CMEE?;+CREG?") == "\r\n+CMEE: 1\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n"


async def test_the_last_line_is_repeated() -> None:
    """`A/` at once, `AT#/` with its terminator."""
    async with Bench(GSM) as bench:
        first = await bench.command("AT+CSQ")
        bench.send("A/")
        assert await bench.answer() == first
        assert await bench.command("AT#/") == first


async def test_lines_without_prefix_are_answered_as_the_profile_says() -> None:
    """Silence as V.250 has it, or ERROR."""
    async with Bench(GSM) as bench:
        bench.send("hello\r")
        assert await bench.command("AT") == "\r\nOK\r\n"
    async with Bench(GSM, settings=["terminal.without_prefix=error"]) as bench:
        assert await bench.command("hello") == "\r\nERROR\r\n"

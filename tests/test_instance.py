"""One AT instance with a module behind it: power, a host that comes and goes, faults, secrets, back-pressure."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from emulator.errors import ModuleError
from emulator.ports.port import HIGH_MARK
from emulator.testing import Bench
from emulator.tls.suites import CipherSuite
from emulator.trace.events import Fault, HostSent, ModuleSent
from tests.peers.pki import CLIENT
from tests.peers.tlslite_server import TlsliteServer

Scenario = Callable[[Bench], Awaitable[None]]


def run(scenario: Scenario, firmware: str = "GE865-QUAD", **options: object) -> Bench:
    async def within() -> Bench:
        async with Bench(firmware, **options) as bench:  # type: ignore[arg-type]  # the test knows the options
            await scenario(bench)
        return bench

    return asyncio.run(within())


async def connect(bench: Bench, mode: int) -> None:
    """Open the secure socket to the peer that `with_peer` has started."""
    for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
        assert (await bench.command(line)).endswith("OK\r\n")
    answer = await bench.command(f'AT#SSLD=1,443,"peer",0,{mode}')
    assert answer == ("\r\nCONNECT\r\n" if mode == 0 else "\r\nOK\r\n")


def with_peer(scenario: Scenario) -> Bench:
    """Run with an echoing TLS server at the name `peer`."""
    with TlsliteServer(list(CipherSuite)) as server:
        return run(scenario, routes={"peer": f"127.0.0.1:{server.port}"})


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
def test_a_restart_in_any_mode_leaves_a_module_that_answers(enter: Scenario) -> None:
    """Silent while it boots; nothing of what went on is said afterwards."""

    async def scenario(bench: Bench) -> None:
        await enter(bench)
        bench.read()
        bench.modem.module.power.restart()
        bench.send("AT\r")
        await bench.advance(4.9)
        assert bench.read() == ""
        await bench.advance(0.2)
        assert bench.read() == ""
        assert await bench.command("ATE0") == "ATE0\r\r\nOK\r\n"
        assert await bench.command("AT#SGACT?") in ("\r\nOK\r\n", "\r\n#SGACT: 1,0\r\n\r\nOK\r\n")

    with_peer(scenario)


@pytest.mark.parametrize("enter", [enter_command, enter_prompt])
def test_a_host_that_goes_and_comes_back_finds_a_command_line(enter: Scenario) -> None:
    """The half-typed line and the entry are forgotten; nothing was stored."""

    async def scenario(bench: Bench) -> None:
        await enter(bench)
        bench.port.host_close()
        await bench.advance(0)
        bench.port.host_open()
        assert await bench.command("AT") == "\r\nOK\r\n"
        await bench.command("AT#SSLEN=1,1")
        assert await bench.command("AT#SSLSECDATA?") == "\r\n#SSLSECDATA: 1,0,0,0\r\n\r\nOK\r\n"

    run(scenario)


def test_a_host_that_goes_while_a_read_waits_finds_it_ended_later() -> None:
    """The command goes on; its answer is lost with nobody there, and the next command is heard."""

    async def scenario(bench: Bench) -> None:
        await enter_blocked(bench)
        bench.port.host_close()
        await bench.advance(11)
        bench.port.host_open()
        assert await bench.command("AT#SSLS=1") == "\r\n#SSLS: 1,2,3\r\n\r\nOK\r\n"

    with_peer(scenario)


@pytest.mark.parametrize(
    ("reaction", "status"), [(0, OPEN), (1, OPEN), (2, CLOSED), (3, CLOSED), (4, OPEN), (5, CLOSED)]
)
def test_closing_the_port_in_data_mode_does_what_the_d_setting_says(reaction: int, status: str) -> None:
    """&D0 and &D4 ignore it, &D1 suspends the connection, &D2, &D3 and &D5 close it."""

    async def scenario(bench: Bench) -> None:
        assert await bench.command(f"AT&D{reaction}") == "\r\nOK\r\n"
        await connect(bench, 0)
        bench.port.host_close()
        bench.port.host_open()
        if reaction in (0, 4):
            assert await bench.escape() == "\r\nOK\r\n"
        assert await bench.command("AT#SSLS=1") == f"{status}\r\nOK\r\n"

    with_peer(scenario)


def test_a_module_that_was_shut_down_starts_when_the_port_is_opened_again() -> None:
    """A pseudo-terminal has no ON line."""

    async def scenario(bench: Bench) -> None:
        assert await bench.command("AT#SHDN") == "\r\nOK\r\n"
        bench.send("AT\r")
        await bench.advance(60)
        assert bench.read() == ""
        bench.port.host_close()
        bench.port.host_open()
        await bench.advance(5.1)
        assert await bench.command("ATE0") == "ATE0\r\r\nOK\r\n"

    run(scenario)


def test_an_exception_in_a_command_is_an_error_for_the_host_and_a_fault_in_the_trace() -> None:
    """Plain and waiting commands alike; the terminal stays usable."""

    async def scenario(bench: Bench) -> None:
        def explode(*_: object) -> None:
            raise RuntimeError("boom")

        bench.modem.module.contexts.activate = explode  # type: ignore[method-assign, assignment]  # a defect, on purpose
        await bench.command('AT+CGDCONT=1,"IP","apn"')
        assert await bench.command("AT#SGACT=1,1") == "\r\nERROR\r\n"
        await bench.command("AT#SSLEN=1,1")
        assert bench.modem.module.ssl is not None
        bench.modem.module.ssl.socket.dial = explode  # type: ignore[method-assign, assignment]
        assert await bench.command('AT#SSLD=1,443,"x",0,1') == "\r\nERROR\r\n"
        assert await bench.command("AT") == "\r\nOK\r\n"

    bench = run(scenario)

    assert [event.text for event in bench.events if isinstance(event, Fault)] == ["RuntimeError: boom"] * 2


def test_no_secret_reaches_the_trace() -> None:
    """Passwords, PINs and private keys: typed, misspelt, entered, read back."""
    key = CLIENT.key_pem.decode()

    async def scenario(bench: Bench) -> None:
        for line in (
            'AT#SGACT=1,1,"user","geheim"',
            'AT#SGACT=1,1,"user","geheim',
            "ATE0;#SGACT=9,1,user,geheim",
            "AT+CPIN=7391",
            'AT+CPIN="7391","7391"',
            "AT#SGACT=1,1,user,geheim" + "x" * 500,
        ):
            await bench.command(line)
        await bench.command("AT#SSLEN=1,1")
        await bench.command(f"AT#SSLSECDATA=1,1,2,{len(key)}")
        bench.send(f"{key}\x1a")
        assert await bench.answer() == "\r\nOK\r\n"
        assert key in await bench.command("AT#SSLSECDATA=1,2,2")

    bench = run(scenario, echo=True)

    told = "".join(event.text for event in bench.events if isinstance(event, HostSent | ModuleSent))
    assert "AT#SGACT=1,1,user,***" in told
    for secret in ("geheim", "7391", key.splitlines()[3]):
        assert secret not in told


def test_a_host_that_reads_nothing_makes_nothing_grow() -> None:
    """Its commands wait once the port is full; when it reads, all of them have been answered."""

    async def scenario(bench: Bench) -> None:
        for _ in range(2000):
            bench.send("AT&V\r")
        waiting = len(bench.port.host_read(1)) + len(bench.port._to_host)
        assert HIGH_MARK < waiting < 2 * HIGH_MARK
        oks = 0
        while text := bench.read():
            oks += text.count("\r\nOK\r\n")
            await bench.advance(0)
        assert oks > 100

    run(scenario)


def test_a_command_that_the_module_refuses_without_a_cause_is_a_plain_error() -> None:
    """Whatever +CMEE says."""

    async def scenario(bench: Bench) -> None:
        await bench.command("AT+CMEE=2")
        assert await bench.command("AT+NOSUCH") == "\r\nERROR\r\n"
        assert await bench.command('AT+CMEE="2') == "\r\nERROR\r\n"

    run(scenario)
    assert ModuleError().cause is None


def test_the_first_failure_ends_a_line_and_what_came_before_has_run() -> None:
    """V.250 5.4.1 and 5.6."""

    async def scenario(bench: Bench) -> None:
        assert await bench.command("AT+CMEE=1;+NOSUCH;+CMEE=2") == "\r\nERROR\r\n"
        assert await bench.command("AT+CMEE?;+CREG?") == "\r\n+CMEE: 1\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n"

    run(scenario)


def test_the_last_line_is_repeated() -> None:
    """`A/` at once, `AT#/` with its terminator."""

    async def scenario(bench: Bench) -> None:
        first = await bench.command("AT+CSQ")
        bench.send("A/")
        assert await bench.answer() == first
        assert await bench.command("AT#/") == first

    run(scenario)


def test_lines_without_prefix_are_answered_as_the_profile_says() -> None:
    """Silence as V.250 has it, or ERROR."""

    async def silent(bench: Bench) -> None:
        bench.send("hello\r")
        assert await bench.command("AT") == "\r\nOK\r\n"

    async def answering(bench: Bench) -> None:
        assert await bench.command("hello") == "\r\nERROR\r\n"

    run(silent)
    run(answering, settings=["terminal.without_prefix=error"])

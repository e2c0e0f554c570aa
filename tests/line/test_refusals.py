"""A refusal has its reason in the trace and in the transcript, and only there."""

import pytest

from emulator.bench import Bench
from emulator.clock import ManualClock
from emulator.line.serial.lines import HostLines
from emulator.line.transports.memory import MemoryPort
from emulator.modem import Modem
from emulator.options import ModemOptions
from emulator.trace.events import CommandMissing, ConnectionEnded, ModuleSent, Reader, Refused
from emulator.trace.transcript import Transcript
from tests.commands.socket_bench import dialled
from tests.commands.ssl_bench import NO_CARRIER, OK, PROMPT


def refusals(bench: Bench) -> list[tuple[str, str | None, str]]:
    return [(event.command, event.cause, event.reason) for event in bench.events if isinstance(event, Refused)]


def ends(bench: Bench) -> list[str]:
    return [event.reason for event in bench.events if isinstance(event, ConnectionEnded)]


async def test_the_trace_tells_why_a_command_is_refused() -> None:
    """The cause that the line shows has its reason beside it, before the answer."""
    said: list[str] = []
    async with Bench("HE910", readers=[Transcript(said.append)]) as bench:
        assert await bench.command("AT+CMEE=1") == OK
        assert await bench.command("AT+CMEE=7") == "\r\n+CME ERROR: 4\r\n"
        assert refusals(bench) == [("+CMEE", "operation_not_supported", "value is 7; 0 to 2")]
        assert isinstance(bench.events[-2], Refused)
        assert isinstance(bench.events[-1], ModuleSent)
    assert [line[14:] for line in said[-2:]] == ["refused +CMEE: value is 7; 0 to 2", "module  +CME ERROR: 4"]


async def test_what_stands_behind_a_refused_command_is_not_told() -> None:
    """It has not run; what stands before it has."""
    async with Bench("HE910") as bench:
        await bench.command("AT+CMEE=1;+CMEE=7;+CREG=9")
        assert [command for command, _, _ in refusals(bench)] == ["+CMEE"]


async def test_a_line_that_is_too_long_is_refused_with_its_limit() -> None:
    """None of its commands is."""
    async with Bench("HE910") as bench:
        assert await bench.command(f"AT+CREG?{' ' * 2000};+CREG?") == "\r\nERROR\r\n"
        limit = bench.modem.firmware.profile.terminal.line_limit
        assert refusals(bench) == [
            ("", None, f"it has more than {limit} characters, AT included; nothing of it has run")
        ]


async def test_a_final_result_that_fails_has_its_reason() -> None:
    """NO CARRIER has no cause."""
    async with Bench("HE910") as bench:
        assert await bench.command("ATO") == NO_CARRIER
        [(command, cause, reason)] = refusals(bench)
        assert (command, cause) == ("O", None)
        assert "ATD*99# begins one" in reason


@pytest.mark.parametrize(
    ("setting", "told"), [("ERROR", ["the host has cancelled the entry by ESC"]), ("OK", [])], ids=["ERROR", "OK"]
)
async def test_an_entry_that_is_cancelled_is_refused_where_it_answers_an_error(setting: str, told: list[str]) -> None:
    """Where it answers OK nothing has failed."""
    async with Bench("HE910", settings=[f"terminal.entry_cancelled={setting}"]) as bench:
        await bench.command("AT+CMGF=1")
        assert await bench.command('AT+CMGS="123"') == PROMPT
        bench.send(b"\x1b")
        assert setting in await bench.answer()
        assert [reason for _, _, reason in refusals(bench)] == told


async def test_a_dial_that_dtr_breaks_off_says_so() -> None:
    """And ends with NO CARRIER."""
    async with Bench("HE910") as bench:
        await bench.command("AT#DIALMODE=1;&D2")
        bench.send("ATD123;\r")
        await bench.advance(0)
        bench.port.host_lines(HostLines.RTS)
        assert await bench.answer() == NO_CARRIER
        [(command, _, reason)] = refusals(bench)
        assert command == "D"
        assert reason.startswith("DTR has fallen")


async def test_a_connection_that_ends_has_its_reason() -> None:
    """In data mode, and suspended; the end of a connection is no refusal of a command."""
    async with dialled(online=True) as (bench, peer):
        peer.close()
        assert await bench.answer() == NO_CARRIER
        assert ends(bench) == ["the peer has closed the connection"]
        assert refusals(bench) == []


async def test_leaving_data_mode_without_a_way_back_has_its_reason() -> None:
    """+++ ends a stream of sentences."""
    async with Bench("GE910-GNSS") as bench:
        await bench.command("AT$GPSP=1")
        assert "CONNECT" in await bench.command("AT$GPSNMUN=3,1,0,0,0,0,0")
        assert (await bench.escape()).endswith(NO_CARRIER)
        assert ends(bench) == ["+++ ends the stream of sentences"]


async def test_a_missing_command_is_counted_and_refused() -> None:
    """By two events; a name that was misspelt has what it is like."""
    async with Bench("HE910") as bench:
        await bench.command("AT#SSLSECCFG3=1,3")
        assert [event.command for event in bench.events if isinstance(event, CommandMissing)] == ["#SSLSECCFG3"]
        assert refusals(bench) == [("#SSLSECCFG3", None, "no such command; nearest is #SSLSECCFG")]


async def test_the_line_is_the_same_whether_anybody_reads_the_trace_or_not() -> None:
    """The reasons are nowhere on it."""
    lines = ["+CMEE=2", "+CMEE=7", "#FOO", "^X?", "+CPIN", "O", "D1", "+CREG=1,2,3", "#SSLD=1", "E9", '+CMGS="']

    async def said(*readers: Reader) -> bytes:
        port, clock = MemoryPort("quiet"), ManualClock()
        modem = Modem(ModemOptions("HE910", clock=clock, port=lambda: port, readers=readers))
        port.host_open()
        for line in ("hello", *(f"AT{line}" for line in lines)):
            port.host_write(f"{line}\r".encode())
        port.host_write(b"half a line\n")
        await clock.advance_in_loop(5)
        heard = port.host_read()
        modem.close()
        return heard

    quiet = await said()
    assert quiet.count(b"ERROR") == 8
    assert quiet == await said(lambda now, event: None)

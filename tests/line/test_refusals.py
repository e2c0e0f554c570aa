"""A refusal has its reason in the trace and in the transcript, and only there."""

from emulator.bench import Bench
from emulator.trace.events import Refused
from emulator.trace.transcript import Transcript


async def test_the_trace_tells_why_a_command_is_refused() -> None:
    """The cause that the line shows has its reason beside it."""
    said: list[str] = []
    async with Bench("HE910", readers=[Transcript(said.append)]) as bench:
        assert await bench.command("AT+CMEE=1") == "\r\nOK\r\n"
        assert await bench.command("AT+CMEE=7") == "\r\n+CME ERROR: 4\r\n"
        (event,) = [event for event in bench.events if isinstance(event, Refused)]
    assert (event.command, event.cause) == ("+CMEE", "operation_not_supported")
    assert event.reason
    assert any(line.endswith(f"refused +CMEE: {event.reason}") for line in said)

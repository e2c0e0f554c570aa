"""Dialogues whose refusals are told by the trace: a line of the host, and the reason for which it is refused."""

from collections.abc import Sequence

from emulator.bench import BenchHost
from emulator.testing import Bench
from emulator.trace.events import Refused

Step = tuple[str, str | None]
"""A line, with an entry at its prompt behind LF; and the reason of its refusal, None where it is not refused."""


def reason_of(bench: Bench) -> str:
    """The reason of the last refusal."""
    return [event for event in bench.events if isinstance(event, Refused)][-1].reason


async def say(bench: Bench, line: str, host: BenchHost | None = None) -> str | None:
    """Send a line and its entry; the reason of the refusal, None without one."""
    host = host or bench
    before = len(bench.events)
    line, *entry = line.split("\n", 1)
    answer = await host.command(line)
    if entry and answer.endswith(("> ", ">>>")):
        host.send(entry[0])
        await host.answer()
    told = [event.reason for event in bench.events[before:] if isinstance(event, Refused)]
    assert len(told) <= 1, told
    return told[0] if told else None


async def dialogue(bench: Bench, steps: Sequence[Step], host: BenchHost | None = None) -> list[Step]:
    """Say the lines one after the other; what became of each."""
    return [(line, await say(bench, line, host)) for line, _ in steps]

"""The lines of `--trace`: gathered, written soon, whole and in their order, and all of them at the end."""

import json
from pathlib import Path

from emulator.testing import Bench
from tests.commands.peer import eventually


def _said_by_the_host(trace: Path) -> list[str]:
    lines = trace.read_text().splitlines()
    return [event["text"] for event in map(json.loads, lines) if event["event"] == "host-sent"]


async def test_lines_are_written_while_the_module_runs_and_the_last_ones_at_its_end(tmp_path: Path) -> None:
    """In real time: a clock that stands still holds no trace back."""
    trace = tmp_path / "trace.jsonl"
    async with Bench("HE910", trace=trace) as bench:
        for command in ("AT", "AT+CSQ", "AT+CGMM"):
            await bench.command(command)
        await eventually(lambda: len(_said_by_the_host(trace)) == 4, "the lines are in the file")

        await bench.command("AT+CGMI")
    assert ["ATE0", "AT", "AT+CSQ", "AT+CGMM", "AT+CGMI"] == _said_by_the_host(trace)

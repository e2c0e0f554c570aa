"""Calls of every command that the module refuses: before each failing answer stands one `refused` with its reason."""

import re
from collections.abc import Iterator

import pytest

from emulator.at.bound import BoundCommand
from emulator.at.syntax import EXTENDED, Form
from emulator.bench import Bench
from emulator.commands.catalogue import command_table
from emulator.firmware.loader import load_firmware
from emulator.trace.events import Event, HostSent, ModuleSent, Refused
from tests.commands.lines import LINES
from tests.commands.test_forms import FORMS, lines

_FAILURE = re.compile(r"\r\n(ERROR|NO CARRIER|NO ANSWER|NO DIALTONE|BUSY|\+CM[ES] ERROR: (?P<text>.*))\r\n")
_DIALLED = "D"
"""It takes any text."""


def calls_of(bound: BoundCommand) -> Iterator[str]:
    """Yield a call for each way in which the language refuses one, and those of the documents."""
    name = bound.command.name
    sign = "=" if name[0] in f"{EXTENDED}S" else ""
    count = len(bound.command.parameters)
    for form, written in ((Form.READ, "?"), (Form.TEST, "=?"), (Form.EXECUTE, "")):
        if not bound.has(form):
            yield f"{name}{written}"
    if name != _DIALLED and sign:
        yield f"{name}={','.join('0' * (count + 1))}"
        yield f'{name}="0'
        yield f'{name}="0"0'
        for place in range(count):
            yield f"{name}={',' * place}~"
        yield f"{name}0"
    yield from lines(name)


def answers(events: list[Event]) -> Iterator[tuple[str, str, list[Refused]]]:
    """Yield each line of the host with its failing answer, and the refusals before that."""
    line, refused = "", list[Refused]()
    for event in events:
        match event:
            case HostSent(mode="command", text=line):
                refused = []
            case Refused():
                refused.append(event)
            case ModuleSent(mode="command", text=text) if failure := _FAILURE.fullmatch(text):
                yield line, failure["text"] or "", refused
                refused = []
            case _:
                pass


def is_explained(cause: str, refused: list[Refused]) -> bool:
    """Return whether there is one reason, in one line, which is not the words that the host sees."""
    if len(refused) != 1:
        return False
    reason = refused[0].reason
    return reason not in (cause, refused[0].cause) and reason.splitlines() == [reason]


@pytest.mark.parametrize("model", (*LINES, "ME310G1"))
async def test_each_failing_answer_has_one_reason_of_its_own(model: str) -> None:
    """In one line, and more than the words of the cause that the host sees."""
    firmware = load_firmware(model)
    failures, unexplained = 0, []
    for bound in command_table(firmware):
        if bound.command.name not in FORMS:
            continue
        async with Bench(model) as bench:
            await bench.command("AT+CMEE=2")
            for call in calls_of(bound):
                bench.send(f"AT{call}\r")
                await bench.advance(1)
                bench.send(b"\x1b")
                await bench.advance(0)
        for line, cause, refused in answers(bench.events):
            failures += 1
            if not is_explained(cause, refused):
                unexplained.append((line, cause, refused))
    assert failures > 1000
    assert unexplained == []

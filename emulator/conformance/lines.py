"""Reads what the host does in an item, as lines of a dialogue, and tells what it sends."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from emulator.at.syntax import parse_line as parse_commands
from emulator.conformance.items import Item, Need
from emulator.conformance.safety import why_all
from emulator.dialogue.reading import Body
from emulator.dialogue.steps import Answer, Poll, Send, Step
from emulator.dialogue.words import parse_line
from emulator.firmware.loader import Firmware

_CR = b"\r"


def steps_of(lines: Iterable[str], folder: Path = Path()) -> tuple[Step, ...]:
    """Parse lines of a dialogue.

    Raises:
        ValueError: one of them is none.
    """
    body = Body()
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            body.take(parse_line(line, number, folder))
    return body.finish()


def by_the_host(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return what the host does; what is answered is known to the emulated firmware."""
    kept = [Send(text=step.text, at=step.at) if isinstance(step, Poll) else step for step in steps]
    return tuple(step for step in kept if not isinstance(step, Answer))


def with_safety(item: Item, firmware: Firmware) -> Item:
    """Return the item with the reason why it needs --all, if one of its lines has one."""
    if item.all_because or Need.SERVER in item.needs:  # who names a server wants it dialled
        return item
    return replace(item, all_because=next(filter(None, (why_all(line, firmware) for line in sent_by(item))), ""))


def sent_by(item: Item) -> list[str]:
    """Return the command lines that an item sends, those that set its state and undo it among them."""
    return [*item.before, *filter(None, map(line_of, item.steps)), *item.after]


def line_of(step: Step) -> str:
    """Return the command line that a step sends; empty where it sends none."""
    text = step.text if isinstance(step, Send | Poll) else ()
    if not text or not isinstance(text[-1], bytes) or not text[-1].endswith(_CR):
        return ""
    return b"".join(part if isinstance(part, bytes) else b"?" for part in text).decode("latin-1").strip()


def first_command(line: str) -> str:
    """Return the name of the first command of a line; empty where there is none."""
    calls = parse_commands(line[2:]) if line[:2].upper() == "AT" else []
    return calls[0].name if calls else ""

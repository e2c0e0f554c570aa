"""What real modules answered, and the vendor's guides print, played on the firmware that is nearest."""

import shlex
from collections import Counter

import pytest
from msgspec.structs import asdict

from emulator.dialogue.difference import Difference
from emulator.dialogue.emulated import BenchLine
from emulator.dialogue.player import Player
from emulator.options import ModemOptions
from emulator.testing import Bench
from tests.captures.peers import peers
from tests.captures.reading import Capture, command_of, load_captures, load_unfollowed

CAPTURES = load_captures()
UNFOLLOWED = load_unfollowed()
SILENCE = 5.0
"""Seconds without a word that end a wrong answer."""


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)
async def test_the_module_answers_as_captured(capture: Capture) -> None:
    """But for the exchanges that are listed with their reason; one of those that agrees is a failure, too."""
    unfollowed = [entry for entry in UNFOLLOWED if entry.capture == capture.name]

    differences = await played(capture)

    listed = Counter(command for entry in unfollowed for command in entry.commands)
    assert listed == Counter(command for command, _ in differences), "\n\n".join(str(one) for _, one in differences)
    if unfollowed:
        pytest.xfail("; ".join(entry.reason for entry in unfollowed))


async def played(capture: Capture) -> list[tuple[str, Difference]]:
    """The commands that are answered in another way, each with the difference."""
    head = capture.head
    differences = []
    async with (
        peers(capture.text) as routes,
        Bench(**asdict(ModemOptions(capture.firmware, settings=head.get("set", ()), routes=routes))) as bench,
    ):
        await set_up(bench, capture)
        line = BenchLine(bench, SILENCE)
        for exchange in capture.exchanges:
            try:
                await Player(exchange, line, {}).play()
            except Difference as difference:
                differences.append((command_of(exchange), difference))
    return differences


async def set_up(bench: Bench, capture: Capture) -> None:
    """Do what the head asks for."""
    for command in capture.head.get("before", ()):
        assert "ERROR" not in await bench.command(command), command
    if "echo" in capture.head:
        await bench.command("ATE1")
    for fault in capture.head.get("fault", ()):
        name, *parameters = shlex.split(fault)
        bench.modem.faults.make(name, dict(parameter.split("=", 1) for parameter in parameters))


def test_nearly_all_exchanges_agree() -> None:
    """The list of the others names captures that there are, and stays short."""
    exchanges = sum(len(capture.exchanges) for capture in CAPTURES)
    listed = sum(len(entry.commands) for entry in UNFOLLOWED)

    assert {entry.capture for entry in UNFOLLOWED} <= {capture.name for capture in CAPTURES}
    assert listed <= 0.03 * exchanges, f"{exchanges - listed} of {exchanges}"

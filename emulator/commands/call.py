"""Dialling, answering and hanging up: this module has no voice and no circuit-switched data. V.250 6.3."""

from typing import Annotated

from emulator.at.answers import Final
from emulator.at.command import Command
from emulator.at.parameters import Text, fixed
from emulator.commands.context import Context

dial = Command("D", source="V.250 6.3.1")


@dial.set
def call_number(at: Context, number: Annotated[str, Text()] = "") -> Final:
    """Dial; nobody is ever reached."""
    return Final.NO_CARRIER


answer = Command("A", source="V.250 6.3.5")


@answer.execute
def answer_call(at: Context) -> Final:
    """Answer a call; none ever comes."""
    return Final.NO_CARRIER


hang_up = Command("H", source="V.250 6.3.6")


@hang_up.set
def hang_up_with(at: Context, what: Annotated[int, fixed(0)]) -> None:
    """Hang up; there is no call to end, and a secure socket is closed by #SSLH only."""


@hang_up.execute
def hang_up_now(at: Context) -> None:
    """Hang up."""


go_online = Command("O", source="V.250 6.3.7")


@go_online.set
def return_online_with(at: Context, what: Annotated[int, fixed(0)]) -> Final:
    """Return to the data mode of a call; there is none, a secure socket is resumed by #SSLO."""
    return Final.NO_CARRIER


@go_online.execute
def return_online(at: Context) -> Final:
    """Return to the data mode of a call."""
    return Final.NO_CARRIER


pulse = Command("P", source="V.250 6.3.3")
tone = Command("T", source="V.250 6.3.2")


@pulse.execute
def dial_by_pulses(at: Context) -> None:
    """Dial by pulses from now on; without effect."""


@tone.execute
def dial_by_tones(at: Context) -> None:
    """Dial by tones from now on; without effect."""

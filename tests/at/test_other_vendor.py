"""The language serves the device of any vendor: a profile of its own type, its own commands, settings and dialect."""

from dataclasses import dataclass, field
from typing import Annotated

import pytest

from emulator.at.answers import Failure, Final, Information
from emulator.at.bound import PresenceError
from emulator.at.command import Command
from emulator.at.device_commands import DeviceCommands, Presence
from emulator.at.interpreter import Interpreter
from emulator.at.limits import Numeric
from emulator.at.line import CommandLine, RepeatLine
from emulator.at.parameters import FROM_PROFILE, Number
from emulator.at.settings import Dialect, ProfilePart, Settings
from emulator.at.table import CommandTable
from emulator.at.terminal import Escape, OnlineData, Terminal
from emulator.errors import Cause
from tests.at.tables import table_of

NAMES = ("E", "V", "Q", "S2", "S3", "S4", "S5", "S12", "+CMEE", "*GUARD", "*KEEP")
FACTORY = dict(zip(NAMES, (0, 1, 0, 43, 13, 10, 8, 50, 1, 0, 0), strict=True))


@dataclass(frozen=True)
class Setting:
    default: int
    part: ProfilePart = ProfilePart.BASE

    def allows(self, value: int) -> bool:
        return 0 <= value <= 255


@dataclass(frozen=True)
class Radio:
    levels: Numeric


@dataclass(frozen=True)
class Buoy:
    """The profile of a device that has nothing in common with a cellular module."""

    radio: Radio | None = field(default_factory=lambda: Radio(Numeric(range=(1, 5), default=2)))


@dataclass(frozen=True)
class Limits:
    line_limit: int = 40
    line_feed_echo: bool = False
    prompt_echo: bool = False
    escape_is_sent: bool = True


@dataclass(frozen=True)
class ErrorText:
    code: int
    text: str
    family: str = "CME"


level: Command[Buoy] = Command("*LEVEL", source="the buoy's manual", requires="radio")


@level.set
def set_level(seen: list[int], value: Annotated[int, Number(lambda buoy: buoy.radio.levels)] = FROM_PROFILE) -> None:
    """Set the level."""
    seen.append(value)


@level.read
def show_level(seen: list[int]) -> Information:
    """Show the level."""
    return Information.of(f"*LEVEL: {seen[-1]}")


def terminal(dialect: Dialect, **values: int) -> Terminal:
    settings = Settings({name: Setting(value) for name, value in (FACTORY | values).items()}, dialect)
    return Terminal(settings, Limits(), {Cause.OPERATION_NOT_SUPPORTED: ErrorText(77, "no such thing")})


def conversation(table: CommandTable[Buoy], *lines: str) -> str:
    made, seen = terminal(Dialect()), [0]
    interpreter = Interpreter(
        made,
        table,
        lambda call: seen,
        begins=lambda bound, form: None,
        cancelled=Final.ERROR,
        go_online=lambda link: None,
        resumed=lambda: None,
        fault=lambda error: None,
    )
    for line in lines:
        made.receive(f"AT{line}\r".encode(), 0.0)
        event = made.next_event()
        assert isinstance(event, CommandLine)
        interpreter.run(event.text)
    return made.data_to_send().decode()


def test_a_command_works_with_the_profile_of_its_owner() -> None:
    """Limits, default, `=?` and the error text are the buoy's."""
    table = table_of([level], Buoy())

    said = conversation(table, "*LEVEL=4", "*LEVEL?", "*LEVEL=", "*LEVEL?", "*LEVEL=?", "*LEVEL=9")

    shown = [line for line in said.split("\r\n") if line not in ("", "OK")]
    assert ["*LEVEL: 4", "*LEVEL: 2", "*LEVEL: (1-5)", "+CME ERROR: 77"] == shown


@pytest.mark.parametrize(("buoy", "presence"), [(Buoy(None), {}), (Buoy(), {"*LEVEL": False})])
def test_a_command_that_the_device_lacks_is_a_plain_error(buoy: Buoy, presence: Presence) -> None:
    """For want of what it requires, or because the profile says so."""
    table = table_of([level], buoy, presence)

    assert "\r\nERROR\r\n" == conversation(table, "*LEVEL=4")
    assert table.find("*LEVEL") is None


@pytest.mark.parametrize(
    ("buoy", "presence", "path"),
    [
        (Buoy(None), {"*LEVEL": True}, ("*LEVEL",)),
        (Buoy(), {"*LEVER": False}, ("*LEVER",)),
        (Buoy(), {"*LEVEL": {"valve": False}}, ("*LEVEL", "valve")),
    ],
)
def test_presence_that_cannot_be_is_told_with_its_place(buoy: Buoy, presence: Presence, path: tuple[str, ...]) -> None:
    """So that its owner can say who gave it."""
    with pytest.raises(PresenceError) as caught:
        DeviceCommands([level], buoy, presence)

    assert path == caught.value.path


def test_a_dialect_adds_a_repetition() -> None:
    """Without one, the same text is a command line like any other."""
    for dialect, expected in ((Dialect(repetition="*/"), RepeatLine()), (Dialect(), CommandLine("*/"))):
        made = terminal(dialect)
        made.receive(b"AT*/\r", 0.0)

        assert expected == made.next_event()


def test_a_dialect_names_the_settings_of_the_escape_sequence() -> None:
    """Its own guard time counts seconds and withholds the sequence; without a dialect S12 alone counts."""
    dialect = Dialect(guard_seconds="*GUARD", escape_withheld="*KEEP")
    values = {"*GUARD": 3, "*KEEP": 1}

    assert (4.0 + 3.0, [Escape()]) == escaped(terminal(dialect, **values))
    assert (4.0 + 1.0, [OnlineData(b"+++"), Escape()]) == escaped(terminal(Dialect(), **values))


def escaped(made: Terminal) -> tuple[float | None, list[object]]:
    """The deadline of an escape sequence four seconds after CONNECT, and what it brings."""
    made.receive(b"AT\r", 0.0)
    made.next_event()
    made.go_online(0.0)
    made.receive(b"+++", 4.0)
    found: list[object] = [event for event in [made.next_event()] if event is not None]
    deadline = made.deadline
    made.tick(100.0)
    while (event := made.next_event()) is not None:
        found.append(event)
    return deadline, found


def test_an_error_has_the_text_of_its_owner() -> None:
    """By number or by text."""
    made = terminal(Dialect(), **{"+CMEE": 2})

    made.answer(Failure(Cause.OPERATION_NOT_SUPPORTED))

    assert b"\r\n+CME ERROR: no such thing\r\n" == made.data_to_send()

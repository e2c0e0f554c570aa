"""The reasons of the language: what came, and what there is; never a secret."""

from collections.abc import Sequence
from typing import Annotated, Any

import pytest

from emulator.at.bound import BoundCommand
from emulator.at.command import Command
from emulator.at.limits import Numeric
from emulator.at.parameters import (
    IPv4Address,
    IPv4AddressOrNone,
    Number,
    NumberOrZero,
    Ranges,
    Repeated,
    Signed,
    Text,
    Word,
    between,
    fixed,
)
from emulator.at.syntax import Call, Malformed, parse_line
from emulator.errors import DeviceError
from emulator.firmware.loader import load_firmware
from tests.at.tables import table_of

PROFILE = load_firmware("HE910").profile

KINDS: list[tuple[Any, str, str]] = [
    (between(0, 4), "5", "value is 5; 0 to 4"),
    (between(0, 4), '"3"', 'value is "3"; 0 to 4; a number stands without quotes'),
    (between(0, 4), "x", "value is x; 0 to 4"),
    (between(0, 4), '""', 'value is ""; 0 to 4; a number stands without quotes'),
    (between(0, 4), "x" * 100, f"value is {'x' * 60}…; 0 to 4"),
    (between(0, 4), "\x85", "value is <85>; 0 to 4"),
    (fixed(0, 1), "2", "value is 2; 0 or 1"),
    (fixed(0, 1, 5), "2", "value is 2; 0, 1 or 5"),
    (fixed(0, 4, 5, 6, 7, 12), "2", "value is 2; 0, 4 to 7 or 12"),
    (fixed(0), "2", "value is 2; only 0"),
    (Number(Numeric(range=(50, 1150), zero=True)), "2", "value is 2; 0, or 50 to 1150"),
    (NumberOrZero(Numeric(range=(50, 1150))), "2", "value is 2; 0, or 50 to 1150"),
    (Ranges((0, 18), (31, 31)), "20", "value is 20; 0 to 18 or 31"),
    (Signed(lambda profile: (-10, 10)), "11", "value is 11; -10 to 10"),
    (Word(lambda profile: ("IP", "PPP")), "X25", 'value is X25; "IP" or "PPP"'),
    (Text(3), "abcd", "value is abcd; at most 3 characters; it has 4"),
    (Text(3, pattern=r"\d+", form="digits"), '"a"', 'value is "a"; digits, at most 3 characters'),
    (Text(pattern=r"\d{4,8}", form="4 to 8 digits", secret=True), "12x4", "value is ***; 4 to 8 digits"),
    (Text(3, secret=True), "abcd", "value is ***; at most 3 characters"),
    (IPv4Address(), "1.2.3", "value is 1.2.3; an IPv4 address, as 192.0.2.1"),
    (IPv4AddressOrNone(), "1.2.3", 'value is 1.2.3; an IPv4 address, as 192.0.2.1, or ""'),
    (between(0, 4), "", "value is missing; 0 to 4"),
]


def reason(command: Command, line: str) -> str:
    """Return why a call of the command is refused."""
    call = parse_line(line)[0]
    assert isinstance(call, Call)
    with pytest.raises(DeviceError) as caught:
        BoundCommand(command, PROFILE).invoke(None, call)
    return caught.value.reason


@pytest.mark.parametrize(("kind", "text", "told"), KINDS)
def test_a_value_is_refused_with_those_that_are_allowed(kind: Any, text: str, told: str) -> None:
    """They come from the declaration that `=?` comes from; a secret value is not shown."""
    command = Command("#EX", source="nowhere")

    @command.set
    def assign(at: Any, value: Annotated[Any, kind]) -> None:
        """Set it."""

    assert reason(command, f"#EX={text}") == told


def test_too_many_parameters_and_forms_that_are_not_there_are_named() -> None:
    """With how many it takes, and with the forms that there are."""
    command = Command("#EX", source="nowhere")

    @command.set
    def assign(
        at: Any, first: Annotated[int, fixed(0)], more: Annotated[Sequence[int | None], Repeated(fixed(0), 2)] = ()
    ) -> None:
        """Set it."""

    assert reason(command, "#EX=0,0,0,0") == "4 parameters; it takes at most 3 on this firmware: first, more"
    assert reason(command, "#EX?") == "there is no AT#EX?; there is AT#EX=… or AT#EX=?"
    bare = Command("E", source="nowhere")
    bare.set(lambda at: None)
    assert reason(bare, "E1") == "1 parameter; it takes none on this firmware"
    assert reason(bare, "E?") == "there is no ATE?; there is only ATE<n>"


MALFORMED = {
    '+X="1234': "a quote is not closed",
    '+X="12",a"34"': "something stands before or behind a value in quotes",
    '+X"1234"': "behind the name stands neither =, nor ? alone, nor the end or ;",
    "+X?1234": "behind the name stands neither =, nor ? alone, nor the end or ;",
    "E0=1234": "something stands behind the command that is no part of it",
    "S3=x": "behind = stands no number",
    "1234": "a command begins with a letter, &, \\, % or one of + # $ * @",
}


@pytest.mark.parametrize(("line", "told"), MALFORMED.items())
def test_a_line_that_is_no_command_has_its_reason_without_its_values(line: str, told: str) -> None:
    """They may be secret."""
    malformed = parse_line(line)[-1]

    assert isinstance(malformed, Malformed)
    assert malformed.reason == told


pin = Command("+CPIN", source="nowhere")


@pin.set
def enter_pin(
    at: Any,
    code: Annotated[str, Text(pattern=r"\d{4,8}", form="4 to 8 digits", secret=True)],
    mode: Annotated[int, fixed(0, 1)] = 0,
) -> None:
    """Enter it."""


SHOWN = {
    "#SSLSECCFG2=1,3": "#SSLSECCFG2=***",
    "#FOO": "#FOO",
    "#FOO2": "#FOO***",
    "#FOO2?": "#FOO2?",
    "^CVOICE?": "^CVOICE?",
    "^CVOICE=1234": "^CVOICE=***",
    "+CPIN1234": "+CPIN***",
    "+CPIN1234?": "+CPIN***?",
    "+CPINPASS": "+CPIN***",
    '+CPIN="1234"': '+CPIN="***"',
    "+CPIN=1234,1": "+CPIN=***,1",
    "+CPIN=,1234": "+CPIN=,***",
    "+CPIN=1234,1,5678": "+CPIN=***,1,***",
    '+CPIN="1234': "+CPIN=***",
    "+CPIN?1234": "+CPIN?***",
    "+CPIN:1234": "+CPIN***",
    "1234": "***",
    '"pass"': "***",
}


@pytest.mark.parametrize(("line", "shown"), SHOWN.items())
def test_a_name_is_shown_up_to_the_sign_and_a_value_that_may_be_secret_is_not(line: str, shown: str) -> None:
    """Quotes stay. Digits in a name that no device has may be a PIN whose = is missing."""
    table = table_of([pin, Command("#FTPOPEN", source="nowhere")], PROFILE)

    assert table.redacted(line) == shown


def test_a_secret_in_the_place_of_a_number_is_in_no_reason() -> None:
    """It may be there because a parameter before it is missing."""
    assert reason(pin, "+CPIN=1234,5678") == "mode is ***; 0 or 1"
    assert reason(pin, "+CPIN=1234,7") == "mode is 7; 0 or 1"


def test_a_pattern_is_declared_with_its_words() -> None:
    """Else a refusal could not say what is allowed."""
    with pytest.raises(TypeError, match="`form` in words"):
        Text(pattern="x")

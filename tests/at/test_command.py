"""Commands as they are declared, and what a firmware makes of them."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import pytest

from emulator.at.answers import Final, Information
from emulator.at.bound import BoundCommand
from emulator.at.command import Command
from emulator.at.device_commands import DeviceCommands
from emulator.at.parameters import FROM_PROFILE, Number, Ranges, Repeated, Text, Word, between, fixed
from emulator.at.syntax import Call, Form, parse_line
from emulator.errors import Cause, DeviceError
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.profile import Profile
from tests.at.tables import table_of

HE910 = load_firmware("HE910").profile
GE865 = load_firmware("GE865-QUAD").profile


def formats(profile: Profile) -> Any:
    """A parameter that only some firmwares have."""
    assert profile.secure_socket is not None
    return between(0, 1)._limits if profile.secure_socket.security_data.choosable else None


example = Command("#EX", source="nowhere", aliases=("#EXAMPLE",))


@example.set
def set_example(
    at: list[Any],
    first: Annotated[int, between(1, 5)],
    word: Annotated[str, Word(lambda profile: ("IP", "PPP"))] = "IP",
    text: Annotated[str, Text(5, secret=True)] = "",
    last: Annotated[int, Number(lambda profile: profile.pdp.authentication)] = FROM_PROFILE,
    form: Annotated[int, Number(formats)] | None = None,
) -> None:
    """Set the example."""
    at.append((first, word, text, last, form))


@example.read
def show_example(at: list[Any]) -> Information:
    """Show it."""
    return Information.of("#EX: 1")


def invoke(line: str, profile: Profile = HE910) -> tuple[list[Any], Any]:
    """What the handler was given, and what it gave back."""
    seen: list[Any] = []
    call = parse_line(line)[0]
    assert isinstance(call, Call)
    return seen, BoundCommand(example, profile).invoke(seen, call)


VALUES: dict[str, tuple[Any, ...]] = {
    "#EX=1": (1, "IP", "", 1, None),
    '#EX=5,"ppp","abcde",2,0': (5, "PPP", "abcde", 2, 0),
    "#EX=3,,,,": (3, "IP", "", 1, None),
    '#EX=3,IP,""': (3, "IP", "", 1, None),
    "#EX=003": (3, "IP", "", 1, None),
}

REFUSED = [
    "#EX=", "#EX=,IP", "#EX=0", "#EX=6", "#EX=x", '#EX="1"', "#EX=-1", "#EX=1.0", "#EX=٣", "#EX=99999999999",
    "#EX=1,X", "#EX=1,,abcdef", "#EX=1,,,3", "#EX=1,,,,2", "#EX=1,,,,,", "#EX",
]  # fmt: skip


@pytest.mark.parametrize(("line", "values"), VALUES.items())
def test_a_handler_sees_valid_values_only(line: str, values: tuple[Any, ...]) -> None:
    """Parsed, in range, with the defaults of the signature or of the profile."""
    seen, outcome = invoke(line)

    assert ([values], None) == (seen, outcome)


@pytest.mark.parametrize("line", REFUSED)
def test_everything_else_is_not_supported(line: str) -> None:
    """Out of range, of the wrong kind, missing, too many, or a form that is not there."""
    with pytest.raises(DeviceError) as caught:
        invoke(line)

    assert Cause.OPERATION_NOT_SUPPORTED is caught.value.cause


def test_a_parameter_that_the_firmware_lacks_is_one_too_many() -> None:
    """And it is not described either."""
    with pytest.raises(DeviceError):
        invoke("#EX=1,,,,0", GE865)

    assert invoke("#EX=?", HE910)[1] == Information.of('#EX: (1-5),("IP","PPP"),,(0-2),(0-1)')
    assert invoke("#EX=?", GE865)[1] == Information.of('#EX: (1-5),("IP","PPP"),,(0-2)')


def test_the_answer_to_a_test_carries_the_name_that_was_used() -> None:
    """As #SSLRCV and #SSLRECV do."""
    assert invoke("#EXAMPLE=?")[1].lines[0].startswith("#EXAMPLE: ")


def test_what_the_command_needs_is_asked_after_its_parameters_and_not_for_a_test() -> None:
    """A value out of range is refused as such, whatever the state."""
    asked: list[str] = []
    command = Command("#N", source="nowhere", needs=lambda at: asked.append("asked"))

    @command.set
    def assign(at: Any, value: Annotated[int, fixed(1)]) -> Final:
        """Set it."""
        return Final.OK

    bound = BoundCommand(command, HE910)
    bound.invoke(None, Call("#N", Form.TEST))
    with pytest.raises(DeviceError):
        bound.invoke(None, Call("#N", Form.SET))
    assert asked == []

    call = parse_line("#N=1")[0]
    assert isinstance(call, Call)
    assert bound.invoke(None, call) is Final.OK
    assert asked == ["asked"]


def test_secret_arguments_are_starred_and_the_rest_is_shown() -> None:
    """Wherever they stand in a line, also when the line is not well-formed or names no command of this firmware."""
    table = table_of([example, Command("+CREG", source="nowhere"), Command("E", source="nowhere")], HE910)

    assert table.redacted("E0;#EX=1,IP,pass,2;#EX?;#EX=?") == "E0;#EX=1,IP,***,2;#EX?;#EX=?"
    for line in ('#EX=1,IP,"pass"', '#EX=1,IP,"pass', "#EX=1,IP,pass!;#EX?", "#ex=9,x,pass", '+CREG="pass'):
        assert "pass" not in table.redacted(line)
    for line in ("+PWD=pass", "+PWD:pass", "+PWD1739", "E0PWD=1739", '"1739"', "E0;!1739", '+PWD="pass'):
        assert {"pass", "1739"}.isdisjoint(re.split(r"\W+", table.redacted(line).lower())), line
    assert table.redacted("#SSLFASTD=?;#SSLFASTD?;#SSLFASTD1739?") == "#SSLFASTD=?;#SSLFASTD?;#SSLFASTD***?"
    assert table.redacted('+CREG="?" ;+CREG=1') == '+CREG="?" ;+CREG=1'


def test_a_parameter_without_a_kind_is_a_mistake_of_the_declaration() -> None:
    """Found when the command is bound."""
    command = Command[Any]("#X", source="nowhere")

    @command.set
    def assign(at: Any, value: int) -> None:
        """Nothing."""

    with pytest.raises(TypeError, match="parameter `value` does not declare its kind"):
        BoundCommand(command, None)


def test_a_name_declared_twice_is_a_mistake_of_the_table() -> None:
    """Also by an alias."""
    with pytest.raises(ValueError, match="#EXAMPLE is declared twice"):
        DeviceCommands([example, Command("#EXAMPLE", source="nowhere")], HE910)


def test_a_command_is_bound_once_for_all_its_names() -> None:
    """When somebody first asks for it; of a name that the device lacks nothing is found."""
    command = Command("#LONG", aliases=("#SHORT", "#GONE"), source="nowhere")
    table = table_of([command], HE910, {"#GONE": False})

    found = table.find("#SHORT")

    assert found is not None and found is table.find("#LONG")
    assert [found] == list(table)
    assert ["#LONG", "#SHORT"] == list(table.names())
    assert (None, 2) == (table.find("#GONE"), len(table))


def test_a_command_describes_itself_for_the_manual() -> None:
    """Names, values, and defaults in brackets."""
    bound = BoundCommand(example, HE910)

    assert (
        bound.signature() == '<first> (1-5), [<word> ("IP","PPP") = IP], [<text>], [<last> (0-2) = 1], [<form> (0-1)]'
    )
    assert [form for form in Form if bound.has(form)] == [Form.SET, Form.READ, Form.TEST]
    assert example.summary == "Set the example."


alike = Command("#ALIKE", source="nowhere")


@alike.set
def set_alike(
    at: list[Any],
    mode: Annotated[int, fixed(0, 1)],
    numbers: Annotated[Sequence[int | None], Repeated(Ranges((1, 3), (9, 9)), 3, least=1)] = (),
    last: Annotated[int, fixed(0)] | None = None,
) -> None:
    """Set three of a kind."""
    at.append((mode, numbers, last))


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("#ALIKE=1,9", (1, [9, None, None], None)),
        ("#ALIKE=1,2,,3", (1, [2, None, 3], None)),
        ("#ALIKE=1,1,2,3,0", (1, [1, 2, 3], 0)),
    ],
)
def test_parameters_of_one_kind_are_declared_once(line: str, values: tuple[Any, ...]) -> None:
    """The handler gets them as a list, and knows where one was left out."""
    seen: list[Any] = []

    BoundCommand(alike, HE910).invoke(seen, parse_line(line)[0])  # type: ignore[arg-type]  # it is well-formed

    assert [values] == seen


@pytest.mark.parametrize("line", ["#ALIKE=1", "#ALIKE=1,,2", "#ALIKE=1,4", "#ALIKE=1,1,2,3,0,0"])
def test_each_of_them_has_its_limits(line: str) -> None:
    """And the first one must be given."""
    with pytest.raises(DeviceError):
        BoundCommand(alike, HE910).invoke([], parse_line(line)[0])  # type: ignore[arg-type]  # it is well-formed


def test_each_of_them_is_in_the_answer_to_a_test_and_the_manual_has_one() -> None:
    """With their number."""
    bound = BoundCommand(alike, HE910)

    described = bound.described("#ALIKE")
    assert described is not None
    assert described.lines == ("#ALIKE: (0,1),(1-3,9),(1-3,9),(1-3,9),(0)",)
    assert bound.signature() == "<mode> (0,1), <numbers> (1-3,9), 3 times, [<last> (0)]"
    assert bound.values("numbers", "mode") == "(1-3,9),(0,1)"


def test_what_the_command_needs_may_depend_on_a_parameter() -> None:
    """It gets those that it has itself; none from a form without them, nor where they are wrong."""
    asked: list[int | None] = []

    def needs(at: Any, value: int | None = None) -> None:
        asked.append(value)

    command = Command("#N", source="nowhere", needs=needs)

    @command.set
    def assign(at: Any, value: Annotated[int, fixed(1, 2)], other: Annotated[int, fixed(0)] = 0) -> Final:
        """Set it."""
        return Final.OK

    @command.read
    def show(at: Any) -> Final:
        """Show it."""
        return Final.OK

    bound = BoundCommand(command, HE910)
    for line in ("#N=2", "#N?"):
        call = parse_line(line)[0]
        assert isinstance(call, Call)
        bound.invoke(None, call)
        bound.check_state(None, call)
    wrong = parse_line("#N=2,7")[0]
    assert isinstance(wrong, Call)
    bound.check_state(None, wrong)

    assert [2, 2, None, None, None] == asked

"""Voice calls: dialling and what it answers, the list of calls, calls on hold. 27.007 6 to 8, V.250 6.3."""

from typing import Annotated

from emulator.at.answers import FailedResult, Final, Information
from emulator.at.command import Command, Outcome, Waiting
from emulator.at.parameters import Number, Text
from emulator.commands.calls.dialling import Dialled
from emulator.commands.calls.supplementary import INTERNATIONAL, NATIONAL
from emulator.commands.calls.urc import FINALS, why_ended
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.calls import conference
from emulator.device.calls.call import Call, CallState, Release
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric

AT_RINGING, AT_ANSWER, STEP_BY_STEP = 0, 1, 2
"""Values of #DIALMODE: when a dialled call has its result."""
_HIDES_NUMBER = 1
"""+CLIR that withholds the module's number."""
_BUSY_IS_SILENT = 0
"""ATX that reports no busy tone."""
_UNKNOWN_TYPE = 128


def type_of(number: str) -> int:
    """Return <type> of a number; of one that is not shown, unknown."""
    if not number:
        return _UNKNOWN_TYPE
    return INTERNATIONAL if number.startswith("+") else NATIONAL


def dial_voice(at: Context, dialled: Dialled) -> Outcome | Waiting:
    """Dial a voice call."""
    hides = at.settings["+CLIR"] == _HIDES_NUMBER if dialled.shows_number is None else not dialled.shows_number
    call = at.device.calls.dial(dialled.number, at.instance, withheld=hides)
    mode = at.device.stored["#DIALMODE"]
    if call.state is not CallState.ENDED and (mode == STEP_BY_STEP or call.state not in _goals(at, mode)):
        return _follow(at, call, mode)
    return _result(at, call, mode)


def _goals(at: Context, mode: int) -> tuple[CallState, ...]:
    """Return the states in which a dialled call has its result; +COLP waits for who has answered."""
    early = mode == AT_RINGING and at.settings["+COLP"] == 0
    return (CallState.ALERTING, CallState.ACTIVE) if early else (CallState.ACTIVE,)


async def _follow(at: Context, call: Call, mode: int) -> Outcome:
    """Wait for the result; a character that the host types meanwhile ends the call."""
    calls = at.device.calls
    try:
        with at.instance.dialling():
            at.instance.typing_calls(lambda: calls.end(call, Release.NORMAL, at.instance))
            if mode == STEP_BY_STEP:
                await _show_steps(at, call)
            await call.reached(*_goals(at, mode))
    finally:
        at.instance.typing_calls(None)
        if call.state in (CallState.DIALLING, CallState.ALERTING) and call.state not in _goals(at, mode):
            calls.end(call, Release.NORMAL, at.instance)  # DTR has fallen
    return _result(at, call, mode)


async def _show_steps(at: Context, call: Call) -> None:
    at.instance.show(Information.of("DIALING"))
    await call.reached(CallState.ALERTING, CallState.ACTIVE)
    if call.state is not CallState.ENDED:
        at.instance.show(Information.of("RINGING"))


def _result(at: Context, call: Call, mode: int) -> Outcome:
    call.result_is_due = False
    if call.state is CallState.ENDED:
        return _failed(at, call)
    if mode == STEP_BY_STEP:
        return Final.CONNECTED
    if at.settings["+COLP"]:
        return Information.of(f'+COLP: "{call.number}",{type_of(call.number)}')
    return None


def _failed(at: Context, call: Call) -> FailedResult:
    final, reason = FINALS.get(call.release, Final.NO_CARRIER), why_ended(call)
    if final is Final.BUSY and at.settings["X"] == _BUSY_IS_SILENT:
        return FailedResult.no_carrier(f"{reason}; ATX0 says NO CARRIER for BUSY")
    return FailedResult(final, reason)


def hang_up_all(at: Context) -> Information | None:
    """End every call, and say so where #DIALMODE reports each step."""
    if at.device.calls.hang_up(at.instance) and at.device.stored["#DIALMODE"] == STEP_BY_STEP:
        return Information.of("RELEASED")
    return None


hang_up_calls = Command("+CHUP", source="27.007 6.5", test=no_values)


@hang_up_calls.execute
def hang_up_every_call(at: Context) -> Information | None:
    """End every call, also one that rings."""
    return hang_up_all(at)


_STATES = {
    CallState.ACTIVE: 0,
    CallState.HELD: 1,
    CallState.DIALLING: 2,
    CallState.ALERTING: 3,
    CallState.INCOMING: 4,
    CallState.WAITING: 5,
}
"""<stat> of +CLCC."""
_VOICE = 0
_STYLE_WITH_NAMES = 2
"""#SELINT that shows names in +CLCC."""

call_list = Command("+CLCC", source="27.007 7.18", test=no_values)


@call_list.execute
def list_calls(at: Context) -> Information | None:
    """List the calls: identifier, direction, state, mode, conference, number, type, and under #SELINT=2 the name."""
    lines = tuple(f"+CLCC: {_listed(at, call)}" for call in at.device.calls)
    return Information(lines) if lines else None


def _listed(at: Context, call: Call) -> str:
    head = f"{call.id},{int(call.incoming)},{_STATES[call.state]},{_VOICE},{int(call.multiparty)}"
    shown = f'{head},"{call.number}",{type_of(call.number)}'
    if at.device.nvm.interface_style != _STYLE_WITH_NAMES:
        return shown
    return f'{shown},"{at.characters.written(at.device.phonebook.name_of(call.number))}"'


_READY, _RINGING, _IN_CALL = 0, 3, 4

phone_activity = Command("+CPAS", source="27.007 8.1")


@phone_activity.execute
def show_activity(at: Context) -> Information:
    """Show whether the module is ready (0), rings (3) or has a call (4)."""
    calls = list(at.device.calls)
    coming = at.device.calls.coming
    busy = any(call is not coming for call in calls)
    return Information.of(f"+CPAS: {_IN_CALL if busy else _RINGING if calls else _READY}")


@phone_activity.test
def test_activity(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CPAS: (0-4)")


held_calls = Command("+CHLD", source="27.007 7.13")


@held_calls.set
def handle_held_calls(
    at: Context,
    action: Annotated[
        str, Text(2, pattern=r"[0-3]|[12][1-7]", form="0 to 3, or 1 or 2 with the number of a call behind it")
    ],
) -> None:
    """Turn away or end calls (0), take the other one and end (1) or hold (2) the active ones, or join all (3).

    Args:
        action: 0 turns away or ends, 1 ends and takes, 2 holds and takes, 3 joins; 1x and 2x act on call x.

    Example:
        AT#ECAM=1
        ATD123;
        < #ECAM: 1,3
        AT+CHLD=2
        AT+CLCC
    """
    calls, owner = at.device.calls, at.instance
    match action[0], action[1:]:
        case "0", _:
            conference.release_held(calls, owner)
        case "1", "":
            conference.release_active(calls, owner)
        case "1", number:
            conference.release_one(calls, int(number), owner)
        case "2", "":
            conference.swap(calls, owner)
        case "2", number:
            conference.keep_one(calls, int(number))
        case _:
            conference.join(calls)


@held_calls.test
def list_actions(at: Context) -> Information:
    """Show the actions; x stands for the identifier of a call."""
    return Information.of("+CHLD: (0,1,1x,2,2x,3)")


release_cause = Command("+CEER", source="27.007 6.10", test=no_values)


@release_cause.execute
def show_release_cause(at: Context) -> Information:
    """Show why the last call ended, or why the network refused a PDP context after it, in words."""
    return Information.of(f"+CEER: {at.device.calls.failure}")


numeric_cause = Command("#CEER", source="AT Commands Reference Guide", test=no_values)


@numeric_cause.execute
def show_numeric_cause(at: Context) -> Information:
    """Show the number of the cause that ended the last call; 0 while there was none."""
    return Information.of(f"#CEER: {at.device.calls.release.number}")


_LONGEST_TONES = 255
tones = Command("+VTS", source="27.007 C.2.11, Software User Guide 3.5")


@tones.set
def send_tones(
    at: Context,
    keys: Annotated[str, Text(_LONGEST_TONES, pattern=r"[0-9#*A-DPa-dp]+", form="digits, #, *, A to D and P")],
    duration: Annotated[int, Number(Numeric(range=(10, 255), zero=True))] = 0,
) -> None:
    """Send tones in a call, each for so many hundredths of a second, or 0 as +VTD says.

    Args:
        keys: The tones: 0-9, *, #, A-D.
        duration: Hundredths of a second; 0 as +VTD says.

    Example:
        AT#ECAM=1
        ATD123;
        < #ECAM: 1,3
        AT+VTS=1
    """
    active = at.device.calls.in_state(CallState.ACTIVE)
    if not active:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "no call is active")
    for call in active:
        call.tones += keys.upper()


@tones.test
def list_tones(at: Context) -> Information:
    """Show the keys and durations, without the name of the command."""
    return Information.of("(0-9,#,*,A-D,P),(0-255)")

"""Dialling, answering and hanging up: data calls by PPP and voice calls. V.250 6.3, 27.007 6."""

from typing import Annotated

from emulator.at.answers import FailedResult, Information
from emulator.at.command import Command, Outcome, Waiting
from emulator.at.parameters import fixed
from emulator.commands.calls.dialling import SERIAL_NUMBER, short_code, take_apart
from emulator.commands.calls.service_codes import dialled_code
from emulator.commands.calls.urc import send_code
from emulator.commands.calls.voice import dial_voice, hang_up_all
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting
from emulator.commands.network.operator import in_service
from emulator.commands.packet.data_call import DataCallLink, dialled_call, end_call, resumed_call
from emulator.commands.sim.codes import DialledText
from emulator.device.calls.call import CallState
from emulator.errors import Cause, DeviceError

HANGS_UP_NOTHING = 1
"""+CVHU under which neither ATH nor DTR ends a voice call."""

dial = Command("D", source="V.250 6.3.1")


@dial.set
def call_number(at: Context, number: Annotated[str, DialledText()] = "") -> Outcome | Waiting:
    """Begin a data call (*99#), or a voice call, which `;` or +FCLASS=8 makes one, or send a code of a service.

    Args:
        number: The number, or `*99#` for a data call, or a service code; a voice call ends with `;`.

    Example:
        AT#SGACT=1,0
        ATD*99***1#
    """
    if (call := dialled_call(at, number)) is not None:
        return call
    code = dialled_code(number) or short_code(at, number)
    if code == SERIAL_NUMBER:
        return Information.of(at.profile.identity.imei)
    if code is not None:
        in_service(at)
        send_code(at, code)
        return None
    if not number:
        return FailedResult.no_carrier("there is no number to dial")
    dialled = take_apart(at, number)
    if not dialled.voice:
        return FailedResult.no_carrier(
            "there are no circuit-switched data calls here: ; behind the number makes a voice call, *99# one by PPP"
        )
    return dial_voice(at, dialled)


answer = Command("A", source="V.250 6.3.5")


@answer.execute
def answer_call(at: Context) -> FailedResult | None:
    """Answer the call that rings or waits."""
    if not at.profile.calls.voice:
        raise DeviceError(None, "this model has no voice calls")
    calls = at.device.calls
    if calls.coming is None:
        return FailedResult.no_carrier("no call rings or waits")
    if calls.in_state(CallState.ACTIVE) and calls.in_state(CallState.HELD):
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "one call is active and one on hold; a third cannot be answered")
    calls.answer(calls.coming, at.instance)
    return None


hang_up = Command("H", source="V.250 6.3.6")


@hang_up.execute
@hang_up.set
def hang_up_with(at: Context, what: Annotated[int, fixed(0)] = 0) -> Information | None:
    """Hang up: end a data call that +++ has suspended, and voice calls unless +CVHU=1 keeps them.

    Args:
        what: 0 is all.
    """
    end_call(at)
    return None if at.settings["+CVHU"] == HANGS_UP_NOTHING else hang_up_all(at)


go_online = Command("O", source="V.250 6.3.7")


@go_online.execute
@go_online.set
def return_online_with(at: Context, what: Annotated[int, fixed(0)] = 0) -> DataCallLink | FailedResult:
    """Return to the data mode of a data call; a secure socket is resumed by #SSLO.

    Args:
        what: 0 is all that there is.
    """
    return resumed_call(at) or FailedResult.no_carrier(
        "no data call of this port is suspended: ATD*99# begins one, +++ suspends it; AT#SSLO and AT#SO resume sockets"
    )


pulse = Command("P", source="V.250 6.3.3")
tone = Command("T", source="V.250 6.3.2")


@pulse.execute
def dial_by_pulses(at: Context) -> None:
    """Dial by pulses from now on; without effect."""


@tone.execute
def dial_by_tones(at: Context) -> None:
    """Dial by tones from now on; without effect."""


bearer_service = SettingsCommand(
    "+CBST",
    "Set speed, service and transparency of data calls; they are kept, and there are no such calls.",
    source="27.007 6.7",
    speed=setting("+CBST.speed", "The number of the speed (27.007 6.7)."),
    name=setting("+CBST.name", "The bearer service; 0 is asynchronous."),
    element=setting("+CBST.element", "0 transparent, 1 not transparent."),
)
service_reports = single_setting(
    setting("+CR"), "Set whether calls report their service; there are none.", source="27.007 6.9"
)
extended_ring = single_setting(
    setting("+CRC"),
    "Set whether a call that comes is told by +CRING, which names its kind, in the place of RING.",
    source="27.007 6.11",
)
call_class = single_setting(
    setting("+FCLASS"), "Set the class of calls: data (0), fax (1), voice (8).", source="27.007 C.2.1"
)

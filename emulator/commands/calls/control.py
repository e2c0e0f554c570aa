"""Dialling, answering and hanging up: data calls by PPP; no voice and no circuit-switched data. V.250 6.3, 27.007 6."""

from typing import Annotated

from emulator.at.answers import Final, Information
from emulator.at.command import Command
from emulator.at.parameters import Text, fixed
from emulator.commands.calls.service_codes import dialled_code
from emulator.commands.calls.urc import send_code
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, setting, single_setting
from emulator.commands.network.operator import in_service
from emulator.commands.packet.data_call import DataCallLink, dialled_call, end_call, resumed_call
from emulator.errors import DeviceError

dial = Command("D", source="V.250 6.3.1")


@dial.set
def call_number(at: Context, number: Annotated[str, Text()] = "") -> DataCallLink | Final | None:
    """Begin a data call, where *99# is dialled; a code of the network is sent as +CUSD does; nobody is ever reached."""
    if (call := dialled_call(at, number)) is not None:
        return call
    code = dialled_code(number)
    if code is None:
        return Final.NO_CARRIER
    in_service(at)
    send_code(at, code)
    return None


answer = Command("A", source="V.250 6.3.5")


@answer.execute
def answer_call(at: Context) -> Final:
    """Answer a call; none ever comes."""
    if not at.profile.calls.voice:
        raise DeviceError
    return Final.NO_CARRIER


hang_up = Command("H", source="V.250 6.3.6")


@hang_up.execute
@hang_up.set
def hang_up_with(at: Context, what: Annotated[int, fixed(0)] = 0) -> None:
    """Hang up: end a data call that +++ has suspended; a secure socket is closed by #SSLH only."""
    end_call(at)


go_online = Command("O", source="V.250 6.3.7")


@go_online.execute
@go_online.set
def return_online_with(at: Context, what: Annotated[int, fixed(0)] = 0) -> DataCallLink | Final:
    """Return to the data mode of a data call; a secure socket is resumed by #SSLO."""
    return resumed_call(at) or Final.NO_CARRIER


pulse = Command("P", source="V.250 6.3.3")
tone = Command("T", source="V.250 6.3.2")


@pulse.execute
def dial_by_pulses(at: Context) -> None:
    """Dial by pulses from now on; without effect."""


@tone.execute
def dial_by_tones(at: Context) -> None:
    """Dial by tones from now on; without effect."""


hang_up_calls = Command("+CHUP", source="27.007 6.5", test=no_values)


@hang_up_calls.execute
def hang_up_every_call(at: Context) -> None:
    """End every call; there is none."""


call_list = Command("+CLCC", source="27.007 7.18", test=no_values)


@call_list.execute
def list_calls(at: Context) -> None:
    """List the calls; there are none."""


phone_activity = Command("+CPAS", source="27.007 8.1")


@phone_activity.execute
def show_activity(at: Context) -> Information:
    """Show that the module is ready, and no call is in progress."""
    return Information.of("+CPAS: 0")


@phone_activity.test
def test_activity(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CPAS: (0-4)")


release_cause = Command("+CEER", source="27.007 6.10", test=no_values)


@release_cause.execute
def show_release_cause(at: Context) -> Information:
    """Show why the last call ended; there was none."""
    return Information.of("+CEER: Normal, unspecified")


bearer_service = SettingsCommand(
    "+CBST",
    "Set speed, service and transparency of data calls; they are kept, and there are no such calls.",
    source="27.007 6.7",
    speed=setting("+CBST.speed"),
    name=setting("+CBST.name"),
    element=setting("+CBST.element"),
)
service_reports = single_setting(
    setting("+CR"), "Set whether calls report their service; there are none.", source="27.007 6.9"
)
extended_ring = single_setting(
    setting("+CRC"), "Set whether RING tells the kind of call; there are none.", source="27.007 6.11"
)
call_class = single_setting(
    setting("+FCLASS"), "Set the class of calls: data (0), fax (1), voice (8).", source="27.007 C.2.1"
)

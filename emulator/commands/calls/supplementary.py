"""Supplementary services: lines shown, calls waiting and forwarded, USSD. 27.007 7.6 to 7.17."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, DialString, Number, Text, between, fixed
from emulator.commands.calls.service_codes import DEFAULT_SCHEME, LONGEST_WRITTEN, read_code
from emulator.commands.calls.urc import send_code
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, values_of
from emulator.commands.network.operator import in_service
from emulator.commands.sim.codes import DialledText
from emulator.device.network.subscription import Forwarding, classes_in
from emulator.errors import Cause, DeviceError

INTERNATIONAL, NATIONAL = 145, 129
"""<type> of a number, with + before it or without (24.008 10.5.4.7)."""


def _presentation(name: str, summary: str, source: str, provision: str) -> Command:
    """Declare a command that sets whether a number is shown, and reads whether the network provides it."""

    def provided(at: Context) -> int:
        in_service(at)
        return int(getattr(at.profile.network.services, provision))

    return SettingsCommand(name, summary, source=source, and_shows=provided, mode=setting(name))


calling_line = _presentation(
    "+CLIP", "Set whether the number of who calls is shown behind RING.", "27.007 7.6", "calling_line"
)
line_restriction = _presentation(
    "+CLIR", "Set whether the module hides its number from whom it calls.", "27.007 7.7", "restriction"
)
connected_line = _presentation(
    "+COLP", "Set whether the number of who has answered is shown.", "27.007 7.8", "connected_line"
)

call_waiting = Command("+CCWA", source="27.007 7.12", test=values_of("report"))


@call_waiting.set
def set_call_waiting(
    at: Context,
    report: Annotated[int, Number(lambda profile: profile.settings["+CCWA.report"])] = FROM_PROFILE,
    command: Annotated[int, between(0, 2)] | None = None,
    classes: Annotated[int, between(1, 255)] = 7,
) -> Information | None:
    """Set whether waiting calls are reported; `command` disables (0), enables (1) or queries (2) the service.

    Args:
        report: 1 reports a waiting call, as +CCWA.
        command: 0 disables the service, 1 enables it, 2 shows it.
        classes: A sum of classes: 1 voice, 2 data, 4 fax.

    Example:
        AT+CCWA=1,2
    """
    if command is not None:
        in_service(at)
    at.settings["+CCWA.report"] = report
    if command is None:
        return None
    waiting = at.device.subscription.waiting
    if command < 2:
        waiting.update(dict.fromkeys(classes_in(classes), command == 1))
        return None
    return Information(tuple(f"+CCWA: {int(waiting.get(one, False))},{one}" for one in classes_in(classes)))


@call_waiting.read
def show_call_waiting(at: Context) -> Information:
    """Show whether waiting calls are reported."""
    return Information.of(f"+CCWA: {at.settings['+CCWA.report']}")


call_forwarding = Command("+CCFC", source="27.007 7.11", test=values_of("reason"))

_DISABLE, _ENABLE, _QUERY, _REGISTER, _ERASE = range(5)
_ALL_REASONS = {4: (0, 1, 2, 3), 5: (1, 2, 3)}
"""Reasons that stand for several: all calls, and all that are forwarded on a condition."""


@call_forwarding.set
def forward_calls(
    at: Context,
    reason: Annotated[int, between(0, 5)],
    command: Annotated[int, between(_DISABLE, _ERASE)],
    number: Annotated[
        str, DialString(21, pattern=r"\+?[0-9*#]*", form="digits, * and #, with or without + before them")
    ]
    | None = None,
    number_type: Annotated[int, fixed(NATIONAL, INTERNATIONAL)] | None = None,
    classes: Annotated[int, between(1, 255)] = 7,
    subaddress: Annotated[str, Text()] | None = None,
    subaddress_type: Annotated[int, between(0, 255)] | None = None,
    seconds: Annotated[int, between(1, 30)] | None = None,
) -> Information | None:
    """Disable (0), enable (1), show (2), register (3) or erase (4) the forwarding of calls.

    Args:
        reason: 0 always, 1 busy, 2 no answer, 3 not reachable, 4 all of these, 5 all with a condition.
        command: 0 disables, 1 enables, 2 shows, 3 registers, 4 erases.
        number: Where calls go.
        number_type: 129 national, 145 international.
        classes: A sum of classes: 1 voice, 2 data, 4 fax.
        subaddress: Kept without effect.
        subaddress_type: Kept without effect.
        seconds: How long it rings before a call goes on, with no answer as the reason.

    Example:
        AT+CCFC=0,2
    """
    in_service(at)
    forwarded = at.device.subscription.forwarded
    keys = [(one, each) for one in _ALL_REASONS.get(reason, (reason,)) for each in classes_in(classes)]
    if command == _QUERY:
        return Information(tuple(_forwarding_shown(forwarded.get(key), key[1]) for key in keys))
    if command == _REGISTER:
        if not number:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the number is missing; <mode> {_REGISTER} needs it")
        kind = number_type or (INTERNATIONAL if number.startswith("+") else NATIONAL)
        forwarded.update(dict.fromkeys(keys, Forwarding(number, kind, True, seconds)))
        return None
    for key in keys:
        kept = forwarded.pop(key, None)
        if kept is not None and command != _ERASE:
            forwarded[key] = Forwarding(kept.number, kept.type, command == _ENABLE, kept.seconds)
    return None


def _forwarding_shown(kept: Forwarding | None, one: int) -> str:
    if kept is None:
        return f"+CCFC: 0,{one}"
    shown = f'+CCFC: {int(kept.active)},{one},"{kept.number}",{kept.type}'
    return shown if kept.seconds is None else f"{shown},,,{kept.seconds}"


_CANCEL = 2
"""<n> of +CUSD; it is not kept."""

unstructured_data = Command("+CUSD", source="27.007 7.15", test=values_of("report"))


@unstructured_data.set
def send_unstructured(
    at: Context,
    report: Annotated[int, Number(lambda profile: profile.settings["+CUSD"])] = FROM_PROFILE,
    code: Annotated[str, DialledText(LONGEST_WRITTEN)] | None = None,
    coding_scheme: Annotated[int, between(0, 255)] | None = None,
) -> None:
    """Set whether the network's answers are reported, and send it a code, or a reply that it waits for; 2 cancels.

    Args:
        report: 0 off, 1 on, 2 cancels the session.
        code: The code, in the character set of +CSCS.
        coding_scheme: The data coding scheme (23.038); 15 unless given.

    Example:
        AT+CUSD=1
    """
    if report == _CANCEL:
        at.device.ussd.cancel()
        return
    if code is not None:
        code = read_code(at, code, DEFAULT_SCHEME if coding_scheme is None else coding_scheme)
        in_service(at)
    at.settings["+CUSD"] = report
    if code is not None:
        send_code(at, code)


@unstructured_data.read
def show_unstructured(at: Context) -> Information:
    """Show whether answers are reported."""
    return Information.of(f"+CUSD: {at.settings['+CUSD']}")


service_notifications = SettingsCommand(
    "+CSSN",
    "Set whether services are reported that act on the host's calls and on others'; there are no calls.",
    source="27.007 7.17",
    own=setting("+CSSN.own", "1 reports services that act on the host's calls, as +CSSI."),
    others=setting("+CSSN.others", "1 reports services that act on calls of others, as +CSSU."),
)

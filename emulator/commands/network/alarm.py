"""Alarms: +CALA, +CALD, #WAKE. 27.007 8.16 and 8.38, Software User Guide 3.8.5."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, between, fixed
from emulator.commands.context import Context
from emulator.commands.remedies import Lines
from emulator.device.alarm import Alarm, Kind
from emulator.errors import Cause, DeviceError

_DATE = r"\d\d/\d\d/\d\d,\d\d:\d\d:\d\d[+-]\d\d"
_TIME_OF_DAY = r"\d\d:\d\d:\d\d[+-]\d\d"
_DAYS = r"0|[1-7](,[1-7]){0,6}"
_LONGEST_TEXT = 40
_IN_ALARM_MODE = ("#WAKE", "#SHDN")

alarm = Command("+CALA", source="27.007 8.16, Software User Guide 3.8.5")


@alarm.set
def set_alarm(
    at: Context,
    time: Annotated[
        str,
        Text(
            pattern=f"({_DATE}|{_TIME_OF_DAY})?",
            form="yy/MM/dd,hh:mm:ss+zz, or hh:mm:ss+zz for one that recurs, or nothing",
        ),
    ],
    number: Annotated[int, fixed(0)] = 0,
    kind: Annotated[int, between(0, 7)] = Kind.POWER_UP,
    text: Annotated[str, Text(_LONGEST_TEXT)] = "",
    recurrence: Annotated[
        str, Text(13, pattern=f"({_DAYS})?", form="0 for each day, or days from 1 to 7 with commas between, or nothing")
    ] = "",
    silent: Annotated[int | None, fixed(0, 1)] = None,
) -> None:
    """Set the alarm, which is kept: its local time, what it does, the text of its URC; an empty time deletes it.

    Args:
        time: Time of day, or date and time, as +CCLK writes them; empty deletes the alarm.
        number: The alarm; there is one.
        kind: 1 switches the module on; 2, 4 and 6 send the URC, too; tones and pins of the others are not emulated.
        text: The text of the URC.
        recurrence: Days of the week with commas between, 1 is Monday; 0 is every day.
        silent: 1 plays no sound.

    Example:
        AT+CALA="07:00:00+04",0,2,"text","1,2"
    """
    if not time:
        at.device.alarm_clock.set(None)
        return
    if kind == 0 or ("/" in time) is bool(recurrence):
        if kind == 0:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "type is 0; 1 to 7")
        reason = "a time with a date rings once, without <recurr>; one without a date needs <recurr>"
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reason)
    at.device.alarm_clock.set(Alarm(time, kind, text, recurrence, silent))


@alarm.read
def show_alarm(at: Context) -> Information | None:
    """Show the alarm, if there is one."""
    kept = at.device.alarm_clock.alarm
    if kept is None:
        return None
    silent = "" if kept.silent is None else f",{kept.silent}"
    recurrence = f',"{kept.recurrence}"' if kept.recurrence or silent else ""
    return Information.of(f'+CALA: "{kept.time}",0,{kept.type},"{kept.text}"{recurrence}{silent}')


@alarm.test
def show_alarm_values(at: Context) -> Information:
    """Show the values, and the longest text and days."""
    return Information.of(f"+CALA: {at.values('number', 'kind')},{_LONGEST_TEXT},13,{at.values('silent')}")


alarm_deletion = Command("+CALD", source="27.007 8.38, Software User Guide 3.8.5")


@alarm_deletion.set
def delete_alarm(at: Context, number: Annotated[int, fixed(0)]) -> None:
    """Delete the alarm.

    Args:
        number: The alarm; there is one.
    """
    at.device.alarm_clock.set(None)


wake = Command("#WAKE", source="Software User Guide 3.8.5")


@wake.set
def wake_up(at: Context, mode: Annotated[int, fixed(0)]) -> None:
    """End the alarm; a module that it has started works as usual from then on.

    Args:
        mode: 0 ends the alarm.
    """
    at.device.alarm_clock.wake()


@wake.read
def show_alarm_mode(at: Context) -> Information:
    """Show whether the module is in alarm mode (1)."""
    return Information.of(f"#WAKE: {int(at.device.alarm_clock.alarm_mode)}")


def refuse_in_alarm_mode(name: str) -> None:
    """Refuse a command that a module in alarm mode runs only when it is woken.

    Raises:
        DeviceError: it is one.
    """
    if name not in _IN_ALARM_MODE:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "the module is in alarm mode", Lines(("AT#WAKE=0",)))

"""Date and time, set by the host or by the network.

Sources: 27.007 8.15, Software User Guide 3.3 and 3.8.5, guide 3.3.1.
"""

from datetime import datetime
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, nvm_field, setting, single_setting
from emulator.device.calendar import Calendar
from emulator.errors import Cause, DeviceError

_FORMAT = "%y/%m/%d,%H:%M:%S"
_WITH_ZONE = r"\d\d/\d\d/\d\d,\d\d:\d\d:\d\d[+-]\d\d"
_UTC = 1
"""<mode> of #CCLKMODE."""
_LARGEST_ZONE = 96
"""Quarters of an hour."""
_WITH_THE_ZONE, _WITH_DAYLIGHT_SAVING = 4, 8
"""Bits of <val> of #NITZ that lengthen its report."""

clock = Command("+CCLK", source="27.007 8.15", test=no_values)


@clock.set
def set_clock(
    at: Context,
    text: Annotated[
        str, Text(pattern=_WITH_ZONE, form="yy/MM/dd,hh:mm:ss+zz, where zz is the zone in quarters of an hour")
    ],
) -> None:
    """Set the local date and time, with the zone in quarters of an hour: `yy/MM/dd,hh:mm:ss±zz`.

    Example:
        AT+CCLK="14/07/03,10:00:00+08"
    """
    zone = int(text[-3:])
    if abs(zone) > _LARGEST_ZONE:
        reason = f"the zone {zone:+03d} is not within -{_LARGEST_ZONE} to +{_LARGEST_ZONE} quarters of an hour"
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reason)
    try:
        local = datetime.strptime(text[:-3], _FORMAT)
    except ValueError as error:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"there is no such time: {text}") from error
    at.device.calendar.set_local(local, zone)


@clock.read
def show_clock(at: Context) -> Information:
    """Show the local date and time; some firmwares show the zone."""
    moment, zone = _shown_time(at)
    return Information.of(f'+CCLK: "{moment:{_FORMAT}}{f"{zone:+03d}" if at.profile.calendar.zone_printed else ""}"')


def _shown_time(at: Context) -> tuple[datetime, int]:
    """Return date and time as #CCLKMODE wants them shown, with the zone in quarters of an hour."""
    calendar = at.device.calendar
    if at.profile.calendar.clock_modes is not None and at.device.nvm.clock_mode == _UTC:
        return calendar.utc(), 0
    return calendar.local(), calendar.zone


full_clock = Command("#CCLK", source="Software User Guide 3.8.5", test=no_values)


@full_clock.read
def show_full_clock(at: Context) -> Information:
    """Show the local date and time, the zone and the daylight saving that is in it."""
    moment, zone = _shown_time(at)
    return Information.of(f'#CCLK: "{moment:{_FORMAT}}{zone:+03d},0"')


clock_mode = SettingsCommand(
    "#CCLKMODE",
    "Set whether +CCLK? and #CCLK? show the local time (0) or UTC (1); it is kept.",
    source="AT Commands Reference Guide of later lines",
    requires="calendar.clock_modes",
    mode=nvm_field("clock_mode", lambda profile: profile.calendar.clock_modes).unchanged,
)


def network_time_report(calendar: Calendar, use: int) -> str:
    """Format the network's time as the URC #NITZ does."""
    report = f"{calendar.local():{_FORMAT}}"
    if use & (_WITH_THE_ZONE | _WITH_DAYLIGHT_SAVING):
        report += f"{calendar.zone:+03d}"
    return f"{report},0" if use & _WITH_DAYLIGHT_SAVING else report


network_time = SettingsCommand(
    "#NITZ",
    "Set what the network's time does; with bit 0 it sets the clock, now and at each registration.",
    source="Software User Guide 3.3, guide 3.3.1",
    use=nvm_field(
        "network_time",
        lambda profile: profile.calendar.network_time,
        "A sum: 1 sets the clock; 4 adds the zone to the report, 8 the zone and daylight saving.",
    ),
    mode=setting("#NITZ.mode", "1 reports the time by the URC #NITZ."),
)


@network_time.changed
def take_network_time(at: Context) -> None:
    """Set the clock from the network, where that is wanted now."""
    at.device.radio.take_network_time()


standard_network_time = single_setting(
    setting("+CTZU").unchanged,
    "Set whether the network's time sets the clock, now and at each registration.",
    source="27.007 8.40",
)

time_zone_reports = single_setting(
    setting("+CTZR").unchanged,
    "Set whether `+CTZV: <tz>` reports the network's time zone at each registration, in quarters of an hour.",
    source="27.007 8.41",
)


@standard_network_time.changed
def update_clock(at: Context) -> None:
    """Set the clock from the network, where +CTZU wants it."""
    if at.settings["+CTZU"] and at.device.network.registered:
        at.device.calendar.set_from_network()


clock_state = Command("#RTCSTAT", source="AT Commands Reference Guide")


@clock_state.set
def take_note(at: Context, state: Annotated[int, fixed(0)] = 0) -> None:
    """Take note that the clock has lost its time.

    Args:
        state: 0 takes note.
    """
    at.device.calendar.was_lost = False


@clock_state.read
def show_clock_state(at: Context) -> Information:
    """Show whether the clock has lost its time, and the host has not taken note of that (1)."""
    return Information.of(f"#RTCSTAT: {int(at.device.calendar.was_lost)}")

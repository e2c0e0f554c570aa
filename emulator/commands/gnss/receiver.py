"""The receiver: its power, its starts, antenna and settings: $GPSP, $GPSR, $GPSD, $GPSAT and their like."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.commands.context import Context
from emulator.commands.kinds import Kept, Limits, Place, SettingsCommand, no_values
from emulator.device.gnss.receiver import Start

_GUIDE = "AT Commands Reference Guide"
_RECEIVER = "gnss.software"
"""The key of the profile that says whether there is a receiver."""

gnss_power = Command("$GPSP", source=_GUIDE, requires=_RECEIVER)


@gnss_power.set
def switch_receiver(at: Context, power: Annotated[int, Number(lambda profile: profile.gnss.power)]) -> None:
    """Switch the receiver on (1) or off (0).

    Args:
        power: 0 off, 1 on.
    """
    at.device.gnss.switch(power)


@gnss_power.read
def show_power(at: Context) -> Information:
    """Show whether it is on."""
    return Information.of(f"$GPSP: {int(at.device.gnss.is_on)}")


gnss_reset = Command("$GPSR", source=_GUIDE, requires=_RECEIVER)


@gnss_reset.set
def restart_receiver(at: Context, start: Annotated[int, Number(lambda profile: profile.gnss.resets)]) -> None:
    """Reset the receiver (0), or let it start cold (1), warm (2) or hot (3).

    Args:
        start: 0 resets, 1 starts cold, 2 warm, 3 hot.

    Example:
        AT$GPSP=1
        AT$GPSR=1
    """
    at.device.gnss.restart(Start(start))


_SETTINGS = Place(
    lambda at, key: int(getattr(at.device.gnss.settings.current, key)),
    lambda at, values: at.device.gnss.settings.change(values),
    acted_on={"control"}.__contains__,
)


def _kept(key: str, limits: Limits, meaning: str = "") -> Kept:
    return Kept(_SETTINGS, key, limits, meaning=meaning)


gnss_control = SettingsCommand(
    "$GPSD",
    "Set who controls the receiver: the module (2), or nobody.",
    source=_GUIDE,
    requires=_RECEIVER,
    control=_kept("control", lambda profile: profile.gnss.control).required,
)
gnss_antenna = SettingsCommand(
    "$GPSAT",
    "Set the kind of antenna, or whether it is fed.",
    source=_GUIDE,
    requires=_RECEIVER,
    antenna=_kept("antenna", lambda profile: profile.gnss.antenna).required,
)
gnss_saving = SettingsCommand(
    "$GPSPS",
    "Set how the receiver saves power: not (0), trickle power (1), or push to fix (2) in a period of seconds.",
    source=_GUIDE,
    requires=_RECEIVER,
    mode=_kept("saving", lambda profile: profile.gnss.saving, "0 not, 1 trickle power, 2 push to fix.").required,
    period=_kept(
        "saving_period", lambda profile: profile.gnss.saving_period, "Seconds between two fixes by push to fix."
    ),
)
gnss_wake = Command("$GPSWK", source=_GUIDE, requires=_RECEIVER, test=no_values, has_effect=False)


@gnss_wake.execute
def wake_receiver(at: Context) -> None:
    """Wake the receiver while it saves power; here it never sleeps."""
    at.device.gnss.check_power()


gnss_save = Command("$GPSSAV", source=_GUIDE, requires=_RECEIVER, test=no_values)


@gnss_save.execute
def save_receiver_settings(at: Context) -> None:
    """Save power, control, antenna and power saving in NVM; without it they last until power-off."""
    at.device.gnss.settings.save()


gnss_restore = Command("$GPSRST", source=_GUIDE, requires=_RECEIVER, test=no_values)


@gnss_restore.execute
def restore_receiver_settings(at: Context) -> None:
    """Restore the factory's settings of the receiver, in NVM, too."""
    at.device.gnss.restore()


gnss_software = Command("$GPSSW", source=_GUIDE, requires=_RECEIVER, test=no_values)


@gnss_software.execute
@gnss_software.read
def show_receiver_software(at: Context) -> Information:
    """Show the software of the receiver."""
    return Information.of(f"$GPSSW: {at.profile.gnss.software}")


gnss_antenna_voltage = Command("$GPSAV", source=_GUIDE, requires=_RECEIVER, test=no_values)


@gnss_antenna_voltage.execute
@gnss_antenna_voltage.read
def show_antenna_voltage(at: Context) -> Information:
    """Show the voltage of the antenna's supply, in millivolts."""
    return Information.of(f"$GPSAV: {at.profile.gnss.antenna_voltage}")


gnss_antenna_current = Command("$GPSAI", source=_GUIDE, requires=_RECEIVER, test=no_values)


@gnss_antenna_current.read
def show_antenna_current(at: Context) -> Information:
    """Show the current that the antenna takes, in milliamperes."""
    return Information.of(f"$GPSAI: {at.profile.gnss.antenna_current}")

"""Power, functionality and speed: #SHDN, #REBOOT, #ENHRST, +CFUN, #CPUMODE. Software User Guide 2.9, guide 4.1."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, attribute, no_values, single_setting, stored
from emulator.device.power import RestartMode
from emulator.errors import Cause, DeviceError

shut_down = Command("#SHDN", source="Software User Guide 2.9", test=no_values)


@shut_down.execute
def shut_down_now(at: Context) -> None:
    """Answer OK, detach from the network and power off."""
    at.instance.after_answer(at.device.power.shut_down)


reboot = Command("#REBOOT", source="AT Commands Reference Guide", test=no_values)


@reboot.execute
def reboot_now(at: Context) -> None:
    """Answer OK and restart."""
    at.instance.after_answer(at.device.power.restart)


enhanced_reset = Command("#ENHRST", source="AT Commands Reference Guide")


@enhanced_reset.set
def set_enhanced_reset(
    at: Context, mode: Annotated[int, between(0, 2)], delay: Annotated[int, between(0, 65535)] = 0
) -> None:
    """Restart after `delay` minutes: 0 not, 1 once, 2 again and again; once with delay 0 restarts now.

    Args:
        mode: 0 never, 1 once, 2 again and again.
        delay: Minutes; once with 0 restarts now.

    Example:
        AT#ENHRST=1,60
    """
    wanted = RestartMode(mode)
    if wanted is RestartMode.PERIODIC and not delay:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED,
            f"delay is missing or 0; mode {RestartMode.PERIODIC.value} needs 1 to 65535 minutes",
        )
    if wanted is RestartMode.ONCE and not delay:
        at.instance.after_answer(at.device.power.restart)
    else:
        at.device.restarts.order(wanted, delay)


@enhanced_reset.read
def show_enhanced_reset(at: Context) -> Information:
    """Show the mode, and unless that is 0 the delay and the minutes that are left."""
    restarts = at.device.restarts
    if restarts.mode is RestartMode.NEVER:
        return Information.of("#ENHRST: 0")
    return Information.of(f"#ENHRST: {restarts.mode.value},{restarts.delay},{restarts.minutes_left}")


phone_functionality = Command("+CFUN", source="27.007 8.2")


@phone_functionality.set
def set_functionality(
    at: Context,
    level: Annotated[int, Number(lambda profile: profile.power.functionality)] = FROM_PROFILE,
    restart: Annotated[int, fixed(0, 1)] = 0,
) -> None:
    """Set the level: 1 full, 4 radio off and the like; with <rst> 1 the module restarts.

    Args:
        level: 1 full, 0 minimum, 4 radio off; the others save power.
        restart: 1 restarts the module.

    Example:
        AT+CFUN=4
    """
    device = at.device
    if restart:
        at.instance.after_answer(device.power.restart)
        return
    device.radio.set_functionality(level)


@phone_functionality.read
def show_functionality(at: Context) -> Information:
    """Show the level."""
    return Information.of(f"+CFUN: {at.device.radio.functionality}")


cpu_mode = SettingsCommand(
    "#CPUMODE",
    "Set the processor's speed, until power-off.",
    source="guide 4.1",
    requires="power.cpu_modes",
    mode=attribute(lambda at: at.device, "cpu_mode", lambda profile: profile.power.cpu_modes).required,
)


external_clock = single_setting(
    stored("#OSC32KHZ").unchanged,
    "Set whether there is an external clock of 32 kHz; it is kept.",
    source="AT Commands Reference Guide",
)

"""Power saving of LTE for machines, which the network never grants, and the class of the module.

+CPSMS, +CEDRXS, +CEMODE. 27.007 7.38, 7.40 and 10.1.28.
"""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, between
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting

_FOR_MACHINES = "network.iot_technologies"

Timer = Annotated[str, Text(8, pattern=r"([01]{8})?", form="8 bits, as 01000001")]
Cycle = Annotated[str, Text(4, pattern=r"([01]{4})?", form="4 bits, as 0101")]

_FORGET = 2
"""<mode> that puts back the timers of the factory."""

power_saving_mode = Command("+CPSMS", source="27.007 7.38", requires=_FOR_MACHINES, has_effect=False)


@power_saving_mode.set
def set_power_saving(
    at: Context,
    mode: Annotated[int, between(0, 2)] = 0,
    routing_update: Timer = "",
    ready: Timer = "",
    tracking_update: Timer = "",
    active: Timer = "",
) -> None:
    """Set whether the module asks for the power saving mode, until power-off; the network grants none.

    Args:
        mode: 0 does not ask, 1 asks, 2 does not ask and forgets the timers.
        routing_update: The time between two updates of the routing area in GSM.
        ready: The ready timer of GSM.
        tracking_update: The time between two updates of the tracking area (T3412).
        active: The time for which the module can be reached (T3324).

    Example:
        AT+CPSMS=1,,,"01000001","00000111"
    """
    saving = at.device.power_saving
    given = (routing_update, ready, tracking_update, active)
    saving.mode = mode % 2
    kept = saving.timers if mode < _FORGET else ("",) * len(given)
    saving.timers = tuple(new or old for new, old in zip(given, kept, strict=True))


@power_saving_mode.read
def show_power_saving(at: Context) -> Information:
    """Show the mode and the timers."""
    saving = at.device.power_saving
    timers = ",".join(f'"{timer}"' if timer else "" for timer in saving.timers)
    return Information.of(f"+CPSMS: {saving.mode},{timers}")


extended_reception = Command("+CEDRXS", source="27.007 7.40", requires=_FOR_MACHINES, has_effect=False)


@extended_reception.set
def set_extended_reception(
    at: Context,
    mode: Annotated[int, between(0, 3)] = 0,
    technology: Annotated[int, between(1, 5)] | None = None,
    cycle: Cycle = "",
) -> None:
    """Set whether the module asks for extended discontinuous reception, until power-off; the network grants none.

    Args:
        mode: 0 does not ask, 1 asks, 2 asks and wants reports, 3 does not ask and forgets the cycles.
        technology: 4 LTE and LTE-M, 5 NB-IoT; lower ones are of GSM and UMTS.
        cycle: The cycle asked for.

    Example:
        AT+CEDRXS=1,5,"0001"
    """
    cycles = at.device.power_saving.cycles
    if mode in (0, 3):
        cycles.clear()
    elif technology is not None:
        cycles[technology] = cycle


@extended_reception.read
def show_extended_reception(at: Context) -> Information | None:
    """Show the cycle that is asked for, a line for each technology."""
    cycles = sorted(at.device.power_saving.cycles.items())
    lines = tuple(f'+CEDRXS: {technology},"{cycle}"' for technology, cycle in cycles)
    return Information(lines) if lines else None


module_class = SettingsCommand(
    "+CEMODE",
    "Set which services the module puts first in LTE, and keep it.",
    source="27.007 10.1.28",
    requires="network.eutran_cell",
    mode=setting("+CEMODE", "0 packets alone, 1 calls first, 2 packets first, 3 calls alone."),
)

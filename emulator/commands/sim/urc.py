"""URCs of the SIM: #QSS, +PACSP. Software User Guide 2.10.4 and 2.11."""

from typing import TYPE_CHECKING

from emulator.commands.context import AtInstance
from emulator.device.device import Device
from emulator.device.sim.card import SimState
from emulator.later import later

if TYPE_CHECKING:
    from emulator.commands.sim import extras
else:
    extras = later("emulator.commands.sim.extras")

_EVERY_CHANGE = 2
"""<mode> of #QSS: the unlocked and the ready SIM are reported, too; mode 1 reports insertion and removal only."""


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report changes of the SIM's state."""
    settings = instance.settings

    def ready() -> None:
        if settings["#QSS"] == _EVERY_CHANGE:
            instance.notify("#QSS: 2")

    def records_read() -> None:
        if settings["#QSS"] == _EVERY_CHANGE:
            instance.notify("#QSS: 3")

    def changed() -> None:
        if settings["#QSS"]:
            instance.notify(f"#QSS: {0 if device.card_state is SimState.ABSENT else 1}")

    def lock_changed() -> None:
        changed()
        if device.card_state is SimState.READY:
            ready()
            records_read()

    def menu_told() -> None:
        instance.notify(extras.operator_menu_line(device))

    if device.enhanced:
        device.sim.on_ready.append(menu_told)
        if device.sim.ready:
            menu_told()
    device.sim.on_change.append(changed)
    device.card_lock.on_change.append(lock_changed)
    device.sim.on_ready.append(ready)
    device.sim.on_records.append(records_read)

"""The data that contexts have carried: #GDATAVOL. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import between
from emulator.commands.context import Context
from emulator.device.memory.volume import Volume

_RESET, _SESSION, _TOTAL = range(3)

data_volume = Command("#GDATAVOL", source="AT Commands Reference Guide")


@data_volume.set
def show_volume(at: Context, mode: Annotated[int, between(_RESET, _TOTAL)] = _SESSION) -> Information | None:
    """Show what each context with an APN has carried, its last session (1) or since the reset (2); or reset (0).

    Args:
        mode: 0 resets, 1 the last session, 2 since the reset.

    Example:
        AT#GDATAVOL=2
    """
    counted = at.device.volume
    if mode == _RESET:
        counted.reset()
        return None
    volume = counted.of_session if mode == _SESSION else counted.total
    named = [cid for cid, definition in at.device.contexts.definitions.items() if definition.apn]
    return Information(tuple(f"{at.name}: {cid},{_shown(at, volume(cid))}" for cid in named)) if named else None


def _shown(at: Context, volume: Volume) -> str:
    """Write the sum and its parts, in the order that the profile has."""
    parts = [volume.sent, volume.received]
    shown = [*parts, sum(parts)] if at.profile.pdp.volume_total_last else [sum(parts), *parts]
    return ",".join(map(str, shown))

"""Profiles of sound: #PSEL, #PSET, #PSAV, #PRST; there is no sound. AT Commands Reference Guide."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Repeated, between
from emulator.commands.context import Context
from emulator.commands.kinds import no_values

_GUIDE = "AT Commands Reference Guide"
_SELECTED = "#PSEL"

profile_selection = Command(_SELECTED, source=_GUIDE, has_effect=False)


@profile_selection.set
def select_profile(
    at: Context, number: Annotated[int | None, Number(lambda profile: profile.stored[_SELECTED])] = None
) -> None:
    """Set the profile of sound in use: the standard one (0), or one that was saved; it is kept."""
    if number is not None:
        at.device.stored.keep({_SELECTED: number})
        at.device.audio.select(number)


@profile_selection.read
def show_selection(at: Context) -> Information:
    """Show the profile in use."""
    return Information.of(f"{_SELECTED}: {at.device.stored[_SELECTED]}")


profile_values = Command("#PSET", source=_GUIDE, has_effect=False)


@profile_values.set
def set_values(at: Context, values: Annotated[Sequence[int | None], Repeated(between(0, 65535), 17)] = ()) -> None:
    """Set the gains of the profile in use, until power-off or #PSAV; those left out stay.

    Example:
        AT#PSET=1,2,3
    """
    at.device.audio.set(values)


@profile_values.read
def show_values(at: Context) -> Information:
    """Show them."""
    return Information.of(f"#PSET: {','.join(map(str, at.device.audio.values))}")


profile_save = Command("#PSAV", source=_GUIDE, has_effect=False)


@profile_save.set
def save_values(at: Context, number: Annotated[int, between(1, 3)]) -> None:
    """Keep the gains in use as a profile.

    Args:
        number: The profile of sound that is written.
    """
    at.device.audio.save(number)


profile_reset = Command("#PRST", source=_GUIDE, has_effect=False, test=no_values)


@profile_reset.execute
def reset_profiles(at: Context) -> None:
    """Give every profile the factory's gains, and use the standard one."""
    at.device.audio.reset()

"""User profiles: &F restores, &W stores, Z loads, &Y and &P choose what power-on loads, &V shows. V.250 6.1."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import fixed
from emulator.at.settings import ProfilePart
from emulator.commands.basic import kept_settings
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.memory.settings import UserProfile

ProfileNumber = Annotated[int, fixed(0, 1), "The user profile."]


factory_settings = Command("&F", source="V.250 6.1.2")


@factory_settings.execute
@factory_settings.set
def restore_factory(at: Context, parts: Annotated[int, fixed(0, 1)] = 0) -> None:
    """Restore the factory's settings: 0 the base part, 1 both parts.

    Args:
        parts: 0 the base part, 1 both parts.
    """
    if parts:
        at.settings.restore_factory(ProfilePart.BASE, ProfilePart.EXTENDED)
    else:
        at.settings.restore_factory(ProfilePart.BASE)


profile_store = Command("&W", source="Telit AT Commands Reference Guide")


@profile_store.execute
@profile_store.set
def store_profile(at: Context, number: ProfileNumber = 0) -> None:
    """Store the settings as a user profile."""
    with at.device.store.change() as nvm:
        nvm.profiles[number] = UserProfile(at.settings.snapshot())


profile_load = Command("Z", source="V.250 6.1.1")


@profile_load.execute
@profile_load.set
def load_profile(at: Context, number: ProfileNumber = 0) -> None:
    """Load a user profile, both parts."""
    kept_settings.load_profile(at.device.nvm, at.settings, number, ProfilePart.BASE, ProfilePart.EXTENDED)


extended_load = Command("#Z", source="Telit AT Commands Reference Guide", test=no_values)


@extended_load.set
def load_both_parts(at: Context, number: ProfileNumber = 0) -> None:
    """Load a user profile, both parts, as ATZ does."""
    load_profile(at, number)


base_at_start = Command("&Y", source="Telit AT Commands Reference Guide")


@base_at_start.execute
@base_at_start.set
def choose_base_at_start(at: Context, number: ProfileNumber = 0) -> None:
    """Set the profile whose base part power-on loads."""
    with at.device.store.change() as nvm:
        nvm.base_profile, nvm.full_profile = number, None


full_at_start = Command("&P", source="Telit AT Commands Reference Guide")


@full_at_start.execute
@full_at_start.set
def choose_full_at_start(at: Context, number: ProfileNumber = 0) -> None:
    """Set the profile that power-on loads, both parts."""
    with at.device.store.change() as nvm:
        nvm.full_profile = number


profile_view = Command("&V", source="V.250 6.1")


@profile_view.execute
@profile_view.set
def view_profile(at: Context, number: Annotated[int, fixed(0, 1, 2, 3)] = 0) -> Information:
    """Show the settings, a name and a value a line.

    Args:
        number: It has no effect: all settings are shown.
    """
    return Information(tuple(f"{name:<12}: {value}" for name, value in at.settings.items()))

"""User profiles: &F restores, &W stores, Z loads, &Y and &P choose what power-on loads, &V shows. V.250 6.1."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import fixed
from emulator.at.settings import ProfilePart, Settings
from emulator.commands.context import Context
from emulator.device.memory.content import Nvm
from emulator.device.memory.settings import UserProfile

ProfileNumber = Annotated[int, fixed(0, 1)]


def restore_at_start(nvm: Nvm, settings: Settings) -> None:
    """Load the settings at power-on: the base part of the profile set by &Y, or both parts of the one set by &P."""
    settings.restore_factory()
    if nvm.full_profile is not None:
        _load(nvm, settings, nvm.full_profile, ProfilePart.BASE, ProfilePart.EXTENDED)
    else:
        _load(nvm, settings, nvm.base_profile, ProfilePart.BASE)


def _load(nvm: Nvm, settings: Settings, number: int, *parts: ProfilePart) -> None:
    stored = nvm.profiles.get(number)
    settings.restore_factory(*parts)
    if stored is not None:
        settings.restore(stored.settings, *parts)


factory_settings = Command("&F", source="V.250 6.1.2")


@factory_settings.set
def restore_factory(at: Context, parts: Annotated[int, fixed(0, 1)]) -> None:
    """Restore the factory's settings: 0 the base part, 1 both parts."""
    if parts:
        at.settings.restore_factory(ProfilePart.BASE, ProfilePart.EXTENDED)
    else:
        at.settings.restore_factory(ProfilePart.BASE)


@factory_settings.execute
def restore_factory_base(at: Context) -> None:
    """Restore the factory's settings of the base part."""
    restore_factory(at, 0)


profile_store = Command("&W", source="Telit AT Commands Reference Guide")


@profile_store.set
def store_profile(at: Context, number: ProfileNumber) -> None:
    """Store the settings as a user profile."""
    with at.device.store.change() as nvm:
        nvm.profiles[number] = UserProfile(at.settings.snapshot())


@profile_store.execute
def store_first_profile(at: Context) -> None:
    """Store the settings as user profile 0."""
    store_profile(at, 0)


profile_load = Command("Z", source="V.250 6.1.1")


@profile_load.set
def load_profile(at: Context, number: ProfileNumber) -> None:
    """Load a user profile, both parts."""
    _load(at.device.nvm, at.settings, number, ProfilePart.BASE, ProfilePart.EXTENDED)


@profile_load.execute
def load_first_profile(at: Context) -> None:
    """Load user profile 0."""
    load_profile(at, 0)


base_at_start = Command("&Y", source="Telit AT Commands Reference Guide")


@base_at_start.set
def choose_base_at_start(at: Context, number: ProfileNumber) -> None:
    """Set the profile whose base part power-on loads."""
    with at.device.store.change() as nvm:
        nvm.base_profile, nvm.full_profile = number, None


@base_at_start.execute
def choose_first_base_at_start(at: Context) -> None:
    """Set profile 0 for the base part at power-on."""
    choose_base_at_start(at, 0)


full_at_start = Command("&P", source="Telit AT Commands Reference Guide")


@full_at_start.set
def choose_full_at_start(at: Context, number: ProfileNumber) -> None:
    """Set the profile that power-on loads, both parts."""
    with at.device.store.change() as nvm:
        nvm.full_profile = number


@full_at_start.execute
def choose_first_full_at_start(at: Context) -> None:
    """Set profile 0 for both parts at power-on."""
    choose_full_at_start(at, 0)


profile_view = Command("&V", source="V.250 6.1")


@profile_view.set
def view_profile(at: Context, number: Annotated[int, fixed(0, 1, 2, 3)]) -> Information:
    """Show the settings."""
    return _listed(at.settings)


@profile_view.execute
def view_settings(at: Context) -> Information:
    """Show the settings, a name and a value a line."""
    return _listed(at.settings)


def _listed(settings: Settings) -> Information:
    return Information(tuple(f"{name:<12}: {value}" for name, value in settings.items()))

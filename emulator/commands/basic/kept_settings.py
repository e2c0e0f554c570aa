"""Loading of the settings that user profiles keep. V.250 6.1."""

from emulator.at.settings import ProfilePart, Settings
from emulator.device.memory.content import Nvm


def restore_at_start(nvm: Nvm, settings: Settings) -> None:
    """Load the settings at power-on: the base part of the profile set by &Y, or both parts of the one set by &P."""
    settings.restore_factory()
    if nvm.full_profile is not None:
        load_profile(nvm, settings, nvm.full_profile, ProfilePart.BASE, ProfilePart.EXTENDED)
    else:
        load_profile(nvm, settings, nvm.base_profile, ProfilePart.BASE)


def load_profile(nvm: Nvm, settings: Settings, number: int, *parts: ProfilePart) -> None:
    """Load the parts of a user profile; of one that nobody has stored, the factory's settings."""
    stored = nvm.profiles.get(number)
    settings.restore_factory(*parts)
    if stored is not None:
        settings.restore(stored.settings, *parts)

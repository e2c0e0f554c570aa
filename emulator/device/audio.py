"""Keep profiles of sound: their gains, which have no effect."""

from collections.abc import Sequence

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.firmware.schema.stored import SELECTED_AUDIO_PROFILE

GAINS = 17
"""How many values a profile has."""
_FACTORY = (0,) * GAINS


class AudioProfile(Record, frozen=True):
    """A profile that was saved."""

    gains: tuple[int, ...]


class AudioProfiles:
    """The gains in use, and the profiles that are kept; made anew at each start."""

    def __init__(self, store: NvmStore) -> None:
        self._store = store
        self.select(store.content.stored.get(SELECTED_AUDIO_PROFILE, 0))

    def __repr__(self) -> str:
        return f"<AudioProfiles {self.values}>"

    def select(self, number: int) -> None:
        """Use the gains of a profile; 0 and one that was not saved have the factory's."""
        kept = self._store.content.audio_profiles.get(number)
        self.values: tuple[int, ...] = _FACTORY if kept is None else kept.gains

    def set(self, values: Sequence[int | None]) -> None:
        """Change the gains in use; None leaves one as it is."""
        given = [*values, *[None] * (GAINS - len(values))]
        self.values = tuple(old if new is None else new for old, new in zip(self.values, given, strict=True))

    def save(self, number: int) -> None:
        """Keep the gains in use as a profile.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.audio_profiles[number] = AudioProfile(self.values)

    def reset(self) -> None:
        """Give every profile the factory's gains, and select the standard one.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.audio_profiles.clear()
            nvm.stored.pop(SELECTED_AUDIO_PROFILE, None)
        self.select(0)

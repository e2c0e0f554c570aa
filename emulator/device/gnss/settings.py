"""Keep the settings of the receiver: until power-off, and in NVM once the host saves them."""

from collections.abc import Mapping

from msgspec.structs import replace

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.firmware.limits import Default
from emulator.firmware.schema.gnss import Gnss


class GnssSettings(Record, frozen=True):
    """What $GPSP, $GPSD, $GPSAT and $GPSPS have set."""

    power: int
    control: int
    antenna: int
    saving: int
    saving_period: int


def _limits_of(profile: Gnss) -> dict[str, Default]:
    return {name: getattr(profile, name) for name in GnssSettings.__struct_fields__}


class GnssSettingsStore:
    """The settings in force: at power-on those in NVM, or the factory's where this firmware does not allow them."""

    def __init__(self, profile: Gnss, store: NvmStore) -> None:
        self._store = store
        limits = _limits_of(profile)
        self._factory = GnssSettings(**{name: limit.default or 0 for name, limit in limits.items()})
        kept = store.content.gnss
        fits = kept is not None and all(limit.allows(getattr(kept, name)) for name, limit in limits.items())
        self.current = kept if kept is not None and fits else self._factory

    def __repr__(self) -> str:
        return f"<GnssSettingsStore {self.current!r}>"

    def change(self, values: Mapping[str, int]) -> None:
        """Change settings, until power-off."""
        self.current = replace(self.current, **values)

    def save(self) -> None:
        """Write the settings in force.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.gnss = self.current

    def reset(self) -> None:
        """Restore the factory's settings, here and in NVM.

        Raises:
            DeviceError: the memory fails; nothing has changed.
        """
        with self._store.change() as nvm:
            nvm.gnss = None
        self.current = self._factory

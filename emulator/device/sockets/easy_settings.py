"""Keep the settings of easy GPRS: in force until power-off, in NVM once #SKTSAV has kept them."""

from typing import Any

from msgspec.structs import replace

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import IP_CONTEXT
from emulator.device.sockets.settings import PlainSocketSettings
from emulator.firmware.limits import Default
from emulator.firmware.schema.easy import EasySockets


class EasySettings(Record, frozen=True):
    """What #USERID to #SKTSET have set."""

    packet_size: int
    transmission: int
    inactivity: int
    connection_timeout: int
    protocol: int
    port: int
    user: str = ""
    password: str = ""
    address: str = ""
    closure: int = 0
    local_port: int = 0


def _limits_of(profile: EasySockets) -> dict[str, Default]:
    """Return the limits of each number."""
    return {
        "packet_size": profile.packet_size,
        "transmission": profile.transmission,
        "inactivity": profile.inactivity,
        "connection_timeout": profile.connection_timeout,
        "protocol": profile.protocols,
        "port": profile.ports,
        "closure": profile.closure_types,
        "local_port": profile.local_ports,
    }


class EasySettingsStore:
    """The settings in force: at power-on those in NVM, or the factory's where this firmware does not allow them."""

    def __init__(self, profile: EasySockets, store: NvmStore) -> None:
        self._profile = profile
        self._store = store
        limits = _limits_of(profile)
        factory: dict[str, Any] = {name: limit.default or 0 for name, limit in limits.items()}
        self._factory = EasySettings(**factory)
        kept = store.content.easy_settings
        fits = kept is not None and all(limit.allows(getattr(kept, name)) for name, limit in limits.items())
        self._current = kept if kept is not None and fits else self._factory

    def __repr__(self) -> str:
        return f"<EasySettingsStore for {self._current.address or 'nobody'}>"

    @property
    def current(self) -> EasySettings:
        """Return those in force."""
        return self._current

    def change(self, **values: Any) -> None:
        """Set values that the caller has checked."""
        self._current = replace(self._current, **values)

    def save(self) -> None:
        """Write to NVM all but <closure type> and <lPort>.

        Raises:
            DeviceError: the memory fails.
        """
        factory = self._factory
        kept = replace(self._current, closure=factory.closure, local_port=factory.local_port)
        with self._store.change() as nvm:
            nvm.easy_settings = kept

    def reset(self) -> None:
        """Return to the factory's, in NVM, too.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.easy_settings = None
        self._current = self._factory

    def __getitem__(self, number: int, /) -> PlainSocketSettings:
        """Return the settings of every socket."""
        current = self._current
        return PlainSocketSettings(
            cid=IP_CONTEXT,
            packet_size=current.packet_size or self._profile.automatic_packet_size,
            inactivity=current.inactivity,
            connection_timeout=current.connection_timeout,
            transmission=current.transmission,
        )

"""Keep the settings and the security data of one secure socket in NVM."""

from typing import Any

import msgspec

from emulator.device.memory.store import NvmStore
from emulator.device.ssl.configuration import SecureSocketSettings, factory_settings
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile


class SecureSocketMemory:
    """The part of NVM that belongs to one <SSId>."""

    def __init__(self, profile: SecureSocketProfile, store: NvmStore, ssid: int = 1) -> None:
        self.ssid = ssid
        self._store = store
        self._factory = factory_settings(profile)

    def __repr__(self) -> str:
        return f"<SecureSocketMemory of SSId {self.ssid}>"

    @property
    def settings(self) -> SecureSocketSettings:
        """Return what is kept, or the factory's settings where nothing is."""
        return self._store.content.secure_sockets.get(self.ssid, self._factory)

    def change(self, **values: Any) -> None:
        """Keep values that the caller has checked.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.secure_sockets[self.ssid] = msgspec.structs.replace(self.settings, **values)

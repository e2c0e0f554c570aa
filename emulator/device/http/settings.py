"""Keep the HTTP profiles in NVM: #HTTPCFG."""

from typing import Any

import msgspec

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.http import CLEAR_ONLY, Http


class HttpSettings(Record, frozen=True):
    """One HTTP profile."""

    port: int
    authentication: int
    secure: int
    timeout: int
    cid: int
    packet_size: int = 0
    """Bytes of a request that are sent at once; 0 where the firmware has no such setting."""
    server: str = ""
    user: str = ""
    password: str = ""


def _limits_of(profile: Http, has_ssl: bool) -> dict[str, Numeric]:
    """Return the limits of each number that there is."""
    limits = {
        "port": profile.port,
        "authentication": profile.authentication,
        "secure": profile.secure if has_ssl else CLEAR_ONLY,
        "timeout": profile.timeout,
        "cid": profile.cids,
        "packet_size": profile.packet_size,
    }
    return {name: limit for name, limit in limits.items() if limit is not None}


class HttpSettingsStore:
    """The profiles by <prof_id>; the factory's in place of those that the firmware does not allow."""

    def __init__(self, profile: Http, store: NvmStore, *, has_ssl: bool) -> None:
        self._limits = _limits_of(profile, has_ssl)
        self._store = store
        values: dict[str, Any] = {name: limits.default or 0 for name, limits in self._limits.items()}
        self._factory = HttpSettings(**values)
        low, high = profile.profiles.range or (0, 0)
        self.numbers = range(low, high + 1)
        """Each <prof_id>."""

    def __repr__(self) -> str:
        return f"<HttpSettingsStore of {len(self.numbers)} profiles>"

    def __getitem__(self, number: int) -> HttpSettings:
        kept = self._store.content.http.get(number)
        if kept is not None and all(limits.allows(getattr(kept, name)) for name, limits in self._limits.items()):
            return kept
        return self._factory

    def change(self, number: int, **values: Any) -> None:
        """Keep values that the caller has checked.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.http[number] = msgspec.structs.replace(self[number], **values)

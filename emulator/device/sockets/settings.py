"""Keep the settings of each connection in NVM: #SCFG, #SCFGEXT, #SCFGEXT2 and #SCFGEXT3."""

from typing import Any

import msgspec

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.sockets import SocketExtension, Sockets


class PlainSocketSettings(Record, frozen=True):
    """Settings of one connection."""

    cid: int
    packet_size: int
    inactivity: int
    connection_timeout: int
    transmission: int
    ring_mode: int = 0
    receive_mode: int = 0
    keepalive: int = 0
    listen_mode: int = 0
    send_mode: int = 0
    buffer_start: int = 0
    abort_mode: int = 0
    no_carrier_mode: int = 0
    immediate_response: int = 0
    command_closure: int = 0
    fast_ring: int = 0
    linger_time: int = 0
    datagram_mode: int = 0
    send_timeout: int = 0


def _limits_of(profile: Sockets) -> dict[str, Numeric]:
    """Return the limits of each field of the settings."""
    limits = {
        "cid": profile.cids,
        "packet_size": profile.packet_size,
        "inactivity": profile.inactivity,
        "connection_timeout": profile.connection_timeout,
        "transmission": profile.transmission,
        "ring_mode": profile.ring_modes,
        "receive_mode": profile.receive_modes,
        "keepalive": profile.keepalive,
        "listen_mode": profile.listen_modes,
        "send_mode": profile.send_modes,
        "buffer_start": profile.buffer_starts,
        "abort_mode": profile.abort_modes,
        "no_carrier_mode": profile.no_carrier_modes,
        **_extension_limits(profile.extension),
    }
    return {name: limit for name, limit in limits.items() if limit is not None}


def _extension_limits(extension: SocketExtension | None) -> dict[str, Numeric | None]:
    """Return the limits of #SCFGEXT3; none where there is no such command."""
    if extension is None:
        return {}
    return {
        "immediate_response": extension.immediate_responses,
        "command_closure": extension.command_closures,
        "fast_ring": extension.fast_rings,
        "linger_time": extension.linger_times,
        "datagram_mode": extension.datagram_modes,
        "send_timeout": extension.send_timeouts,
    }


class SettingsStore:
    """The settings by <connId>; the factory's in place of those that the firmware does not allow."""

    def __init__(self, profile: Sockets, store: NvmStore) -> None:
        self._limits = _limits_of(profile)
        self._store = store
        low = (profile.identifiers.range or (1, 1))[0]
        values = {name: limits.default or 0 for name, limits in self._limits.items()}
        self._factory = {
            number: PlainSocketSettings(**{**values, "cid": cid})
            for number, cid in enumerate(profile.factory_cids, start=low)
        }

    def __repr__(self) -> str:
        return f"<SettingsStore of {len(self._factory)} connections>"

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return each <connId>."""
        return tuple(self._factory)

    def __getitem__(self, number: int) -> PlainSocketSettings:
        kept = self._store.content.plain_sockets.get(number)
        if kept is not None and all(limits.allows(getattr(kept, name)) for name, limits in self._limits.items()):
            return kept
        return self._factory[number]

    def change(self, number: int, **values: Any) -> None:
        """Keep values that the caller has checked.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.plain_sockets[number] = msgspec.structs.replace(self[number], **values)

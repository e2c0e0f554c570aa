"""Keep the settings of the MQTT instances in NVM: #MQCFG, #MQCFG2, #MQTCFG, #MQWCFG."""

from collections.abc import Mapping
from typing import Any

import msgspec

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.firmware.limits import Default
from emulator.firmware.schema.mqtt import Mqtt


class MqttSettings(Record, frozen=True):
    """The settings of one instance."""

    port: int
    cid: int
    secure: int
    keep_alive: int
    """Seconds; 0 for none."""
    clean_session: int
    packet_timeout: int
    """Seconds."""
    will: int
    will_retain: int
    will_qos: int
    server: str = ""
    will_topic: str = ""
    will_message: str = ""


def _limits_of(profile: Mqtt) -> Mapping[str, Default]:
    return {
        "port": profile.port,
        "cid": profile.cids,
        "secure": profile.secure,
        "keep_alive": profile.keep_alive,
        "clean_session": profile.clean_session,
        "packet_timeout": profile.packet_timeout,
        "will": profile.will,
        "will_retain": profile.retain,
        "will_qos": profile.qos,
    }


class MqttSettingsStore:
    """The settings by <instance>; the factory's in place of those that the firmware does not allow."""

    def __init__(self, profile: Mqtt, store: NvmStore) -> None:
        self._limits = _limits_of(profile)
        self._store = store
        values: dict[str, Any] = {name: limits.default for name, limits in self._limits.items()}
        self._factory = MqttSettings(**values)

    def __repr__(self) -> str:
        return f"<MqttSettingsStore {dict(self._store.content.mqtt)}>"

    def __getitem__(self, number: int) -> MqttSettings:
        kept = self._store.content.mqtt.get(number)
        if kept is not None and all(limits.allows(getattr(kept, name)) for name, limits in self._limits.items()):
            return kept
        return self._factory

    def change(self, number: int, values: Mapping[str, Any]) -> None:
        """Keep values that the caller has checked.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.mqtt[number] = msgspec.structs.replace(self[number], **values)

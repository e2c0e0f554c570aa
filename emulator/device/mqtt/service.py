"""Put the MQTT instances of the device together."""

from collections.abc import Callable, Iterator

from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.device.mqtt.client import MqttClient
from emulator.device.mqtt.protection import MqttProtection
from emulator.device.mqtt.settings import MqttSettingsStore
from emulator.device.mqtt.states import MqttState
from emulator.device.network.contexts import PdpContexts
from emulator.device.ssl.service import SslService
from emulator.firmware.schema.mqtt import Mqtt


class MqttService:
    """The instances by their number."""

    def __init__(
        self,
        profile: Mqtt,
        store: NvmStore,
        contexts: PdpContexts,
        ssl: SslService | None,
        environment: Environment,
        environment_on: Callable[[int], Environment],
    ) -> None:
        """`environment_on` returns the environment of what a context carries."""
        protection = MqttProtection(profile, ssl, self._held_ssl, environment)
        settings = MqttSettingsStore(profile, store)
        low, high = profile.instances.range or (1, 0)
        self._clients = {
            number: MqttClient(number, profile, settings, contexts, protection, environment_on, environment)
            for number in range(low, high + 1)
        }
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<MqttService {list(self._clients.values())}>"

    def __getitem__(self, number: int) -> MqttClient:
        return self._clients[number]

    def __iter__(self) -> Iterator[MqttClient]:
        return iter(self._clients.values())

    @property
    def connections(self) -> int:
        """Return how many instances are connected."""
        return sum(client.state is MqttState.CONNECTED for client in self)

    def drop(self) -> None:
        """End everything: the power is gone."""
        for client in self:
            client.drop()

    def _held_ssl(self) -> int:
        return sum(client.is_secure for client in self)

    def _context_lost(self, cid: int) -> None:
        for client in self:
            client.break_off(cid)

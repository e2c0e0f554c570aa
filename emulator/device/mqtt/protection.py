"""Clear text or TLS for the connections of MQTT, beside the SSL socket whose settings they use."""

from collections.abc import Callable

from emulator.device.environment import Environment
from emulator.device.mqtt.settings import MqttSettings
from emulator.device.needs.transfer import NoSecureMqtt
from emulator.device.ssl.exclusion import SslExclusion
from emulator.device.ssl.protection import ClearText, Protection, WithinTls
from emulator.device.ssl.service import SslService
from emulator.firmware.schema.mqtt import Mqtt


class MqttProtection:
    """Protects connections as their settings say; `held` returns how many are open or opening within TLS."""

    def __init__(
        self, profile: Mqtt, ssl: SslService | None, held: Callable[[], int], environment: Environment
    ) -> None:
        self._profile = profile
        self._ssl = ssl
        self._exclusion = SslExclusion("MQTT", profile, ssl, held, NoSecureMqtt()) if ssl is not None else None
        self._environment = environment

    def __repr__(self) -> str:
        return f"<MqttProtection {self._exclusion!r}>"

    def check_setting(self, secure: int) -> None:
        """Refuse to choose TLS.

        Raises:
            DeviceError: the SSL socket is in a state that excludes the choice.
        """
        if secure and self._exclusion is not None:
            self._exclusion.check_beside(self._profile.configured_beside_ssl)

    def choose(self, settings: MqttSettings) -> Protection:
        """Return the protection of a new connection.

        Raises:
            DeviceError: the SSL socket, or another connection within TLS, excludes one; or security data is missing.
        """
        clock, trace = self._environment.clock, self._environment.trace
        if not settings.secure or self._ssl is None or self._exclusion is None:
            return ClearText(trace)
        self._exclusion.check()
        timeout = self._profile.connection_timeout
        protection = WithinTls(self._ssl.policy, settings.server, timeout, clock, trace)
        protection.check()
        return protection

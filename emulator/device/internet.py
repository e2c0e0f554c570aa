"""Put together what a device does by IP: its sockets, its clients of servers, its data calls, its pings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.device.calendar import Calendar
from emulator.device.data_call.service import DataCalls
from emulator.device.email.client import EmailClient
from emulator.device.environment import Environment
from emulator.device.ftp.client import FtpClient
from emulator.device.http.client import HttpClient
from emulator.device.memory.store import NvmStore
from emulator.device.mqtt.service import MqttService
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts
from emulator.device.network.firewall import Firewall
from emulator.device.network.names import NameService
from emulator.device.network.ping import Ping
from emulator.device.network.registration import Network
from emulator.device.network.time_client import TimeClient
from emulator.device.sockets.easy import EasySockets
from emulator.device.sockets.easy_settings import EasySettingsStore
from emulator.device.sockets.service import Service
from emulator.device.sockets.settings import SettingsStore
from emulator.device.sockets.sockets import PlainSockets
from emulator.device.ssl.service import SslService
from emulator.firmware.schema.profile import Profile
from emulator.net.routes import Address

if TYPE_CHECKING:
    from emulator.device.data_call.network import GatewayMaker


class InternetServices:
    """Services that begin when a host first uses one; all at once, so that each hears of a lost context in its turn."""

    def __init__(
        self,
        profile: Profile,
        store: NvmStore,
        contexts: PdpContexts,
        network: Network,
        names: NameService,
        firewall: Firewall,
        calendar: Calendar,
        environment_on: Callable[[int], Environment],
        cpu_mode: Callable[[], int],
        make_gateway: "GatewayMaker",
    ) -> None:
        """`environment_on` returns that of a PDP context, `cpu_mode` the value of #CPUMODE."""
        environment, ssl = environment_on(IP_CONTEXT), profile.secure_socket
        self.ssl = SslService(ssl, store, contexts, calendar, environment_on, cpu_mode) if ssl else None
        self.ftp = FtpClient(profile.ftp, contexts, self.ssl, environment, environment_on)
        self.http = HttpClient(profile.http, store, contexts, self.ssl, environment, environment_on)
        self.mqtt = (
            MqttService(profile.mqtt, store, contexts, self.ssl, environment, environment_on)
            if profile.mqtt is not None
            else None
        )
        self.email = EmailClient(profile.email, store, contexts, self.ssl, environment, environment_on)
        settings = SettingsStore(profile.sockets, store)
        service = Service(profile.sockets, settings, contexts, firewall.admits, environment, environment_on)
        self.sockets = PlainSockets(service, settings)
        self.data_calls = DataCalls(profile.pdp, contexts, network, names, environment, make_gateway)
        self.ping = Ping(profile.ping, names, environment.bearer, environment.clock)
        self.time_client = TimeClient(profile.time_service, contexts, calendar, environment_on)
        self.easy = EasySockets(profile.easy_sockets, service, EasySettingsStore(profile.easy_sockets, store))

    def __repr__(self) -> str:
        return f"<InternetServices {self.sockets!r} {self.ssl!r}>"

    @property
    def listening(self) -> dict[int, Address]:
        """Return where a peer reaches each port that sockets listen on; the machine's may have another number."""
        return {**self.sockets.listening, **self.easy.listening}

    def use(self, cid: int) -> bool:
        """Return whether settings tie a socket to this context: a plain one, or a secure one that was moved to it."""
        return self.sockets.use(cid) or (self.ssl is not None and self.ssl.moved_to(cid))

    def drop(self) -> None:
        """End every connection but a data call: the power is gone."""
        self.ftp.drop()
        self.http.drop()
        self.email.drop()
        if self.mqtt is not None:
            self.mqtt.drop()
        self.sockets.drop()
        self.easy.drop()
        if self.ssl is not None:
            self.ssl.drop()

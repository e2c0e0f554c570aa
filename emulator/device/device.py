"""The module: its memory, calendar, network, contexts and connections, and what is left of them after a restart."""

from collections.abc import Callable

from emulator.device.calendar import Calendar
from emulator.device.environment import Environment
from emulator.device.ftp.client import FtpClient, TlsParts
from emulator.device.hardware import Pins, StatusLamp
from emulator.device.memory.content import Nvm
from emulator.device.memory.settings import StoredSettings
from emulator.device.memory.store import NvmStore
from emulator.device.network.activation import AutomaticActivation
from emulator.device.network.contexts import PdpContexts
from emulator.device.network.coverage import Coverage
from emulator.device.network.firewall import Firewall
from emulator.device.network.names import NameService
from emulator.device.network.packet_service import PacketService
from emulator.device.network.ping import Ping
from emulator.device.network.registration import DEREGISTERED, Network
from emulator.device.network.subscription import Subscription
from emulator.device.power import Power, Restarts
from emulator.device.sim.card import Sim, SimDetection
from emulator.device.sim.phonebook import Phonebook
from emulator.device.sms.service import Mailbox, MessageService
from emulator.device.sms.tpdu import stamped
from emulator.device.sockets.service import Service
from emulator.device.sockets.settings import SettingsStore
from emulator.device.sockets.sockets import PlainSockets
from emulator.device.ssl.service import SslService
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Operator, Profile
from emulator.firmware.schema.stored import AUTOMATIC_ATTACHMENT, LAMP_MODE, LAMP_OFF, LAMP_ON, SIM_DETECTION


class Device:
    """One device. What is volatile is made anew at each start; NVM and the calendar go on."""

    def __init__(self, firmware: Firmware, store: NvmStore, environment: Environment) -> None:
        self.firmware = firmware
        self.profile: Profile = firmware.profile
        self.store = store
        self.environment = environment
        self.calendar = Calendar(self.profile.calendar, environment.clock)
        self.stored = StoredSettings(self.profile.stored, store)
        self.sim = Sim(self.profile, store)
        self.sim.look_absent(self.stored[SIM_DETECTION] == SimDetection.ABSENT)
        self.subscription = Subscription()
        self.mailbox = Mailbox(
            tuple(own.number for own in self.profile.sim.numbers), lambda: stamped(*self.calendar.of_network())
        )
        self.phonebook = Phonebook(self.profile.sim.phonebook, store)
        self.coverage = Coverage(self.profile.network)
        self.coverage.on_change.append(self._coverage_changed)
        self.coverage.on_signal.append(self._signal_changed)
        self.power = Power(self.profile.power.boot, environment.clock, environment.trace)
        self.power.on_stop.append(self._stop)
        self.restarts = Restarts(self.power, store)
        self._start()
        self.power.on_start.append(lambda: self.activations.begin())
        self.activations.begin()

    def __repr__(self) -> str:
        return f"<Device {self.firmware.name} {self.power.state.value}>"

    @property
    def nvm(self) -> Nvm:
        """The content of the non-volatile memory."""
        return self.store.content

    @property
    def attaches(self) -> bool:
        """Whether the module attaches to packet service by itself (#AUTOATT)."""
        return self.profile.network.attached and self.stored[AUTOMATIC_ATTACHMENT] == 1

    def _start(self) -> None:
        self.sim.restart()
        self.sim.on_ready = [self.register]
        self.sim.on_change = [self._sim_changed]
        self.network = Network(
            self.profile.network, self.coverage, has_service=self.sim.ready, attaches=lambda: self.attaches
        )
        self.contexts = PdpContexts(
            self.profile.pdp, self.store, self.network, self.coverage, self.environment.clock, self.environment.trace
        )
        ssl = self.profile.secure_socket
        self.ssl = SslService(ssl, self.store, self.contexts, self.calendar, self.environment) if ssl else None
        tls = TlsParts(self.ssl.policy, self.ssl.socket) if self.ssl is not None else None
        environment = self.environment
        self.ftp = FtpClient(
            self.profile.ftp, self.contexts, environment.bearer, tls, environment.clock, environment.trace
        )
        self.name_service = NameService(
            self.profile.name_service, self.store, self.contexts, environment.bearer, environment.clock
        )
        self.ping = Ping(self.profile.ping, self.name_service, environment.bearer, environment.clock)
        self.firewall = Firewall(self.profile.firewall, environment.trace)
        self.messages = MessageService(self.profile.sms, self.store, self.network, self.mailbox, environment.trace)
        settings = SettingsStore(self.profile.sockets, self.store)
        self.sockets = PlainSockets(
            Service(
                self.profile.sockets,
                settings,
                self.contexts,
                environment.bearer,
                self.firewall.admits,
                environment.clock,
                environment.trace,
            )
        )
        self.activations = AutomaticActivation(
            self.profile.pdp, self.store, self.contexts, self.network, self.sockets.use, self.environment.clock
        )
        self.cpu_mode = 0
        self.pins = Pins()
        self.lamp = StatusLamp(*(self.stored[part] for part in (LAMP_MODE, LAMP_ON, LAMP_OFF)))
        self.packet_service = PacketService(self.profile.pdp.classes[0])
        self.monitored_cell = 0
        """<number> of #MONI."""
        self.silent_indicators: set[str] = set()
        """Those that +CIND has taken out of the reports."""
        self.phonebook.restart()
        self.functionality = self.profile.power.functionality.default or 0
        self.on_network_time: list[Callable[[], None]] = []
        """Called when the network has told the time."""
        self.take_network_time()

    def _stop(self) -> None:
        self.activations.stop()
        self._drop_connections()
        self.contexts.deactivate_all()
        self._start()

    def register(self) -> None:
        """Take the registration that the network offers to an unlocked SIM, and its time."""
        if self.sim.ready:
            self.join(None)

    def join(self, operator: Operator | None) -> None:
        """Register with an operator, None for the home network, which tells the time."""
        registered_before = self.network.registered
        self.network.restore(operator)
        if self.network.registered and not registered_before:
            self.take_network_time()
            for listener in self.on_network_time:
                listener()

    def _coverage_changed(self) -> None:
        """The network offers something else: a module that wants to be registered takes what it gets."""
        radio_on = self.functionality not in self.profile.power.radio_off
        if self.sim.ready and radio_on and self.network.operator_mode != DEREGISTERED:
            self.join(self.network.operator)

    def _signal_changed(self) -> None:
        for listener in self.network.on_signal:
            listener()

    def _sim_changed(self) -> None:
        """Without an unlocked SIM there is no service."""
        if not self.sim.ready:
            self.network.set_registration(0)

    def take_network_time(self) -> None:
        """Set the calendar from the network, if the module is registered and #NITZ allows it."""
        if self.network.registered and self.nvm.network_time & 1:
            self.calendar.set_from_network()

    def close(self) -> None:
        """End every connection; the modem is going away."""
        self.power.cancel()
        self.activations.stop()
        self._drop_connections()
        self.store.close()

    def _drop_connections(self) -> None:
        self.ftp.drop()
        self.sockets.drop()
        if self.ssl is not None:
            self.ssl.socket.drop()

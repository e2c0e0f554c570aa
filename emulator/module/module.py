"""The module: its memory, calendar, network, contexts and secure socket, and what is left of them after a restart."""

from dataclasses import dataclass

from emulator.bearer.bearer import Bearer
from emulator.clock import Clock
from emulator.firmware.loader import Firmware
from emulator.firmware.schema import Profile
from emulator.module.calendar import Calendar
from emulator.module.network import Network
from emulator.module.nvm import ContextDefinition, Nvm, NvmStore, SocketConfiguration
from emulator.module.pdp import PdpContexts
from emulator.module.power import Power
from emulator.module.secure_socket import ClosedBy, SecureSocket
from emulator.module.security_data import SecurityDataStore
from emulator.module.sim import Sim
from emulator.module.tls_policy import TlsPolicy
from emulator.trace.events import Trace


@dataclass(frozen=True)
class Surroundings:
    """What a module is put into."""

    clock: Clock
    trace: Trace
    bearer: Bearer
    tls_engine: str = "auto"
    """`auto`, `openssl` or `native`."""


class SslService:
    """The parts that exist only where the firmware has SSL."""

    def __init__(self, module: "Module") -> None:
        profile = module.profile.secure_socket
        assert profile is not None
        around, store = module.around, module.store
        self.profile = profile
        self.security_data = SecurityDataStore(profile, store)
        self.policy = TlsPolicy(profile, store, self.security_data, module.calendar, around.trace, around.tls_engine)
        self.socket = SecureSocket(
            profile, store, module.contexts, around.bearer, self.policy, around.clock, around.trace
        )
        self._store = store
        self.certificate_format: int | None = None
        """<cert_format> of #SSLSECCFG as it was last given since power-on; None until it is (guide 3.2, note)."""

    @property
    def configuration(self) -> SocketConfiguration:
        """What #SSLCFG has set."""
        return self._store.content.socket_configuration


class Module:
    """One device. What is volatile is made anew at each start; NVM and the calendar go on."""

    def __init__(self, firmware: Firmware, store: NvmStore, around: Surroundings) -> None:
        self.firmware = firmware
        self.profile: Profile = firmware.profile
        self.store = store
        self.around = around
        self.calendar = Calendar(self.profile.calendar, around.clock)
        self.sim = Sim(self.profile.sim)
        self.power = Power(self.profile.power.boot, around.clock, around.trace)
        self.power.on_stop.append(self._stop)
        self._start()

    def __repr__(self) -> str:
        return f"<Module {self.firmware.name} {self.power.state.value}>"

    @property
    def nvm(self) -> Nvm:
        """The content of the non-volatile memory."""
        return self.store.content

    def _start(self) -> None:
        self.sim.restart()
        self.sim.on_ready = [self.register]
        self.network = Network(self.profile.network, has_service=self.sim.ready)
        self.contexts = PdpContexts(self.profile.pdp, self.store, self.network, self.around.trace)
        self.ssl = SslService(self) if self.profile.secure_socket is not None else None
        self.cpu_mode = 0
        self.functionality = self.profile.power.functionality.default or 0
        self.take_network_time()

    def _stop(self) -> None:
        if self.ssl is not None:
            self.ssl.socket.drop(ClosedBy.NETWORK)
        self.contexts.deactivate_all()
        self._start()

    def register(self) -> None:
        """Take the registration that the network offers to an unlocked SIM, and its time."""
        if self.sim.ready:
            self.network.restore()
            self.take_network_time()

    def take_network_time(self) -> None:
        """Set the calendar from the network, if the module is registered and #NITZ allows it."""
        if self.network.registered and self.nvm.network_time & 1:
            self.calendar.set_from_network()

    def close(self) -> None:
        """End every connection; the modem is going away."""
        if self.ssl is not None:
            self.ssl.socket.drop(ClosedBy.NETWORK)
        self.store.close()


def factory_nvm(firmware: Firmware) -> Nvm:
    """What the factory leaves in NVM."""
    profile = firmware.profile
    ssl = profile.secure_socket
    return Nvm(
        model=firmware.model,
        ssl_enabled=ssl is not None and ssl.enabled_at_factory,
        cipher_suite=ssl.cipher_default if ssl else 0,
        authentication=(ssl.authentication.default or 0) if ssl else 0,
        socket_configuration=_factory_configuration(profile),
        contexts={context.cid: ContextDefinition(context.type, context.apn) for context in profile.pdp.factory},
        interface_style=profile.terminal.interface_styles.default or 0,
        network_time=profile.calendar.network_time.default or 0,
    )


def _factory_configuration(profile: Profile) -> SocketConfiguration:
    ssl = profile.secure_socket
    if ssl is None:
        return SocketConfiguration(0, 0, 0, 0)
    return SocketConfiguration(
        packet_size=ssl.packet_size.default or 0,
        inactivity=ssl.inactivity.default or 0,
        default_timeout=ssl.default_timeout.default or 0,
        transmission=ssl.transmission.default or 0,
        ring_mode=ssl.ring_modes.default or 0,
        no_carrier_mode=ssl.no_carrier_modes.default or 0,
    )

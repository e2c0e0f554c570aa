"""Put the SSL parts of the device together."""

from collections.abc import Callable

from emulator.device.calendar import Calendar
from emulator.device.connection.states import State
from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import PdpContexts
from emulator.device.ssl.configuration import SocketConfiguration
from emulator.device.ssl.policy import TlsPolicy
from emulator.device.ssl.preload import write_file
from emulator.device.ssl.security_data import DataType, SecurityDataStore
from emulator.device.ssl.socket import SecureSocket
from emulator.errors import UserError
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile


class SslService:
    """Parts of a device whose firmware has SSL."""

    def __init__(
        self,
        profile: SecureSocketProfile,
        store: NvmStore,
        contexts: PdpContexts,
        calendar: Calendar,
        environment: Environment,
        cpu_mode: Callable[[], int],
    ) -> None:
        """`cpu_mode` returns the value of #CPUMODE."""
        self.profile = profile
        self.security_data = SecurityDataStore(profile, store)
        self.policy = TlsPolicy(profile, store, self.security_data, calendar, environment, cpu_mode)
        self.socket = SecureSocket(profile, store, contexts, self.policy, environment)
        self.held: list[Callable[[], int]] = []
        """Each returns how many TLS connections a service beside the socket, FTPS or HTTPS, has."""
        self._store = store
        self.certificate_format: int | None = None
        """<cert_format> of #SSLSECCFG as it was last given since power-on; None until it is (guide 3.2, note)."""

    def __repr__(self) -> str:
        return f"<SslService {self.socket!r}>"

    def provision(self, kind: DataType, data: bytes) -> None:
        """Store the content of a file, PEM or DER; as with #SSLSECDATA, between connections only.

        Raises:
            UserError: a connection is open, or the module would not take it.
        """
        if self.socket.state not in (State.DISABLED, State.CLOSED, State.LOST):
            raise UserError("the module takes no security data while the secure socket is open; AT#SSLH=1 first")
        write_file(self.security_data, kind, data)
        self.socket.forget_session()

    @property
    def configuration(self) -> SocketConfiguration:
        """Return the configuration that #SSLCFG has set."""
        return self._store.content.socket_configuration

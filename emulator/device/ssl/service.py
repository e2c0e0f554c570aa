"""Put the SSL parts of the device together."""

from collections.abc import Callable, Iterator, Mapping

from emulator.device.calendar import Calendar
from emulator.device.connection.states import State
from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import SSL_CONTEXT, PdpContexts
from emulator.device.ssl.memory import SecureSocketMemory
from emulator.device.ssl.policy import TlsPolicy
from emulator.device.ssl.preload import place_of, write_file
from emulator.device.ssl.security_data import SecurityDataStore
from emulator.device.ssl.socket import SecureSocket
from emulator.errors import UserError
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile

_OF_SERVICES = 1
"""The <SSId> whose settings the other clients use; the facts name it for MQTT."""


class SslService:
    """Parts of a device whose firmware has SSL."""

    def __init__(
        self,
        profile: SecureSocketProfile,
        store: NvmStore,
        contexts: PdpContexts,
        calendar: Calendar,
        environment_on: Callable[[int], Environment],
        cpu_mode: Callable[[], int],
    ) -> None:
        """`environment_on` returns that of a PDP context, `cpu_mode` the value of #CPUMODE."""
        self.profile = profile

        def made(ssid: int) -> SecureSocket:
            memory = SecureSocketMemory(profile, store, ssid)
            security_data = SecurityDataStore(profile, memory)
            policy = TlsPolicy(profile, memory, security_data, calendar, environment_on(SSL_CONTEXT), cpu_mode)
            return SecureSocket(profile, memory, contexts, security_data, policy, environment_on)

        self.sockets: Mapping[int, SecureSocket] = {ssid: made(ssid) for ssid in profile.identifiers.values}
        """By <SSId>."""
        self.held: list[Callable[[], int]] = []
        """Each returns how many TLS connections a service beside the socket, FTPS or HTTPS, has."""

    def __repr__(self) -> str:
        return f"<SslService {list(self.sockets.values())}>"

    @property
    def shared(self) -> SecureSocket:
        """Return the socket whose settings FTPS and HTTPS use, and beside which they stand."""
        return self.sockets[_OF_SERVICES]

    @property
    def policy(self) -> TlsPolicy:
        """Return the policy of FTPS and HTTPS."""
        return self.shared.policy

    @staticmethod
    def loading() -> Iterator[str]:
        """Load what a first session would load, a module at each step."""
        from emulator.tls.engines import loading

        return loading()

    def moved_to(self, cid: int) -> bool:
        """Return whether the host has tied a socket to this context, which is not the factory's."""
        return cid != self.profile.cids.default and any(socket.cid == cid for socket in self.sockets.values())

    def drop(self) -> None:
        """End every connection and attempt: the power is gone."""
        for socket in self.sockets.values():
            socket.drop()

    def provision(self, name: str, data: bytes) -> None:
        """Store the content of a file, PEM or DER; as with #SSLSECDATA, between connections only.

        `name` is that of the security data, as `place_of` reads it.

        Raises:
            UserError: there is no such security data, the connection is open, or the module would not take it.
        """
        ssid, kind = place_of(name, self.profile)
        socket = self.sockets[ssid]
        if socket.state not in (State.DISABLED, State.CLOSED, State.LOST):
            raise UserError(f"the module takes no security data while the secure socket is open; AT#SSLH={ssid} first")
        write_file(socket.security_data, kind, data)
        socket.forget_session()

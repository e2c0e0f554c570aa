"""Dial as #SSLD of a firmware does: by the device's own SSL service, without an AT instance before it."""

import asyncio
import errno
import socket
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from msgspec.structs import replace

from emulator.clock import Clock
from emulator.device.calendar import Calendar
from emulator.device.connection.secure import SecureStream
from emulator.device.environment import Environment
from emulator.device.memory.factory import factory_nvm
from emulator.device.memory.store import NvmStore
from emulator.device.ssl.dial import Dial, connect
from emulator.device.ssl.item import DataType, Format
from emulator.device.ssl.memory import SecureSocketMemory
from emulator.device.ssl.policy import MUTUAL_AUTHENTICATION, NO_AUTHENTICATION, TlsPolicy
from emulator.device.ssl.security_data import SecurityDataStore
from emulator.doctor.certificates import name_of
from emulator.doctor.extended import Extended
from emulator.doctor.question import Question
from emulator.doctor.security_data import certificates_as_entered, key_as_entered
from emulator.errors import DeviceError
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.net.bearer import DialFailed, DialRefused, NameUnknown, SystemBearer
from emulator.net.routes import Routes
from emulator.tls.client import ChainRefused, EngineChoice, FailureCause, TlsConfiguration, TlsFailure, TlsSession
from emulator.tls.wire.suites import CipherSuite
from emulator.trace.events import Dialled, Event, HandshakeMessage
from emulator.trace.trace import Trace


class End(Enum):
    """How far a dial gets."""

    NOT_STORED = "the security data is not taken"
    TOO_LONG = "the security data is too long"
    NO_NAME = "the name cannot be resolved"
    REFUSED = "the connection is refused"
    NO_NETWORK = "this machine has no network"
    UNREACHABLE = "there is no way to the server"
    NO_CONNECTION = "nobody answers"
    SILENCE = "the server falls silent within the handshake"
    FAILED = "the handshake fails"
    TURNED_AWAY = "the server closes as soon as the socket is open"
    OPEN = "the socket is open"


_NAMES = {
    DataType.CERTIFICATE: "client certificate",
    DataType.CA_CERTIFICATE: "CA certificate",
    DataType.PRIVATE_KEY: "private key",
}
_MOMENT = 0.5
"""Seconds within which a server turns a client away whose certificate it misses."""
_NO_NETWORK = (errno.ENETUNREACH, errno.ENETDOWN)


@dataclass(frozen=True)
class DialOutcome:
    """What has come of one dial."""

    end: End
    detail: str = ""
    """Why it failed, in the words of the trace."""
    cause: FailureCause | None = None
    """Why the handshake failed."""
    version: str = ""
    """The version of TLS that the server has agreed on."""
    suite: CipherSuite | None = None
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    """The server's certificates, DER, whether they were accepted or not; empty where it has sent none."""
    heard: tuple[str, ...] = ()
    """The server's handshake messages and alerts."""

    @property
    def before_hello(self) -> bool:
        """Whether the server has not agreed on anything: it did not answer the hello by its own."""
        return "server_hello" not in self.heard


@dataclass(frozen=True)
class DialSettings:
    """What the host has set and stored before #SSLD."""

    number: int
    """<cipher_suite> of #SSLSECCFG."""
    mode: int = NO_AUTHENTICATION
    extended: Extended | None = None
    """The values of #SSLSECCFG2; None where the firmware has no such command."""
    anchors: tuple[bytes, ...] = field(default=(), repr=False)
    """CA certificates, DER."""


class ModuleDial:
    """A dial of one firmware with these settings, which can be run once."""

    def __init__(self, firmware: Firmware, question: Question, settings: DialSettings, clock: Clock) -> None:
        profile = firmware.profile.secure_socket
        assert profile is not None, "a firmware without SSL does not dial"
        self._profile: SecureSocket = profile
        self._question = question
        self._settings = settings
        self._heard: list[str] = []
        self._connected = False
        trace = Trace(clock)
        trace.watch(self._note)
        routes = Routes.parse(f"{dialled}={target}" for dialled, target in question.routes.items())
        self._bearer = SystemBearer(routes, trace, clock)
        self._environment = Environment(clock, trace, self._bearer)
        self._memory = SecureSocketMemory(profile, NvmStore(factory_nvm(firmware)))
        self._security_data = SecurityDataStore(profile, self._memory)
        self._calendar = Calendar(firmware.profile.calendar, clock)
        self._policy = _NotingPolicy(profile, self._memory, self._security_data, self._calendar, self._environment)

    def __repr__(self) -> str:
        return f"<ModuleDial to {self._question.address}, {self._settings}>"

    def prepare(self) -> Hashable | DialOutcome:
        """Set and store everything; return what tells this dial from others, or why it is not made.

        Two dials with the same value look the same to the server, and judge it alike.
        """
        try:
            self._configure()
            configuration = self._policy.prepare(self._question.host)[1]
        except _TooLong as error:
            return DialOutcome(End.TOO_LONG, str(error))
        except DeviceError as error:
            return DialOutcome(End.NOT_STORED, error.reason)
        trust: Hashable = ()
        if self._settings.mode != NO_AUTHENTICATION:
            calendar = self._calendar.utc().replace(minute=0, second=0, microsecond=0)
            trust = self._settings.mode, self._settings.anchors, str(self._profile.trust), calendar
        return _offer(configuration), self._profile.handshake_limit, trust

    def judge(self, chain: tuple[bytes, ...]) -> ChainRefused | None:
        """Return what the module has against a chain, after `prepare`; None when it accepts it."""
        verify = self._policy.prepare(self._question.host)[1].verify
        assert verify is not None, "the policy notes every chain"
        try:
            verify(chain)
        except ChainRefused as refusal:
            return refusal
        return None

    async def run(self) -> DialOutcome:
        """Dial, after `prepare`; an open socket is closed.

        A server that asks for a client certificate may end a handshake in order, and close then: whether #SSLD
        succeeds is a matter of milliseconds, and of no use. It is given a moment to do so.
        """
        question, refusals = self._question, self._profile.refusals
        dial = Dial(question.host, question.port, closure=0)
        try:
            stream = await connect(dial, None, question.timeout, self._policy, refusals, self._environment)
            client = stream.client
            stays = "certificate_request" not in self._heard or await self._stays_open(stream)
            stream.close()
        except DeviceError as error:
            return self._failed(error)
        finally:
            self._bearer.close()
        if not stays:
            return self._outcome(End.TURNED_AWAY, "it closes behind the handshake")
        return self._outcome(End.OPEN, suite=client.suite, version=client.version.name if client.version else "")

    async def _stays_open(self, stream: SecureStream) -> bool:
        """Wait a moment for the server to close; return whether it has not."""
        ended = _Ended(stream)
        try:
            async with self._environment.clock.timeout(_MOMENT):
                await ended.wait()
        except TimeoutError:
            return True
        return False

    def _configure(self) -> None:
        settings, question, formats = self._settings, self._question, self._profile.security_data
        self._memory.change(cipher_suite=settings.number, authentication=settings.mode)
        if settings.extended is not None:
            self._memory.change(version=settings.extended.version, server_name=settings.extended.server_name)
        if settings.mode != NO_AUTHENTICATION and settings.anchors:
            name = name_of(settings.anchors[0]) if len(settings.anchors) == 1 else "file"
            self._enter(DataType.CA_CERTIFICATE, *certificates_as_entered(settings.anchors, formats), name)
        if settings.mode == MUTUAL_AUTHENTICATION:
            self._enter(DataType.CERTIFICATE, *certificates_as_entered(question.certificate, formats))
            self._enter(DataType.PRIVATE_KEY, *key_as_entered(question.key, formats))

    def _enter(self, kind: DataType, data: bytes, form: Format, name: str = "") -> None:
        limit = self._profile.security_data.size_limit
        if len(data) > limit:
            what = f"{_NAMES[kind]} {name}".rstrip()
            raise _TooLong(f"the {what} has {len(data)} bytes in {form}, this firmware stores {limit} at most")
        self._security_data.write(kind, data, form)

    def _note(self, time: float, event: Event) -> None:
        if isinstance(event, HandshakeMessage) and event.direction == "received":
            self._heard.append(event.name)
        elif isinstance(event, Dialled):
            self._connected = event.outcome == "connected"

    def _failed(self, error: DeviceError) -> DialOutcome:
        match error.__cause__:
            case TlsFailure(__cause__=TlsFailure() as failure) | (TlsFailure() as failure):  # the first one explains
                return self._outcome(End.FAILED, failure.detail, failure.cause)
            case NameUnknown(__cause__=socket.gaierror(errno=socket.EAI_AGAIN)):
                return self._outcome(End.NO_NAME, "no name server answers; is this machine on the network?")
            case NameUnknown():
                return self._outcome(End.NO_NAME, self._other_routes())
            case DialRefused():
                end = End.REFUSED
            case DialFailed(__cause__=OSError(errno=number)) if number in _NO_NETWORK:
                end = End.NO_NETWORK
            case DialFailed():
                end = End.UNREACHABLE
            case TimeoutError():
                end = End.SILENCE if self._connected else End.NO_CONNECTION
            case _:
                end = End.NOT_STORED
        return self._outcome(end, error.reason)

    def _other_routes(self) -> str:
        question = self._question
        ports = ", ".join(map(str, self._bearer.routes.other_ports(question.host)))
        return ports and f"no route for port {question.port}; there is one for {ports}"

    def _outcome(
        self,
        end: End,
        detail: str = "",
        cause: FailureCause | None = None,
        suite: CipherSuite | None = None,
        version: str = "",
    ) -> DialOutcome:
        heard = tuple(self._heard)
        return DialOutcome(end, detail, cause, version, suite, self._policy.chain, heard)


class _NotingPolicy(TlsPolicy):
    """The module's policy, which notes the chain that it is to judge."""

    chain: tuple[bytes, ...] = ()

    def prepare(self, host: str, session: TlsSession | None = None) -> tuple[EngineChoice, TlsConfiguration]:
        choice, configuration = super().prepare(host, session)
        verify = configuration.verify

        def note(chain: Sequence[bytes]) -> None:
            self.chain = tuple(chain)
            if verify is not None:
                verify(chain)

        return choice, replace(configuration, verify=note)


class _Ended:
    """Reads a stream until its end."""

    def __init__(self, stream: SecureStream) -> None:
        self._stream = stream
        self._ended = asyncio.Event()
        stream.set_reader(self)

    async def wait(self) -> None:
        """Wait for the end."""
        self.readable()
        await self._ended.wait()

    def readable(self) -> None:
        self._stream.read()
        if self._stream.peer_closed:
            self._ended.set()

    def writable(self) -> None:
        pass


class _TooLong(Exception):
    """Security data is longer than the firmware keeps."""


def _offer(configuration: TlsConfiguration) -> Hashable:
    """Return what the server sees of the module."""
    return (
        configuration.versions,
        configuration.suites,
        configuration.scsv,
        configuration.sent_extensions,
        configuration.server_name,
        configuration.identity,
    )

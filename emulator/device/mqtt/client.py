"""Serve one MQTT instance: its state, its connection and the messages that have come."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from emulator.device.connection.attempt import attempt
from emulator.device.connection.handshake_failure import refusal_of
from emulator.device.connection.work import Work, WorkCancelled
from emulator.device.environment import Environment
from emulator.device.mqtt.inbox import Inbox, ReceivedMessage
from emulator.device.mqtt.protection import MqttProtection
from emulator.device.mqtt.settings import MqttSettings, MqttSettingsStore
from emulator.device.mqtt.states import MqttAction, MqttState, mqtt_states
from emulator.device.needs.transfer import MqttMessage, MqttServer
from emulator.device.network.contexts import PdpContexts
from emulator.device.ssl.protection import Protection
from emulator.errors import DeviceError
from emulator.firmware.schema.mqtt import Mqtt
from emulator.tls.client import TlsFailure

if TYPE_CHECKING:  # paho is imported by the first connection
    from emulator.device.mqtt.connection import MqttConnection
    from emulator.mqtt.events import MessageArrived
    from emulator.mqtt.session import MqttSession

Result = TypeVar("Result")

_GIVEN_UP = {MqttState.CONNECTING: MqttAction.FAILED, MqttState.CONNECTED: MqttAction.LOSE}
"""What becomes of an attempt that fails, or whose command ends at the moment of its success."""
_OVERHEAD = 4
"""Bytes of a PUBLISH beside topic and message: the length of the topic, and the packet identifier."""


class MqttListener(Protocol):
    """Hears of messages."""

    def message_waits(self, instance: int, number: int, message: ReceivedMessage) -> None:
        """Report a message that can be read."""

    def message_lost(self) -> None:
        """Report that a message found no room."""


class Login(msgspec.Struct, frozen=True):
    """Who connects."""

    client_id: str
    user: str | None = None
    password: str | None = None


class MqttClient:
    """One instance; it belongs to the AT instance that has enabled it, and never connects by itself."""

    def __init__(
        self,
        number: int,
        profile: Mqtt,
        settings: MqttSettingsStore,
        contexts: PdpContexts,
        protection: MqttProtection,
        environment_on: Callable[[int], Environment],
        environment: Environment,
    ) -> None:
        """`environment_on` returns the environment of what a context carries."""
        self.number = number
        self.profile = profile
        self.inbox = Inbox(profile.message_numbers, profile.inbox_size)
        self.owner: object | None = None
        """The AT instance that has enabled it."""
        self._listener: MqttListener | None = None
        self._settings = settings
        self._contexts = contexts
        self._protection = protection
        self._environment_on = environment_on
        self._environment = environment
        self._states = mqtt_states(number, profile.refusals, environment.trace)
        self._work = Work()
        self._used: MqttSettings | None = None
        """The settings of the connection that is open or opening."""
        self._connection: MqttConnection | None = None
        self._kept: tuple[str, MqttSession] | None = None
        """A session that outlasts its connections, with its client id."""

    def __repr__(self) -> str:
        return f"<MqttClient {self.number} {self.state.value}, {self.inbox!r}>"

    @property
    def state(self) -> MqttState:
        """Return the state."""
        return self._states.state

    @property
    def settings(self) -> MqttSettings:
        """Return what has been configured."""
        return self._settings[self.number]

    @property
    def is_secure(self) -> bool:
        """Whether a connection within TLS is open or opening."""
        return self._used is not None and bool(self._used.secure)

    # Enabling and configuring.

    def check(self, action: MqttAction) -> None:
        """Refuse what the state does not allow.

        Raises:
            DeviceError: it does not allow this.
        """
        self._states.check(action)

    def enable(self, owner: object, listener: MqttListener) -> None:
        """Let the AT instance `owner` use it.

        Raises:
            DeviceError: it is enabled.
        """
        self._states.apply(MqttAction.ENABLE)
        self.owner, self._listener = owner, listener

    def disable(self) -> None:
        """End the connection, forget the messages, and give it back.

        Raises:
            DeviceError: it is disabled, or connecting.
        """
        self.check(MqttAction.DISABLE)
        self._end(lambda connection: connection.close())
        self._states.apply(MqttAction.DISABLE)
        self.owner = self._listener = self._kept = None
        self.inbox.clear()

    def configure(self, values: Mapping[str, Any]) -> None:
        """Keep settings.

        Raises:
            DeviceError: it is disabled or connected, the SSL socket excludes TLS now, or the memory fails.
        """
        self.check(MqttAction.CONFIGURE)
        self._protection.check_setting(values.get("secure", 0))
        self._settings.change(self.number, values)

    # The connection.

    async def connect(self, login: Login) -> None:
        """Connect to the broker.

        Raises:
            DeviceError: it is disabled or connected, no broker is set, the context is down, security data is missing,
                or the broker cannot be reached, is not trusted, or refuses.
        """
        self.check(MqttAction.CONNECT)
        settings, refusals = self.settings, self.profile.refusals
        if not settings.server:
            reason = f"MQTT instance {self.number} has no broker"
            raise DeviceError(refusals.no_server, reason, MqttServer(self.number))
        if not self._contexts.serves_sockets(settings.cid):
            raise self._contexts.lack_for_sockets(settings.cid).refusal(refusals.no_context)
        session = self._session(login, settings)
        protection = self._protection.choose(settings)
        self._states.apply(MqttAction.CONNECT)
        self._used = settings
        try:
            await self._perform(self._open(settings, protection, session, login))
        except BaseException:
            self._end(lambda connection: connection.abort("the attempt was given up"))
            if self.state in _GIVEN_UP:
                self._states.apply(_GIVEN_UP[self.state])
            raise

    async def _open(self, settings: MqttSettings, protection: Protection, session: "MqttSession", login: Login) -> None:
        from emulator.device.mqtt.connection import MqttConnection

        refusals, environment = self.profile.refusals, self._environment_on(settings.cid)
        with attempt(
            (settings.server, settings.port),
            self.profile.connection_timeout,
            unresolved=refusals.unresolved,
            unreachable=refusals.unreachable,
            too_late=refusals.timeout,
        ):
            async with environment.clock.timeout(self.profile.connection_timeout):
                tcp = await environment.bearer.dial(settings.server, settings.port)
        try:
            stream = await protection.open(tcp)
        except (TlsFailure, TimeoutError) as error:
            raise refusal_of(error, refusals.tls_handshake) from error
        self._connection = connection = MqttConnection(
            stream, session, settings.packet_timeout, environment.clock, environment.trace, self
        )
        await connection.connect(self._options(login, settings))
        self._states.apply(MqttAction.ACCEPTED)

    def _session(self, login: Login, settings: MqttSettings) -> "MqttSession":
        """Return the session of this client id that was kept, or a new one."""
        from emulator.mqtt.session import MalformedRequest, MqttSession

        if self._kept is not None and self._kept[0] == login.client_id and not settings.clean_session:
            return self._kept[1]
        longest = self.profile.inbox_size + _OVERHEAD
        try:
            session = MqttSession(login.client_id, clean_session=bool(settings.clean_session), longest=longest)
        except MalformedRequest as error:
            raise DeviceError(self.profile.refusals.malformed, f"the broker cannot be asked so: {error}") from error
        self._kept = None if settings.clean_session else (login.client_id, session)
        return session

    def _options(self, login: Login, settings: MqttSettings) -> Any:
        from emulator.mqtt.session import ConnectOptions, Will

        will = Will(
            topic=settings.will_topic,
            payload=settings.will_message.encode(),
            qos=settings.will_qos,
            retain=bool(settings.will_retain),
        )
        return ConnectOptions(
            client_id=login.client_id,
            user=login.user,
            password=login.password,
            keep_alive=settings.keep_alive,
            will=will if settings.will else None,
        )

    def disconnect(self) -> None:
        """End the connection in order.

        Raises:
            DeviceError: there is none.
        """
        self._states.apply(MqttAction.DISCONNECT)
        self._end(lambda connection: connection.close())

    # Messages.

    async def subscribe(self, topic: str) -> None:
        """Subscribe to a topic filter.

        Raises:
            DeviceError: there is no connection, the broker refuses or is silent, or this is no topic filter.
        """
        await self._use(lambda connection: connection.subscribe(topic, self.profile.subscription_qos))

    async def unsubscribe(self, topic: str) -> None:
        """End a subscription.

        Raises:
            DeviceError: as for `subscribe`.
        """
        await self._use(lambda connection: connection.unsubscribe(topic))

    async def publish(self, topic: str, payload: bytes, qos: int, retain: bool) -> None:
        """Publish a message.

        Raises:
            DeviceError: as for `subscribe`.
        """
        await self._use(lambda connection: connection.publish(topic, payload, qos, retain))

    def read(self, number: int) -> ReceivedMessage:
        """Take a message out of the inbox.

        Raises:
            DeviceError: there is none of that number, or the instance is disabled.
        """
        self.check(MqttAction.READ)
        message = self.inbox.take(number)
        if message is None:
            reason = f"MQTT instance {self.number} has no message {number} that was not read"
            raise DeviceError(self.profile.refusals.nothing_received, reason, MqttMessage(self.number))
        return message

    async def _use(self, request: Callable[["MqttConnection"], Any]) -> None:
        self.check(MqttAction.USE)
        assert self._connection is not None, "it is connected"
        await self._perform(request(self._connection))

    async def _perform(self, work: Any) -> Any:
        """Carry out a request, and turn what goes wrong into the module's refusals."""
        from emulator.device.mqtt.connection import Refused, RequestFailed, TimedOut
        from emulator.mqtt.session import MalformedRequest

        refusals = self.profile.refusals
        try:
            return await self._work.run(work)
        except WorkCancelled as error:
            cid = self._used.cid if self._used is not None else self.settings.cid
            raise self._contexts.lack_for_sockets(cid).refusal(refusals.no_context) from error
        except MalformedRequest as error:
            raise DeviceError(refusals.malformed, f"the broker cannot be asked so: {error}") from error
        except TimedOut as error:
            raise DeviceError(refusals.timeout, str(error)) from error
        except Refused as error:
            raise DeviceError(refusals.refused, str(error)) from error
        except RequestFailed as error:
            raise DeviceError(refusals.ended, str(error)) from error

    # What the connection tells.

    def message_arrived(self, message: "MessageArrived") -> None:
        """Keep a message, or report that there is no room for it."""
        received = ReceivedMessage(message.topic, message.payload)
        number = None if message.cut else self.inbox.put(received)
        if self._listener is None:
            return
        if number is None:
            self._listener.message_lost()
        else:
            self._listener.message_waits(self.number, number, received)

    def connection_lost(self, reason: str) -> None:
        """Take note of the end of the connection; no URC tells of it."""
        self._connection = self._used = None
        if self.state is MqttState.CONNECTED:
            self._states.apply(MqttAction.LOSE)

    # Loss of context and power.

    def break_off(self, cid: int) -> None:
        """End the connection over this context, which is lost."""
        if self._used is not None and self._used.cid == cid:
            self._work.cancel()
            if self._connection is not None:
                self._connection.lose("the context is no longer active")

    def drop(self) -> None:
        """End everything at once: the power is gone."""
        self._work.cancel()
        with suppress(DeviceError):
            self._end(lambda connection: connection.abort("the power is gone"))

    def _end(self, end: Callable[["MqttConnection"], None]) -> None:
        connection, self._connection, self._used = self._connection, None, None
        if connection is not None:
            end(connection)

"""Send mails: one at a time, by context 1. IP Easy User Guide 3.5.2."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec

from emulator.device.connection.attempt import attempt
from emulator.device.connection.handshake_failure import refusal_of
from emulator.device.connection.replies import Reply
from emulator.device.connection.work import Work, WorkCancelled
from emulator.device.email.attachment import Attachment
from emulator.device.email.content import header
from emulator.device.email.delivery import Delivery, DeliveryFailed
from emulator.device.email.online import OnlineMail
from emulator.device.email.session import Envelope, SmtpSession
from emulator.device.email.settings import EmailSettingsStore, Security
from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.device.needs.transfer import MailServer
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts, Stack
from emulator.device.ssl.exclusion import SslExclusion
from emulator.device.ssl.protection import ClearText, Protection, WithinTls
from emulator.device.ssl.service import SslService
from emulator.errors import DeviceError
from emulator.firmware.schema.email import Email
from emulator.tls.client import TlsFailure

Result = TypeVar("Result")


class Mail(msgspec.Struct, frozen=True):
    """A text for one recipient."""

    recipient: str
    subject: str
    text: bytes


class EmailClient:
    """Settings, and the mail that is on its way; a wait ends when the context or the power is lost."""

    def __init__(
        self,
        profile: Email,
        store: NvmStore,
        contexts: PdpContexts,
        ssl: SslService | None,
        environment: Environment,
        environment_on: Callable[[int], Environment],
    ) -> None:
        """`environment_on` returns the environment of what a PDP context carries."""
        self.profile = profile
        self.settings = EmailSettingsStore(profile, store)
        self._ssl = ssl
        self._exclusion = SslExclusion("SMTPS", profile, ssl, self._held_ssl) if ssl is not None else None
        self._is_secure = False
        """Whether the mail on its way is protected by TLS."""
        self.last_reply: Reply | None = None
        """The last reply of a server that has been waited for."""
        self._contexts = contexts
        self._environment_on = environment_on
        self._clock, self._trace = environment.clock, environment.trace
        self._work = Work()
        self._online: OnlineMail | None = None
        """The mail whose attachment is being sent."""
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<EmailClient {self._work!r}>"

    def check(self) -> None:
        """Refuse a mail that cannot be sent.

        Raises:
            DeviceError: the context is down, there is no server, or TLS is not possible now.
        """
        cid = self.settings.cid
        if not self._contexts.serves_sockets(cid):
            raise self._contexts.lack_for_sockets(cid).refusal(self.profile.refusals.no_context)
        self._check_server()
        if not self._is_busy:
            self._protection()

    def check_without_context(self) -> None:
        """Refuse a mail with a context of its own.

        Raises:
            DeviceError: the context cannot be activated, or there is no server.
        """
        self._contexts.check(IP_CONTEXT)
        self._check_server()

    async def send(self, mail: Mail) -> None:
        """Send a mail.

        Raises:
            DeviceError: the context is down, the server cannot be reached, refuses the mail or is silent.
        """
        self.check()
        await self._perform(lambda protection: self._send(mail, protection))

    async def begin(self, mail: Mail, attachment: Attachment) -> OnlineMail:
        """Send a mail up to its attachment.

        Raises:
            DeviceError: as for `send`.
        """
        self.check()
        self._online = await self._perform(lambda protection: self._begin(mail, attachment, protection))
        return self._online

    async def send_with_context(self, mail: Mail, username: str, password: str) -> None:
        """Activate the context, send a mail and deactivate the context, whether it was sent or not.

        Raises:
            DeviceError: as for `send`, or the context cannot be activated.
        """
        self.check_without_context()
        await self._contexts.activate(IP_CONTEXT, Stack.INTERNAL, username, password)
        try:
            await self.send(mail)
        finally:
            self._contexts.deactivate(IP_CONTEXT)

    def drop(self) -> None:
        """Break the connection off: the network or the power is gone."""
        self._work.cancel()
        if self._online is not None:
            self._online.break_off()

    def _check_server(self) -> None:
        if not self.settings.current.server:
            raise DeviceError(self.profile.refusals.no_server, "no mail server is set", MailServer())

    @property
    def _is_busy(self) -> bool:
        return self._work.is_busy or self._online is not None

    async def _perform(self, work: Callable[[Protection], Coroutine[Any, Any, Result]]) -> Result:
        if self._is_busy:
            raise DeviceError(self.profile.refusals.busy, "another mail is still on its way")
        protection = self._protection()
        self._is_secure = protection.is_secure
        try:
            return await self._work.run(work(protection))
        except WorkCancelled as error:
            lack = self._contexts.lack_for_sockets(self.settings.cid)
            raise lack.refusal(self.profile.refusals.no_context) from error

    async def _send(self, mail: Mail, protection: Protection) -> None:
        deadline = self._clock.now() + self.profile.timeout
        async with self._delivery(mail, protection, deadline) as delivery:
            delivery.write(mail.text)
            await delivery.finish(deadline)

    async def _begin(self, mail: Mail, attachment: Attachment, protection: Protection) -> OnlineMail:
        deadline = self._clock.now() + self.profile.timeout
        async with self._delivery(mail, protection, deadline, *attachment.fields) as delivery:
            delivery.write(attachment.before(mail.text))

        def over() -> None:
            self._online = None
            self.last_reply = delivery.session.last_reply

        return OnlineMail(delivery, attachment, self.profile.timeout, self._clock, over)

    @asynccontextmanager
    async def _delivery(
        self, mail: Mail, protection: Protection, deadline: float, *fields: tuple[str, str]
    ) -> AsyncIterator[Delivery]:
        """Send a mail up to the end of its header, which has these fields, too."""
        delivery = await self._open(mail.recipient, protection, deadline)
        sender = self.settings.current.address
        try:
            await delivery.begin(deadline)
            delivery.write(header(("From", sender), ("To", mail.recipient), ("Subject", mail.subject), *fields))
            yield delivery
        except DeliveryFailed as error:
            raise DeviceError(self.profile.refusals.response, str(error)) from error
        except (TlsFailure, TimeoutError) as error:
            raise refusal_of(error, self.profile.refusals.tls_handshake) from error
        except asyncio.CancelledError:
            delivery.abort()
            raise
        finally:
            self.last_reply = delivery.session.last_reply or self.last_reply

    async def _open(self, recipient: str, protection: Protection, deadline: float) -> Delivery:
        settings, refusals, port = self.settings.current, self.profile.refusals, self.settings.port
        bearer = self._environment_on(self.settings.cid).bearer
        starts_tls = protection.is_secure and self.settings.security is Security.START_TLS
        envelope = Envelope(
            self._own_name(), settings.address, recipient, settings.user, settings.password, starts_tls=starts_tls
        )
        timeout = deadline - self._clock.now()
        with attempt(
            (settings.server, port),
            timeout,
            unresolved=refusals.unresolved,
            unreachable=refusals.unreachable,
            too_late=refusals.unreachable,
        ):
            async with self._clock.timeout(timeout):
                tcp = await bearer.dial(settings.server, port)
        begins = ClearText(self._trace) if starts_tls else protection
        try:
            stream = await begins.open(tcp)
        except (TlsFailure, TimeoutError) as error:
            raise refusal_of(error, refusals.tls_handshake) from error
        return Delivery(SmtpSession(envelope), stream, protection, self._clock, self._trace)

    def _protection(self) -> Protection:
        if self.settings.security is Security.CLEAR or self._ssl is None or self._exclusion is None:
            return ClearText(self._trace)
        self._exclusion.check()
        host = self.settings.current.server
        protection = WithinTls(self._ssl.policy, host, self.profile.timeout, self._clock, self._trace)
        protection.check()
        return protection

    def _held_ssl(self) -> int:
        """Return how many mails are on their way within TLS."""
        return int(self._is_busy and self._is_secure)

    def _own_name(self) -> str:
        return self.profile.client_name or f"[{self._contexts.address(self.settings.cid)}]"

    def _context_lost(self, cid: int) -> None:
        if cid == self.settings.cid:
            self.drop()

"""Send mails: one at a time, by context 1. IP Easy User Guide 3.5.2."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from emulator.device.connection.attempt import attempt
from emulator.device.connection.plain import PlainStream
from emulator.device.connection.replies import Reply
from emulator.device.connection.work import Work, WorkCancelled
from emulator.device.email.attachment import Attachment
from emulator.device.email.content import header
from emulator.device.email.delivery import Delivery, DeliveryFailed
from emulator.device.email.online import OnlineMail
from emulator.device.email.session import Envelope, SmtpSession
from emulator.device.email.settings import EmailSettingsStore
from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.device.needs import MailServer
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts, Stack
from emulator.errors import DeviceError
from emulator.firmware.schema.email import Email

Result = TypeVar("Result")


@dataclass(frozen=True)
class Mail:
    """A text for one recipient."""

    recipient: str
    subject: str
    text: bytes


class EmailClient:
    """Settings, and the mail that is on its way; a wait ends when the context or the power is lost."""

    def __init__(self, profile: Email, store: NvmStore, contexts: PdpContexts, environment: Environment) -> None:
        self.profile = profile
        self.settings = EmailSettingsStore(store)
        self.last_reply: Reply | None = None
        """The last reply of a server that has been waited for."""
        self._contexts = contexts
        self._bearer = environment.bearer
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
            DeviceError: the context is down, or there is no server.
        """
        if not self._contexts.serves_sockets(IP_CONTEXT):
            raise self._contexts.lack_for_sockets(IP_CONTEXT).refusal(self.profile.refusals.no_context)
        self._check_server()

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
        await self._perform(self._send(mail))

    async def begin(self, mail: Mail, attachment: Attachment) -> OnlineMail:
        """Send a mail up to its attachment.

        Raises:
            DeviceError: as for `send`.
        """
        self.check()
        self._online = await self._perform(self._begin(mail, attachment))
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

    async def _perform(self, work: Coroutine[Any, Any, Result]) -> Result:
        if self._work.is_busy or self._online is not None:
            work.close()
            raise DeviceError(self.profile.refusals.busy, "another mail is still on its way")
        try:
            return await self._work.run(work)
        except WorkCancelled as error:
            lack = self._contexts.lack_for_sockets(IP_CONTEXT)
            raise lack.refusal(self.profile.refusals.no_context) from error

    async def _send(self, mail: Mail) -> None:
        deadline = self._clock.now() + self.profile.timeout
        async with self._delivery(mail, deadline) as delivery:
            delivery.write(mail.text)
            await delivery.finish(deadline)

    async def _begin(self, mail: Mail, attachment: Attachment) -> OnlineMail:
        deadline = self._clock.now() + self.profile.timeout
        async with self._delivery(mail, deadline, *attachment.fields) as delivery:
            delivery.write(attachment.before(mail.text))

        def over() -> None:
            self._online = None
            self.last_reply = delivery.session.last_reply

        return OnlineMail(delivery, attachment, self.profile.timeout, self._clock, over)

    @asynccontextmanager
    async def _delivery(self, mail: Mail, deadline: float, *fields: tuple[str, str]) -> AsyncIterator[Delivery]:
        """Send a mail up to the end of its header, which has these fields, too."""
        delivery = await self._open(mail.recipient, deadline)
        sender = self.settings.current.address
        try:
            await delivery.begin(deadline)
            delivery.write(header(("From", sender), ("To", mail.recipient), ("Subject", mail.subject), *fields))
            yield delivery
        except DeliveryFailed as error:
            raise DeviceError(self.profile.refusals.response, str(error)) from error
        except asyncio.CancelledError:
            delivery.abort()
            raise
        finally:
            self.last_reply = delivery.session.last_reply or self.last_reply

    async def _open(self, recipient: str, deadline: float) -> Delivery:
        settings, refusals = self.settings.current, self.profile.refusals
        envelope = Envelope(
            self._own_name(), settings.address, recipient, user=settings.user, password=settings.password
        )
        async with attempt(
            self._clock,
            deadline - self._clock.now(),
            (settings.server, self.profile.port),
            unresolved=refusals.unresolved,
            unreachable=refusals.unreachable,
            too_late=refusals.unreachable,
        ):
            tcp = await self._bearer.dial(settings.server, self.profile.port)
        return Delivery(SmtpSession(envelope), PlainStream(tcp, self._trace), self._clock, self._trace)

    def _own_name(self) -> str:
        return self.profile.client_name or f"[{self._contexts.address(IP_CONTEXT)}]"

    def _context_lost(self, cid: int) -> None:
        if cid == IP_CONTEXT:
            self.drop()

"""Send mails: one at a time, by context 1. IP Easy User Guide 3.5.2."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from emulator.device.connection.attempt import attempt
from emulator.device.connection.plain import PlainStream
from emulator.device.connection.replies import Reply
from emulator.device.connection.work import Work, WorkCancelled
from emulator.device.email.content import header
from emulator.device.email.delivery import Delivery, DeliveryFailed
from emulator.device.email.session import Envelope, SmtpSession
from emulator.device.email.settings import EmailSettingsStore
from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts, Stack
from emulator.errors import DeviceError
from emulator.firmware.schema.email import Email


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
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<EmailClient {self._work!r}>"

    def check(self) -> None:
        """Refuse a mail that cannot be sent.

        Raises:
            DeviceError: the context is down, or there is no server.
        """
        if not self._contexts.serves_sockets(IP_CONTEXT):
            raise DeviceError(self.profile.refusals.no_context)
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

    def _check_server(self) -> None:
        if not self.settings.current.server:
            raise DeviceError(self.profile.refusals.no_server, "there is no server")

    async def _perform(self, work: Coroutine[Any, Any, None]) -> None:
        if self._work.is_busy:
            work.close()
            raise DeviceError(self.profile.refusals.busy, "another mail is on its way")
        try:
            await self._work.run(work)
        except WorkCancelled as error:
            raise DeviceError(self.profile.refusals.no_context) from error

    async def _send(self, mail: Mail) -> None:
        deadline = self._clock.now() + self.profile.timeout
        delivery = await self._open(mail.recipient, deadline)
        try:
            await self._write(delivery, mail, deadline)
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
            unresolved=refusals.unresolved,
            unreachable=refusals.unreachable,
            too_late=refusals.unreachable,
        ):
            tcp = await self._bearer.dial(settings.server, self.profile.port)
        return Delivery(SmtpSession(envelope), PlainStream(tcp, self._trace), self._clock, self._trace)

    def _own_name(self) -> str:
        return self.profile.client_name or f"[{self._contexts.address(IP_CONTEXT)}]"

    async def _write(self, delivery: Delivery, mail: Mail, deadline: float) -> None:
        await delivery.begin(deadline)
        sender = self.settings.current.address
        delivery.write(header(("From", sender), ("To", mail.recipient), ("Subject", mail.subject)))
        delivery.write(mail.text)
        await delivery.finish(deadline)

    def _context_lost(self, cid: int) -> None:
        if cid == IP_CONTEXT:
            self.drop()

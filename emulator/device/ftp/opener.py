"""Open a session: dialling, greeting, protection, login. Guide chapter 5."""

import asyncio

from emulator.device.connection.attempt import attempt
from emulator.device.connection.handshake_failure import refusal_of
from emulator.device.environment import Environment
from emulator.device.ftp.control import ControlConnection, LastReply
from emulator.device.ftp.login import Account, greet, log_in, protect, protect_data
from emulator.device.ftp.session import DataConnections, FtpSession
from emulator.firmware.schema.ftp import Ftp
from emulator.net.stream import Stream


class SessionOpener:
    """Opens sessions as the module's settings ask for them."""

    def __init__(self, profile: Ftp) -> None:
        self._profile = profile
        self.last = LastReply()

    def __repr__(self) -> str:
        return f"<SessionOpener, last reply {self.last.reply!r}>"

    async def open(
        self, account: Account, connections: DataConnections, timeout: float, environment: Environment
    ) -> FtpSession:
        """Log in; leave no connection behind when cancelled.

        Args:
            account: where, and who.
            connections: how the session is to make its data connections; its protection is the session's own, too.
            timeout: seconds for the TCP connection, a packet of the handshake, and each reply.
            environment: that of the context.

        Raises:
            DeviceError: the server cannot be reached, or security data is missing.
            TlsFailure, Unexpected, ControlLost: it is not trusted, refuses, or is gone.
        """
        stream = await self._dial(account, timeout, environment)
        control = ControlConnection(stream, timeout, self.last, environment.clock, environment.trace)
        session = FtpSession(control, connections, environment.bearer, environment.clock)
        try:
            await self._log_in(session, account)
        except asyncio.CancelledError:
            control.abort()
            raise
        except Exception:
            control.close()
            raise
        return session

    async def _dial(self, account: Account, timeout: float, environment: Environment) -> Stream:
        refusals = self._profile.refusals
        with attempt(
            (account.host, account.port),
            timeout,
            unresolved=refusals.unresolved,
            unreachable=refusals.unreachable,
            too_late=refusals.timeout,
        ):
            async with environment.clock.timeout(timeout):
                return await environment.bearer.dial(account.host, account.port)

    async def _log_in(self, session: FtpSession, account: Account) -> None:
        control, protection = session.control, session.connections.protection
        await greet(control)
        if protection.is_secure:
            try:
                await protect(control, protection)
            except TimeoutError as error:
                raise refusal_of(error, self._profile.refusals.tls_handshake) from error
        await log_in(control, account)
        if protection.is_secure:
            await protect_data(control)
        await session.set_type(self._profile.transfer_types.default or 0)

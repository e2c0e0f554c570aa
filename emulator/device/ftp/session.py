"""Run a session with an FTP server: one control connection, and one transfer at a time."""

import asyncio
from contextlib import suppress
from typing import TypeVar

import msgspec

from emulator.clock import Clock
from emulator.device.connection.attempt import abandon
from emulator.device.connection.states import ClosedBy
from emulator.device.connection.stream import SocketStream
from emulator.device.ftp.control import ControlConnection, ControlLost, Unexpected
from emulator.device.ftp.data_port import DataPort, active_port, passive_port
from emulator.device.ftp.transfer import Transfer
from emulator.device.ssl.protection import Protection
from emulator.net.bearer import Bearer, DialFailed
from emulator.tls.client import TlsFailure

_TYPES = ("I", "A")
"""RFC 959 names (3.1.1) of the transfer types 0 and 1."""

AnyTransfer = TypeVar("AnyTransfer", bound=Transfer)


class DataConnections(msgspec.Struct, frozen=True):
    """Settings of the data connections of a session."""

    passive: bool
    ignores_address: bool
    """Whether the address in the server's reply to PASV is not to be trusted."""
    protection: Protection


class FtpSession:
    """A session that has logged in; ends by `close`, by `break_off` or when the server ends it."""

    def __init__(self, control: ControlConnection, connections: DataConnections, bearer: Bearer, clock: Clock) -> None:
        self.control = control
        self.connections = connections
        self._bearer = bearer
        self._clock = clock
        self._transfer: Transfer | None = None
        self.type = 0
        """0 binary, 1 ASCII."""
        self.restart = 0
        """Where the next download begins, in bytes."""
        control.on_lost = self._control_lost

    def __repr__(self) -> str:
        return f"<FtpSession {self.control!r}, {self._transfer!r}>"

    @property
    def is_secure(self) -> bool:
        """Whether it is within TLS."""
        return self.connections.protection.is_secure and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return self.control.is_lost

    @property
    def transfer(self) -> Transfer | None:
        """Return the transfer under way."""
        return None if self._transfer is None or self._transfer.has_ended else self._transfer

    async def set_type(self, number: int) -> None:
        """Choose the type of the transfers to come: 0 binary, 1 ASCII.

        Raises:
            Unexpected: the server refuses.
            ControlLost: the session is over.
        """
        await self.control.expect("TYPE", _TYPES[number])
        self.type = number

    async def begin(self, kind: type[AnyTransfer], verb: str, name: str = "", restart: int = 0) -> AnyTransfer:
        """Open a data connection for `verb`.

        Raises:
            Unexpected: the server refuses.
            ControlLost: the session is over.
            DialFailed, TimeoutError, TlsFailure: the data connection does not come about.
        """
        port = await self._agree_on_port()
        try:
            if restart:
                await self._restart_at(restart)
            stream = await self._connect(port, verb, name)
        finally:
            port.close()
        transfer = kind(self.control, stream, self._clock)
        self._transfer = transfer
        return transfer

    async def close(self) -> None:
        """Send QUIT, and end the session whatever the server replies."""
        try:
            if self.transfer is not None:
                await self.transfer.complete()
        finally:
            await self._quit()

    def break_off(self, reason: ClosedBy) -> None:
        """End the session: the network or the power is gone."""
        self.control.abort()
        if self.transfer is not None:
            self.transfer.break_off(reason)

    async def _quit(self) -> None:
        try:
            await self.control.request("QUIT")
        except ControlLost:
            return
        self.control.close()

    async def _agree_on_port(self) -> DataPort:
        if not self.connections.passive:
            return await active_port(self.control, self._bearer)
        async with self._clock.timeout(self.control.timeout):
            return await passive_port(self.control, self._bearer, ignores_address=self.connections.ignores_address)

    async def _restart_at(self, position: int) -> None:
        reply = await self.control.request("REST", str(position))
        if not reply.wants_more:
            raise Unexpected(reply, "REST")

    async def _connect(self, port: DataPort, verb: str, name: str) -> SocketStream:
        """Send the command while the connection opens: a server may wait for either of them first."""
        connecting = asyncio.create_task(self._open(port))
        try:
            await self._ask(verb, name)
            return await connecting
        except (DialFailed, TimeoutError, TlsFailure):
            await self._hear_of_the_failure()
            raise
        except BaseException:
            abandon(connecting)
            raise

    async def _open(self, port: DataPort) -> SocketStream:
        async with self._clock.timeout(self.control.timeout):
            tcp = await port.accept()
        return await self.connections.protection.open(tcp)

    async def _ask(self, verb: str, name: str) -> None:
        reply = await self.control.request(verb, name)
        if reply.is_success:
            self.control.put_back(reply)  # it was quick: this is the final reply already
        elif not reply.is_preliminary:
            raise Unexpected(reply, verb)

    async def _hear_of_the_failure(self) -> None:
        with suppress(ControlLost):
            await self.control.final_reply()

    def _control_lost(self) -> None:
        """End the transfer with the session, unless the server has confirmed it."""
        if self.transfer is not None and not self.control.has_reply:
            self.transfer.break_off(ClosedBy.PEER)

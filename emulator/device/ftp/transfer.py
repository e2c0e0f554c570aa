"""Transfer data over one data connection, up to the final reply of the server."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from emulator.clock import Clock
from emulator.device.connection.attempt import retrieve
from emulator.device.connection.notifier import Notifier
from emulator.device.connection.states import ClosedBy
from emulator.device.connection.stream import SocketStream
from emulator.device.ftp.control import ControlConnection, ControlLost
from emulator.tls.client import TlsFailure


class TransferFailed(Exception):
    """The transfer has failed."""


class UploadFailed(TransferFailed):
    """The server has ended an upload, or takes no more of it."""


class Transfer(ABC):
    """A transfer, which ends once, by `complete` or `conclude`; a second call has the same result."""

    takes_data = False
    """Whether the host sends."""

    def __init__(self, control: ControlConnection, stream: SocketStream, clock: Clock) -> None:
        self.stream = stream
        self._control = control
        self._notifier = Notifier(clock)
        self._ending: asyncio.Task[None] | None = None
        self.on_broken: Callable[[ClosedBy], None] | None = None
        """Called when the session has broken the transfer off."""
        stream.set_reader(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'ended' if self.has_ended else 'open'}, {self.stream!r}>"

    @property
    def is_exhausted(self) -> bool:
        """Whether the server has closed the data connection and all its data was read."""
        return self.stream.peer_closed and not self.stream.pending

    @property
    def has_ended(self) -> bool:
        """Whether the final reply has come, or cannot come."""
        return self._ending is not None and self._ending.done()

    async def complete(self) -> None:
        """End the transfer for the host: an upload is complete, a download is cut short.

        Raises:
            TransferFailed: the server does not confirm it.
        """
        await self._end(self._finish)

    async def conclude(self) -> None:
        """Close the data connection, which the server has ended, and wait for the final reply.

        Raises:
            TransferFailed: the reply is a failure, or does not come.
        """
        await self._end(self._close)

    async def settle(self) -> bool:
        """Return whether the transfer has ended by itself."""
        if self.is_exhausted:
            with suppress(TransferFailed):
                await self.conclude()
        return self.has_ended

    def abort(self) -> None:
        """Abort the data connection; the session goes on."""
        self.stream.abort()

    def break_off(self, reason: ClosedBy) -> None:
        """Abort the transfer: the session has ended."""
        self.abort()
        self._notifier.notify()
        if self.on_broken is not None:
            self.on_broken(reason)

    def readable(self) -> None:
        """Take data or the end from the stream."""
        self._notifier.notify()

    def writable(self) -> None:
        """Let the sender go on: the stream is no longer congested."""
        self._notifier.notify()

    async def _end(self, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._ending is None:
            self.stream.set_reader(self)
            self._ending = asyncio.create_task(self._run(close))
            self._ending.add_done_callback(retrieve)
        await asyncio.shield(self._ending)

    async def _run(self, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        failure = None
        try:
            await close()
        except TransferFailed as error:
            failure = error
        try:
            reply = await self._control.final_reply()
        except ControlLost as error:
            raise failure or TransferFailed(str(error)) from error
        if failure is not None:
            raise failure
        if not reply.is_success:
            raise TransferFailed(f"the server answers {reply.last_line}")

    async def _close(self) -> None:
        self.stream.close()

    @abstractmethod
    async def _finish(self) -> None:
        """End the data connection from this side."""


class Download(Transfer):
    """RETR or LIST."""

    async def settle(self) -> bool:
        """See `Transfer`; a host that knows the size does not read on, so that the end is given time to arrive."""
        stream = self.stream
        await self._notifier.wait_while(lambda: not stream.pending and not stream.peer_closed, self._control.timeout)
        return await super().settle()

    async def _close(self) -> None:
        """See `Transfer`; what a broken connection has brought is no whole file, whatever the server says."""
        broken = self.stream.ended_by is ClosedBy.FAILURE
        await super()._close()
        if broken:
            raise TransferFailed("the data connection has broken")

    async def _finish(self) -> None:
        self.stream.abort()


class Upload(Transfer):
    """STOR or APPE; the end of the connection is the end of the file."""

    takes_data = True

    async def send(self, data: bytes) -> None:
        """Send a piece, once the server has taken enough of those before.

        Raises:
            TransferFailed: the server has ended the connection, or takes nothing within the timeout.
        """
        if await self._wait_while_congested() and not self.stream.peer_closed:
            with suppress(TlsFailure):
                self.stream.send(data)
                return
        self.abort()
        await self.conclude()
        raise UploadFailed("the server has ended the upload")

    async def _finish(self) -> None:
        """Wait for a slow server: only a whole file may be confirmed."""
        stream = self.stream
        stream.drain()
        while stream.congested and not stream.peer_closed:
            before = stream.unsent
            if not await self._wait_while_congested() and stream.unsent >= before:
                stream.abort()
                raise UploadFailed("the server takes no more data")
        if stream.peer_closed and stream.unsent:
            stream.abort()
            raise UploadFailed("the server has closed before the end")
        stream.close()

    async def _wait_while_congested(self) -> bool:
        stream = self.stream
        return await self._notifier.wait_while(
            lambda: stream.congested and not stream.peer_closed, self._control.timeout
        )

"""An MQTT broker in the loop of the case that answers each packet by what it is told, whatever that is."""

import asyncio
from types import TracebackType
from typing import Self

from fuzzing.ftp_server import HANG_UP, RESET, reset


class OddBroker:
    """Says its pieces, one a turn of the loop, once something has come; then it waits or ends as it is told."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        """What is said next, as Latin-1."""
        self.end = ""
        """What follows: `HANG_UP`, `RESET` or anything else for nothing."""
        self._server: asyncio.Server | None = None
        self._opened: list[asyncio.Transport] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where it can be reached."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Client(self), "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        for task in self._tasks:
            task.cancel()
        self._server.close()
        for transport in self._opened:
            transport.abort()
        await asyncio.sleep(0.001)

    def take(self, client: asyncio.Transport) -> None:
        """Keep a new client, to end it."""
        self._opened.append(client)

    def answer(self, client: asyncio.Transport) -> None:
        """Say the pieces to a client, once."""
        pieces, self.pieces = self.pieces, []
        task = asyncio.get_running_loop().create_task(self._say(client, pieces, self.end))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self, client: asyncio.Transport, pieces: list[str], end: str) -> None:
        for piece in pieces:
            client.write(piece.encode("latin-1"))
            await asyncio.sleep(0)
        if end == HANG_UP:
            client.close()
        elif end == RESET:
            reset(client)


class _Client(asyncio.Protocol):
    def __init__(self, broker: OddBroker) -> None:
        self._broker = broker
        self._client: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._client = transport
        self._broker.take(transport)

    def data_received(self, data: bytes) -> None:
        assert self._client is not None
        self._broker.answer(self._client)

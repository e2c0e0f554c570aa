"""A peer on this machine, in the loop of the case."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from fuzzing.case import Case
from tests.commands.peer import ObedientPeer


class LocalPeer:
    """Take connections, say on each what is to be said, and drop what is heard."""

    def __init__(self, words: Sequence[bytes] = ()) -> None:
        self._words = words
        self._open: list[asyncio.Transport] = []
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where it can be reached."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Client(self._open, self._words), "127.0.0.1", 0
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for transport in self._open:
            transport.abort()
        await asyncio.sleep(0)

    def say(self, data: bytes) -> None:
        """Say this on every connection."""
        for transport in self._open:
            transport.write(data)

    def close(self) -> None:
        """Close the last connection."""
        if self._open:
            self._open.pop().close()


@contextmanager
def tls_peer_of(case: Case) -> Iterator[ObedientPeer | None]:
    """Run the TLS server that a case asks for, in a thread of its own; None where it asks for none."""
    if case.setting["peer"] != "TLS":
        yield None
        return
    with ObedientPeer() as peer:
        yield peer


class _Client(asyncio.Protocol):
    def __init__(self, opened: list[asyncio.Transport], words: Sequence[bytes]) -> None:
        self._opened = opened
        self._words = words

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._opened.append(transport)
        for word in self._words:
            transport.write(word)

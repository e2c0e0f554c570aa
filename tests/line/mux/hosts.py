"""A bench whose host speaks 27.010, and what hosts at its channels do."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from emulator.bench import BenchHost, ListeningPort
from emulator.testing import Bench
from tests.commands.ssl_bench import OK
from tests.peers.mux_client import Answer, Message, MuxClient


class MuxHost:
    """The program that holds the port and speaks 27.010 there."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.line: ListeningPort = bench.port
        self.client = MuxClient(self.line.host_write)

    async def start(self) -> None:
        """AT+CMUX=0 and the control channel."""
        assert OK == await self.bench.command("AT+CMUX=0")
        assert Answer("UA", 0) == self.connect(0)

    def open(self, number: int) -> "ChannelHost":
        """Open a channel; a host at it."""
        assert Answer("UA", number) == self.connect(number)
        return ChannelHost(self, number)

    def connect(self, number: int) -> Answer | None:
        """Send SABM; what the module answers, if anything."""
        return self._answer(self.client.connect, number)

    def disconnect(self, number: int) -> Answer | None:
        """Send DISC; what the module answers, if anything."""
        return self._answer(self.client.disconnect, number)

    def _answer(self, ask: Callable[[int], None], number: int) -> Answer | None:
        self.pump()
        self.client.answers.clear()
        ask(number)
        self.pump()
        assert len(self.client.answers) < 2
        return self.client.answers[0] if self.client.answers else None

    def tell(self, kind: int, value: bytes = b"") -> list[Message]:
        """Send a message on the control channel; those that the module answers with."""
        self.messages()
        self.client.tell(kind, value)
        return self.messages()

    def messages(self) -> list[Message]:
        """What has come on the control channel since the last call."""
        self.pump()
        messages, self.client.messages = self.client.messages, []
        return messages

    def pump(self) -> None:
        """Read what the module has said."""
        self.client.take(self.line.host_read())


class _ChannelEnd(ListeningPort):
    """A channel's end, as a bench takes it."""

    def __init__(self, host: MuxHost, number: int) -> None:
        super().__init__()
        self.written = host.line.written
        self._host = host
        self._number = number

    def host_write(self, data: bytes) -> None:
        self._host.client.send(self._number, data)

    def host_read(self, limit: int | None = None) -> bytes:
        self._host.pump()
        heard = self._host.client.heard[self._number]
        taken = bytes(heard[:limit])
        del heard[: len(taken)]
        return taken


class ChannelHost(BenchHost):
    """A host at one channel."""

    def __init__(self, host: MuxHost, number: int) -> None:
        super().__init__(_ChannelEnd(host, number), host.bench.clock)
        self.number = number


@asynccontextmanager
async def multiplexed(firmware: str = "HE910", **options: Any) -> AsyncIterator[tuple[Bench, MuxHost]]:
    """A module whose port is a multiplexer's, its control channel open."""
    async with Bench(firmware, **options) as bench:
        host = MuxHost(bench)
        await host.start()
        yield bench, host

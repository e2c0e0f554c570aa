"""Runs a modem under a manual clock, with a host at its port, in the test's event loop."""

import asyncio
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from emulator.clock import ManualClock
from emulator.line.transports.memory import MemoryPort
from emulator.modem import Modem
from emulator.options import ModemOptions, takes
from emulator.trace.events import Event

_STEP, _LONGEST_STEP = 0.01, 0.1
"""Seconds of the module's time that pass at once while an answer is waited for: first short, later long ones."""
_OTHERS_TURN = 0.005
"""Seconds of real time between two of them, in which real peers get on."""
_FIRST_ANSWER = 1.0
"""Seconds of the module's time in which it has certainly taken ATE0, where its commands take time."""

TIMEOUT = 30.0
"""Seconds of real time that a bench waits for output that depends on a real peer."""


class ListeningPort(MemoryPort):
    """Signal each write of the module to a memory port."""

    def __init__(self) -> None:
        super().__init__("bench")
        self.written = asyncio.Event()

    def write(self, data: bytes) -> None:
        super().write(data)
        self.written.set()


class BenchHost:
    """Act as the host at a port."""

    def __init__(self, port: ListeningPort, clock: ManualClock) -> None:
        self.port = port
        self._clock = clock

    async def command(self, line: str, *, within: float = 0.0) -> str:
        """Send a line with CR; return the answer up to its final result, CONNECT or the prompt, as Latin-1 text.

        Up to `within` seconds of the module's time may pass until it is there, as with `realistic`.
        """
        self.send(f"{line}\r")
        return await self.answer(within=within)

    async def answer(self, *, within: float = 0.0) -> str:
        """Read up to a final result, CONNECT or the prompt; see `command`."""
        return await self.until(*_ENDS, within=within)

    async def until(self, *ends: str, within: float = 0.0) -> str:
        """Read until the output ends with one of `ends`; see `command`.

        Raises:
            AssertionError: nothing of that came within `TIMEOUT`; the message holds the output so far.
        """
        heard, deadline, step = "", self._clock.now() + within, _STEP
        try:
            async with asyncio.timeout(TIMEOUT):
                while True:
                    self.port.written.clear()
                    heard += self.read()
                    if heard.endswith(ends) or _is_failure(heard):
                        return heard
                    if self._clock.now() < deadline:
                        await self._clock.advance_in_loop(step)
                        step = min(step * 1.2, _LONGEST_STEP)
                        await asyncio.sleep(_OTHERS_TURN if step > _LONGEST_STEP / 2 else 0)
                    else:
                        await self.port.written.wait()
        except TimeoutError:
            raise AssertionError(f"waited for {ends}, heard {heard!r}") from None

    def send(self, data: str | bytes) -> None:
        """Send bytes, or Latin-1 text, as the host."""
        self.port.host_write(data.encode("latin-1") if isinstance(data, str) else data)

    def read(self) -> str:
        """Return the output since the last call, as Latin-1 text."""
        return self.port.host_read().decode("latin-1")

    async def escape(self) -> str:
        """Leave data mode by +++ between guard times; return the answer."""
        await self._clock.advance_in_loop(1.1)
        self.send("+++")
        await self._clock.advance_in_loop(1.1)
        return await self.answer()


class BenchOptions(ModemOptions, frozen=True, kw_only=True):
    """Options of a bench: those of a modem, whose ports and clock are the bench's own."""

    clock: ManualClock | None = None
    """Take this clock, which another bench may share."""
    echo: bool = False
    """Leave the module's echo on."""


class Bench(BenchHost):
    """Use it in an event loop::

        async with Bench("HE910@12.00.004") as bench:
            assert await bench.command("AT+CMEE?") == "\\r\\n+CMEE: 0\\r\\n\\r\\nOK\\r\\n"
            await bench.advance(90)

    The host begins with echo off, so that what it reads is what the module says.
    """

    @takes(BenchOptions)
    def __init__(self, options: BenchOptions) -> None:
        """Take the options of a `VirtualModem` by name, and `echo`, which leaves the module's echo on."""
        self.clock = options.clock or ManualClock()
        super().__init__(ListeningPort(), self.clock)
        self.hosts: list[BenchHost] = [self]
        """One at each port; the first is the bench itself."""
        self.events: list[Event] = []
        """The trace events so far."""
        readers = (*options.readers, lambda now, event: self.events.append(event))
        self._options = replace(options, clock=self.clock, readers=readers, port=self._make_port)
        self._made = 0

    def _make_port(self) -> MemoryPort:
        """Make a port for the next host; one that replaces a vanished port is the first host's."""
        port, self._made = ListeningPort(), self._made + 1
        if 1 < self._made <= (self._options.ports or 1):
            self.hosts.append(BenchHost(port, self.clock))
        else:
            self.port = port
        return port

    async def __aenter__(self) -> Self:
        self.modem = Modem(self._options)
        for host in self.hosts:
            host.port.host_open()
            while not self.modem.device.power.running:
                await self.advance(_STEP)
            if not self._options.echo:
                await host.command("ATE0", within=_FIRST_ANSWER if self._options.realistic else 0.0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.modem.close()
        await asyncio.sleep(0)  # the transports close in the next turn; a server that the caller joins waits for it

    async def advance(self, seconds: float) -> None:
        """Let time pass in the module."""
        await self.clock.advance_in_loop(seconds)


_FINALS = ("OK", "ERROR", "CONNECT", "NO CARRIER", "BUSY", "NO ANSWER")
_ENDS = (*(f"\r\n{final}\r\n" for final in _FINALS), "\r\n> ", "\r\n>>>")


def _is_failure(heard: str) -> bool:
    """Return whether the output ends with an extended error."""
    return heard.endswith("\r\n") and heard[:-2].rpartition("\r\n")[2].startswith(("+CME ERROR:", "+CMS ERROR:"))

"""Connects a dialogue to an emulated module and its peer, in one event loop under a manual clock."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from emulator.bench import Bench
from emulator.device.connection.socket import DeviceSocket
from emulator.device.connection.states import State
from emulator.device.device import Device
from emulator.device.ssl.socket import SecureSocket
from emulator.dialogue.card import card_values
from emulator.dialogue.servers import Servers
from emulator.errors import DeviceError
from emulator.lab.scripted_server import ScriptedSession
from emulator.trace.events import HandshakeMessage

_MOMENT = 0.1
"""Step of the module's time in seconds while an answer with a time limit is read."""
_OPEN = (State.ONLINE, State.SUSPENDED)
_FIRST = 0.25
"""Seconds of real time after which a little time may pass in the module, for commands that take some."""
_LITTLE = 1.0
_BREATH = 0.002
"""Seconds of real time that the threads of a peer get between two looks."""


class BenchLine:
    """Implement `Line` for a bench. Time passes in `wait` only, and while an answer with a time limit is read."""

    def __init__(self, bench: Bench, timeout: float) -> None:
        self.name = bench.modem.firmware.name
        self.timeout = timeout
        self._bench = bench

    def __repr__(self) -> str:
        return f"<BenchLine to {self.name}>"

    async def set_echo(self, *, on: bool) -> None:
        """Turn the echo on or off; a silent module is no error here."""
        self.send(f"ATE{on:d}\r".encode())
        heard = b""
        while not heard.endswith(b"OK\r\n") and (more := await self.hear(None)):
            heard += more

    def send(self, data: bytes) -> None:
        self._bench.send(data)

    def read(self) -> bytes:
        return self._bench.read().encode("latin-1")

    async def hear(self, within: float | None) -> bytes:
        """Let the module's time pass first; then wait for output that depends on a peer of this machine.

        Without a time limit, at most a second passes, once the peer has had its chance.
        """
        if within is not None:
            return await self._hear_in_time(within) or await self._hear_at_a_stand(self.timeout)
        if heard := await self._hear_at_a_stand(min(_FIRST, self.timeout)):
            return heard
        return await self._hear_in_time(_LITTLE) or await self._hear_at_a_stand(self.timeout)

    async def _hear_in_time(self, seconds: float) -> bytes:
        passed = 0.0
        while passed < seconds:
            await self._bench.advance(_MOMENT)
            passed += _MOMENT
            await asyncio.sleep(_BREATH)
            if heard := self.read():
                return heard
        return b""

    async def _hear_at_a_stand(self, timeout: float) -> bytes:
        written = self._bench.port.written
        written.clear()
        heard = self.read()
        try:
            async with asyncio.timeout(timeout):
                while not heard:
                    await written.wait()
                    written.clear()
                    heard = self.read()
        except TimeoutError:
            return b""
        return heard

    async def rest(self) -> bytes:
        await self._bench.advance(0)
        return self.read()

    async def wait(self, seconds: float) -> None:
        await self._bench.advance(seconds)

    def values(self) -> Mapping[str, bytes]:
        suites = [socket.suite_number for socket in _secure_sockets(self._bench.modem.device)]
        return {"suite": str(next(filter(None, suites), None)).encode()} if suites else {}

    def card_values(self) -> Mapping[str, bytes]:
        """Return the codes of the SIM card."""
        return card_values(self._bench.modem.device.profile.sim)


class EmulatedPeer:
    """Act as the peer of the module on loopback; look into the module to see what has reached it.

    Each wait takes at most `timeout` seconds.
    """

    def __init__(self, bench: Bench, servers: Servers, timeout: float) -> None:
        self._bench = bench
        self._servers = servers
        self._timeout = timeout
        self._session: ScriptedSession | None = None

    def __repr__(self) -> str:
        return f"<EmulatedPeer {self._session or 'without a session'}>"

    async def connected(self) -> bool | None:
        """Wait for the next TLS session; return whether it was resumed, None when no session has come."""
        self._session = None
        await self._eventually(self._has_session)
        return self._session.resumed if self._session is not None else None

    def _has_session(self) -> bool:
        self._session = self._servers.scripted.sessions.next()
        return self._session is not None

    async def send(self, data: bytes) -> None:
        """Send data; in command mode wait until the module has all of it."""
        before = self._pending()
        self._of_session().send(data)
        if before is not None:
            await self._eventually(lambda: (self._pending() or 0) >= len(data))

    def _pending(self) -> int | None:
        """Return the number of unread bytes in command mode; None without a connection in command mode."""
        device = self._bench.modem.device
        sockets: list[DeviceSocket[Any]] = [*device.sockets.values(), *_secure_sockets(device)]
        waiting = [connection.pending for connection in sockets if connection.state is State.SUSPENDED]
        return sum(waiting) if waiting else None

    async def hear(self, expected: bytes) -> bytes:
        """Return the data from the module since the last call, once it is `expected` or can no longer become it."""
        session = self._of_session()
        await self._eventually(
            lambda: len(session.heard) >= len(expected) or not expected.startswith(session.heard),
        )
        return session.take()

    async def close(self) -> bool:
        """Close the session; return whether the module has noticed."""
        before = self._closures()
        self._of_session().close()
        return await self._eventually(lambda: self._closures() > before)

    def _closures(self) -> int:
        """Count the received close_notify alerts, less the open plain connections that the peer has not closed."""
        device = self._bench.modem.device
        of_services = device.http.connections + (device.mqtt.connections if device.mqtt is not None else 0)
        open_still = of_services + sum(
            connection.state in _OPEN and not connection.peer_closed
            for connection in (*device.sockets.values(), *device.easy.made)
        )
        return -open_still + sum(
            isinstance(event, HandshakeMessage) and event.direction == "received" and "close_notify" in event.name
            for event in self._bench.events
        )

    def file(self, name: str) -> bytes | None:
        """Return the content of a file of the FTP server, or of a page of the HTTP server; None without it."""
        if self._servers.http is not None:
            return self._servers.http.pages.get(f"/{name}")
        if self._servers.ftp is None:
            return None
        path = self._servers.ftp.root / name
        return path.read_bytes() if path.is_file() else None

    def mail(self) -> bytes | None:
        """Return the last mail that the mail server has taken; None without one."""
        mails = self._servers.smtp.mails if self._servers.smtp is not None else []
        return mails[-1].content if mails else None

    async def fetched(self, size: int | None) -> bool:
        """Return whether `size` bytes wait for #FTPRECV, or, with None, the whole file has come."""
        return await self._eventually(lambda: _has_fetched(self._bench.modem.device, size))

    def ring(self, number: str) -> None:
        """Call the module.

        Raises:
            UserError: the call does not reach it.
        """
        self._bench.modem.calls.ring(number)

    def end_call(self) -> None:
        """Hang up.

        Raises:
            UserError: there is no call, or there are several.
        """
        self._bench.modem.calls.end()

    def _of_session(self) -> ScriptedSession:
        assert self._session is not None, "a dialogue connects before its peer does anything"
        return self._session

    async def _eventually(self, condition: Callable[[], bool]) -> bool:
        """Wait for a condition that another thread brings about; return whether it holds."""
        try:
            async with asyncio.timeout(self._timeout):
                while not condition():  # noqa: ASYNC110  another thread, with no event of its own, brings it about
                    await asyncio.sleep(_BREATH)
        except TimeoutError:
            return False
        return True


def _secure_sockets(device: Device) -> Collection[SecureSocket]:
    return device.ssl.sockets.values() if device.ssl is not None else ()


def _has_fetched(device: Device, size: int | None) -> bool:
    with suppress(DeviceError):  # there is no session
        if size is not None:
            return device.ftp.fetch.available >= size
        transfer = device.ftp.session.transfer
        return transfer is not None and transfer.is_exhausted
    return False

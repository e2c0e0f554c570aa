"""The packet data path of the module: resolve a name, ping a host, dial an address."""

import asyncio
import contextlib
import ipaddress
import os
import socket
from typing import Protocol

from emulator.bearer.echo import Echo, request_echo
from emulator.bearer.listener import Listener, TcpListener, is_loopback
from emulator.bearer.routes import Address, Routes
from emulator.bearer.stream import Stream, TcpStream
from emulator.bearer.tap import Tap
from emulator.trace.events import Accepted, Dialled, Pinged, Resolved, Trace


class NameUnknown(Exception):
    """The host name could not be resolved."""


class DialFailed(Exception):
    """No TCP connection came about: refused, unreachable."""


class Bearer(Protocol):
    """What the module needs of the outside world."""

    async def dial(self, host: str, port: int) -> Stream:
        """Open a TCP connection.

        Raises:
            NameUnknown: the name cannot be resolved.
            DialFailed: nobody answers there.
        """

    async def listen(self, beside: Stream) -> Listener:
        """Listen for one more connection from the peer of `beside`, at this end's own address.

        Raises:
            DialFailed: the peer could not reach it, or may not.
        """

    async def resolve(self, host: str) -> str:
        """The IPv4 address of a host; a name that a route leads elsewhere has one that can be dialled instead of it.

        Raises:
            NameUnknown: the name cannot be resolved, or has no IPv4 address.
        """

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        """Wait for the reply to one echo request; cancelled, it waits no more.

        Args:
            host: a name or an IPv4 address.
            size: bytes of data in the request, at least 8.
            ttl: the request's time to live, 1 to 255.

        Returns:
            The reply, or None when it is certain that none will come.
        """


class SystemBearer:
    """The network of the machine that the emulator runs on, behind the user's routes."""

    def __init__(
        self, routes: Routes, trace: Trace, *, listens_beyond_loopback: bool = False, tap: Tap | None = None
    ) -> None:
        """Nothing but loopback is listened on unless `listens_beyond_loopback`; `tap` is told what passes."""
        self.routes = routes
        """May be replaced at any time; the next dial follows it."""
        self.tap = tap
        self._trace = trace
        self._listens_beyond_loopback = listens_beyond_loopback

    async def dial(self, host: str, port: int) -> Stream:
        target = self.routes.target(host, port) or (host, port)
        outcome = "connected"
        try:
            return await self._connect((host, port), target)
        except (NameUnknown, DialFailed) as error:
            outcome = str(error)
            raise
        except asyncio.CancelledError:
            outcome = "given up"
            raise
        finally:
            self._trace.emit(Dialled(host=host, port=port, target=f"{target[0]}:{target[1]}", outcome=outcome))

    async def listen(self, beside: Stream) -> Listener:
        try:
            return await self._listen(beside.local_address, beside.remote_address)
        except DialFailed as error:
            self._trace.emit(Accepted(peer=beside.remote_address, port=0, outcome=str(error)))
            raise

    async def resolve(self, host: str) -> str:
        outcome = "unknown"
        try:
            outcome = address = self.routes.stand_ins.address(host) or await self._resolve_ipv4(host)
            return address
        except asyncio.CancelledError:
            outcome = "given up"
            raise
        finally:
            self._trace.emit(Resolved(host=host, outcome=outcome))

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        target, outcome = self.routes.host(host), "answered"
        try:
            return await request_echo(await self._resolve_ipv4(target), size=size, ttl=ttl)
        except PermissionError:
            outcome = "not sent, this machine lets its users send no echo requests; see net.ipv4.ping_group_range"
        except (NameUnknown, OSError) as error:
            outcome = f"lost, {_reason(error)}"
        except asyncio.CancelledError:
            outcome = "not answered in time"
            raise
        finally:
            self._trace.emit(Pinged(host=host, target=target, outcome=outcome))
        return None

    async def _listen(self, address: str, peer: str) -> Listener:
        if not self._listens_beyond_loopback and not is_loopback(address):
            raise DialFailed(f"listening on {address} was not allowed; run with --active-ftp")
        listener = TcpListener(peer, self._trace, self.tap)
        try:
            await listener.listen(address)
        except OSError as error:
            raise DialFailed(f"no port of {address} can be listened on: {error.strerror}") from error
        return listener

    async def _connect(self, dialled: Address, target: Address) -> Stream:
        loop = asyncio.get_running_loop()
        address, port = await self._resolve(target[0]), target[1]
        tap = self.tap.dialling(dialled, (address, port)) if self.tap is not None else None
        try:
            _, stream = await loop.create_connection(lambda: TcpStream(tap), address, port)
        except OSError as error:
            if tap is not None and isinstance(error, ConnectionError):
                tap.reset("received")
            raise DialFailed(_reason(error)) from error
        return stream

    async def _resolve(self, host: str) -> str:
        found = await _look_up(host)
        # A context of type IP carries IPv4; another family serves where a route leads nowhere else.
        found.sort(key=lambda entry: entry[0] is not socket.AddressFamily.AF_INET)
        return found[0][1]

    async def _resolve_ipv4(self, host: str) -> str:
        for family, address in await _look_up(host, socket.AddressFamily.AF_INET):
            if family is socket.AddressFamily.AF_INET:
                return address
        raise NameUnknown(f"{host!r} has no IPv4 address")


async def _look_up(
    host: str, family: socket.AddressFamily = socket.AddressFamily.AF_UNSPEC
) -> list[tuple[socket.AddressFamily, str]]:
    """The addresses of a host with their families, at least one, as this machine knows them."""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(host)
        return [(_FAMILIES[address.version], str(address))]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, family=family, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise NameUnknown(f"{host!r} cannot be resolved") from error
    return [(entry[0], str(entry[4][0])) for entry in found]


_FAMILIES = {4: socket.AddressFamily.AF_INET, 6: socket.AddressFamily.AF_INET6}


def _reason(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number) if number else str(error)

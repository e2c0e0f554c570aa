"""Carry packet data of the module: resolve a name, ping a host, dial an address, listen."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec

from emulator.clock import Clock
from emulator.net.addresses import numeric_address
from emulator.net.closing import Closings
from emulator.net.datagrams import UdpSocket
from emulator.net.echo import Echo, request_echo
from emulator.net.listener import PortListener, TcpListener, is_loopback
from emulator.net.machine import is_own_address
from emulator.net.names import NameUnknown, resolve, resolve_ipv4
from emulator.net.routes import Address, Routes
from emulator.net.server import Arrival, TcpServer
from emulator.net.stream import Stream, TcpStream
from emulator.net.tap import Tap
from emulator.trace.events import Accepted, Dialled, Direction, Listening, Pinged, Resolved
from emulator.trace.trace import Trace

__all__ = ["Bearer", "DialFailed", "DialRefused", "NameUnknown", "SystemBearer"]

OFFLINE = "offline: no route leads there"
"""Why nothing is dialled but what has a route."""
_LOOPBACK = "127.0.0.1"
_ANY = "0.0.0.0"
_ANY_V6 = "::"


class DialFailed(Exception):
    """Dialling has failed: refused, or unreachable; `target` is where a route led, if one did."""

    def __init__(self, reason: str, target: Address | None = None) -> None:
        super().__init__(reason)
        self.target = target


class DialRefused(DialFailed):
    """The peer answers that nobody listens there."""


class Bearer(Protocol):
    """The packet network as the module uses it."""

    async def dial(self, host: str, port: int) -> Stream:
        """Open a TCP connection.

        Raises:
            NameUnknown: the name cannot be resolved.
            DialFailed: nobody answers there.
        """

    async def relay(self, host: str, port: int) -> Stream:
        """Open a TCP connection for a host that sends packets of its own; see `capture` and `dial`."""

    def capture(self, direction: Direction, packet: bytes) -> None:
        """Show a packet of such a host in the capture, if there is one."""

    def reaches_this_machine(self, host: str, port: int | None = None) -> bool:
        """Return whether a numeric address is the emulator's own machine, and no route leads elsewhere from it.

        Without a port, whether an echo request to it would stay here.
        """

    async def listen(self, beside: Stream) -> PortListener:
        """Listen for one more connection from the peer of `beside`, on the local address of `beside`.

        Raises:
            DialFailed: the peer could not reach it, or may not.
        """

    async def resolve(self, host: str) -> str:
        """Return the IPv4 address of a host; for a routed name, a synthetic address that can be dialled.

        Raises:
            NameUnknown: the name cannot be resolved, or has no IPv4 address.
        """

    def synthetic_address(self, host: str) -> str | None:
        """Return the address that stands for a routed name; None for any other host."""

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        """Send one echo request and wait for the reply.

        Args:
            host: a name or an IPv4 address.
            size: bytes of data in the request, at least 8.
            ttl: the request's time to live, 1 to 255.

        Returns:
            The reply; None when none can come.
        """

    async def serve(self, port: int, arrived: Arrival) -> TcpServer:
        """Take connections on a TCP port of the module, 0 for any.

        Raises:
            DialFailed: the port cannot be opened.
        """

    async def associate(self, host: str, port: int, local_port: int = 0) -> UdpSocket:
        """Open a UDP socket that knows one peer; `local_port` 0 takes any.

        Raises:
            NameUnknown: the name cannot be resolved.
            DialFailed: there is no way to the peer, or the local port is taken.
        """

    async def await_datagrams(self, port: int) -> UdpSocket:
        """Wait for datagrams on a UDP port of the module, 0 for any.

        Raises:
            DialFailed: the port cannot be opened.
        """


class SystemBearer:
    """The network of the machine that the emulator runs on, behind the user's routes."""

    def __init__(
        self,
        routes: Routes,
        trace: Trace,
        clock: Clock,
        *,
        listens_beyond_loopback: bool = False,
        tap: Tap | None = None,
        offline: bool = False,
    ) -> None:
        """Listen on loopback only, unless `listens_beyond_loopback`; `tap` sees all traffic.

        With `offline`, only routes lead anywhere.
        """
        self.routes = routes
        """Can be replaced at any time; the next dial uses it."""
        self.tap = tap
        self._trace = trace
        self._listens_beyond_loopback = listens_beyond_loopback
        self._offline = offline
        self._closings = Closings(clock)

    def close(self) -> None:
        """Close the sockets of connections that are closed already, whatever their peers do."""
        self._closings.give_up()

    async def dial(self, host: str, port: int) -> Stream:
        return await self._dial(host, port, self.tap)

    async def relay(self, host: str, port: int) -> Stream:
        return await self._dial(host, port, None)

    def capture(self, direction: Direction, packet: bytes) -> None:
        if self.tap is not None:
            self.tap.packet(direction, packet)

    def reaches_this_machine(self, host: str, port: int | None = None) -> bool:
        routed = self.routes.host(host) != host if port is None else self.routes.target(host, port) is not None
        return not routed and is_own_address(host)

    async def _dial(self, host: str, port: int, tap: Tap | None) -> Stream:
        target = self.routes.target(host, port) or (host, port)
        with self._telling(Dialled(host=host, port=port, target=f"{target[0]}:{target[1]}", outcome="connected")):
            self._require_route(host, port)
            return await self._connect((host, port), target, tap)

    async def associate(self, host: str, port: int, local_port: int = 0) -> UdpSocket:
        target = self.routes.target(host, port) or (host, port)
        way = f"{target[0]}:{target[1]}"
        with self._telling(Dialled(host=host, port=port, target=way, protocol="UDP", outcome="ready")):
            self._require_route(host, port)
            address = await resolve(target[0])
            return await self._open_udp(remote=(address, target[1]), local_port=local_port)

    def _require_route(self, host: str, port: int) -> None:
        if self._offline and self.routes.target(host, port) is None:
            raise DialFailed(OFFLINE)

    @contextmanager
    def _telling(self, success: Dialled) -> Iterator[None]:
        """Emit `success`, or its outcome when it fails."""
        outcome = success.outcome
        try:
            yield
        except NameUnknown as error:
            outcome = str(error)
            if ports := self.routes.other_ports(success.host):
                there = ", ".join(map(str, ports))
                outcome = f"no route for {success.host}:{success.port}; there is one for {there}"
                raise NameUnknown(outcome) from error
            raise
        except DialFailed as error:
            outcome = str(error)
            raise
        except asyncio.CancelledError:
            outcome = "given up"
            raise
        finally:
            self._trace.emit(msgspec.structs.replace(success, outcome=outcome))

    async def listen(self, beside: Stream) -> PortListener:
        try:
            return await self._listen(beside.local_address, beside.remote_address)
        except DialFailed as error:
            self._trace.emit(Accepted(peer=beside.remote_address, port=0, outcome=str(error)))
            raise

    async def resolve(self, host: str) -> str:
        outcome, synthetic = "unknown", self.routes.synthetic_addresses.address(host)
        try:
            if self._offline and synthetic is None and numeric_address(host) is None:
                outcome = OFFLINE
                raise NameUnknown(OFFLINE)
            outcome = address = synthetic or await resolve_ipv4(host)
            return address
        except asyncio.CancelledError:
            outcome = "given up"
            raise
        finally:
            self._trace.emit(Resolved(host=host, outcome=outcome))

    def synthetic_address(self, host: str) -> str | None:
        return self.routes.synthetic_addresses.address(host)

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        target, outcome = self.routes.host(host), "answered"
        try:
            if self._offline and target == host:
                raise NameUnknown(OFFLINE)
            address = await resolve_ipv4(target)
            if is_loopback(address):  # it answers, even where users may not send echo requests
                return Echo()
            return await request_echo(address, size=size, ttl=ttl)
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

    async def _listen(self, address: str, peer: str) -> PortListener:
        if not self._listens_beyond_loopback and not is_loopback(address):
            raise DialFailed(f"listening on {address} was not allowed; run with --active-ftp")
        listener = TcpListener(peer, self._trace, self._closings, self.tap)
        try:
            await listener.listen(address)
        except OSError as error:
            raise DialFailed(f"no port of {address} can be listened on: {error.strerror}") from error
        return listener

    async def serve(self, port: int, arrived: Arrival) -> TcpServer:
        server = TcpServer(port, arrived, self._trace, self._closings, self.tap)
        await self._on_port(port, lambda free: server.listen(_LOOPBACK, free))
        self._trace.emit(Listening(protocol="TCP", port=port, address=_written(server.address)))
        return server

    async def await_datagrams(self, port: int) -> UdpSocket:
        opened: list[UdpSocket] = []

        async def bind(free: int) -> None:
            opened.append(await self._open_udp(local=(_LOOPBACK, free)))

        await self._on_port(port, bind)
        self._trace.emit(Listening(protocol="UDP", port=port, address=_written(opened[0].address)))
        return opened[0]

    async def _on_port(self, port: int, take: Callable[[int], Awaitable[None]]) -> None:
        """Take the port of that number on this machine; when it is in use, take a free one."""
        for number in (port, 0):
            try:
                return await take(number)
            except (OSError, DialFailed) as error:
                failure = error
        raise DialFailed(f"no port can be listened on: {failure}") from failure

    async def _open_udp(
        self, *, remote: Address | None = None, local: Address | None = None, local_port: int = 0
    ) -> UdpSocket:
        if remote is not None and local_port:
            local = (_ANY_V6 if ":" in remote[0] else _ANY, local_port)
        try:
            _, opened = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: UdpSocket(self._trace), local_addr=local, remote_addr=remote
            )
        except OSError as error:
            raise DialFailed(_reason(error)) from error
        return opened

    async def _connect(self, dialled: Address, target: Address, capture: Tap | None) -> Stream:
        loop = asyncio.get_running_loop()
        address, port = await resolve(target[0]), target[1]
        usual = (numeric_address(dialled[0]) or dialled[0], dialled[1])
        tap = capture.dialling(usual, (address, port)) if capture is not None else None
        try:
            _, stream = await loop.create_connection(lambda: TcpStream(self._trace, self._closings, tap), address, port)
        except OSError as error:
            if tap is not None and isinstance(error, ConnectionError):
                tap.reset("received")
            refused = isinstance(error, ConnectionRefusedError)
            raise (DialRefused if refused else DialFailed)(_reason(error), target) from error
        return stream


def _written(address: Address) -> str:
    return f"{address[0]}:{address[1]}"


def _reason(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number) if number else str(error)

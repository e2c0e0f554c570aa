"""Peers on the stack itself: what answers a host, without any I/O."""

import asyncio
from collections.abc import Callable

from emulator.ip.icmp import Unreachable
from emulator.ip.packet import Packet
from emulator.ip.stack import DatagramReceived, EchoRequested, IpStack, TcpChanged, TcpRequested
from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.connection import TcpConnection
from emulator.ip.udp import Datagram

ECHO, DISCARD, DAYTIME = 7, 9, 13
"""Ports, as the small services of old: to send back, to take, to say much and end."""
REFUSED, SILENT, UNREACHABLE = 1, 2, 3
"""Ports at which nobody listens, nobody answers, or which no way leads to."""
RESETS, LATE = 4, 5
"""Ports of a peer that speaks and resets, and of one that answers once the host has ended."""
BIG = bytes(range(256)) * 4096
"""A megabyte."""


class Peers:
    """Answers at every address, by port; runs in the event loop where the host is a real one."""

    def __init__(self) -> None:
        self.opened: list[TcpConnection] = []
        self.heard: dict[TcpConnection, bytearray] = {}
        self.changes: list[tuple[int, TcpChange]] = []
        """Port of the peer, and what has happened."""
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, stack: IpStack, send: Callable[[bytes], None], now: Callable[[], float]) -> None:
        self.stack, self._send, self._now = stack, send, now

    def receive(self, packet: bytes) -> None:
        self.stack.receive(packet, self._now())
        self.work()

    def work(self) -> None:
        """Take events, and let everything go that has to."""
        while events := self.stack.take_events():
            for event in events:
                self._take(event)
        for packet in self.stack.take_output(self._now()):
            self._send(packet)

    def watch(self) -> None:
        """Let the event loop call back when time is due."""
        self.stack.expire(self._now())
        self.work()
        self._timer = asyncio.get_running_loop().call_later(0.05, self.watch)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _take(self, event: object) -> None:
        match event:
            case TcpRequested(connection, packet):
                self._answer(connection, packet)
            case TcpChanged(connection, change):
                self.changes.append((connection.peer_port, change))
                self._follow(connection, change)
            case DatagramReceived(datagram, packet):
                back = Datagram(datagram.target_port, datagram.source_port, datagram.data)
                self.stack.send_datagram(packet.target, back)
            case EchoRequested(request, packet):
                self.stack.send_echo_reply(request, packet)

    def _answer(self, connection: TcpConnection, packet: Packet) -> None:
        match connection.peer_port:
            case 1:
                connection.refuse()
            case 2:
                pass
            case 3:
                self.stack.send_unreachable(packet, Unreachable.HOST)
                connection.forget()
            case _:
                self.opened.append(connection)
                connection.accept()
        self.stack.touch(connection)

    def _follow(self, connection: TcpConnection, change: TcpChange) -> None:
        match change, connection.peer_port:
            case TcpChange.OPENED, 13:
                connection.send(BIG)
                connection.finish()
            case TcpChange.OPENED, 4:
                connection.send(b"last words")
            case TcpChange.READABLE, _:
                self._read(connection)
            case TcpChange.ENDED, 5:
                connection.send(bytes(self.heard[connection]) + b" was heard")
                connection.finish()
            case TcpChange.ENDED, _:
                connection.finish()
        self.stack.touch(connection)
        if (change, connection.peer_port) == (TcpChange.OPENED, RESETS):
            for packet in self.stack.take_output(self._now()):
                self._send(packet)
            connection.abort()
            self.stack.touch(connection)

    def _read(self, connection: TcpConnection) -> None:
        data = connection.read()
        self.heard.setdefault(connection, bytearray()).extend(data)
        if connection.peer_port == ECHO:
            connection.send(data)


class Held(Peers):
    """Peers that read nothing."""

    def _read(self, connection: TcpConnection) -> None:
        """Leave it."""

"""A host that says segment by segment what a test wants, and reads what the stack answers, without I/O."""

from typing import Any

from emulator.ip.stack import IpStack, StackEvent, TcpChanged, TcpRequested
from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.connection import TcpConnection
from tests.ip.wire import HOST, ROUTER, TCP, read, tcp

START = 1000
"""The number of the host's SYN."""


class ScriptedHost:
    """Sequence numbers count from those of the two SYNs, so that the first byte of data is number 1."""

    def __init__(self, mtu: int = 1500, start: int = START) -> None:
        self.stack = IpStack(ROUTER, HOST, mtu)
        self.now = 100.0
        self.events: list[StackEvent] = []
        self._start = start
        self._theirs: int | None = None

    def say(self, flags: str, seq: int = 0, ack: int = 0, data: bytes = b"", **fields: Any) -> list[str]:
        """Send a segment; return the answers, as `shown`."""
        self.stack.receive(self.segment(flags, seq, ack, data, **fields), self.now)
        return self.heard()

    def segment(self, flags: str, seq: int = 0, ack: int = 0, data: bytes = b"", **fields: Any) -> bytes:
        numbers = {"seq": (self._start + seq) % 2**32, "ack": ((self._theirs or 0) + ack) % 2**32}
        if "A" not in flags:
            numbers["ack"] = 0
        return tcp(flags, data, **{**numbers, "window": 65535, **fields})

    def heard(self) -> list[str]:
        """Return what has come, one text a segment: flags, numbers, size of the data."""
        self.events += self.stack.take_events()
        return [self.shown(packet) for packet in self.stack.take_output(self.now)]

    def shown(self, packet: bytes) -> str:
        segment = read(packet)[TCP]
        if self._theirs is None and "S" in str(segment.flags):
            self._theirs = segment.seq
        seq = (segment.seq - (self._theirs or 0)) % 2**32
        ack = f" ack {(segment.ack - self._start) % 2**32}" if "A" in str(segment.flags) else ""
        size = f" +{len(bytes(segment.payload))}" if len(bytes(segment.payload)) else ""
        return f"{segment.flags} {seq}{ack}{size}"

    def do(self, *actions: str, data: bytes = b"") -> list[str]:
        """Let the peer do something, by the names of the connection's methods."""
        for action in actions:
            if action == "send":
                self.connection.send(data)
            else:
                getattr(self.connection, action)()
        self.stack.touch(self.connection)
        return self.heard()

    def wait(self, seconds: float) -> list[tuple[float, str]]:
        """Let time pass; return what has come, each with the seconds since the call."""
        since, end, seen = self.now, self.now + seconds, []
        while (due := self.stack.deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.stack.expire(self.now)
            seen += [(round(self.now - since, 3), text) for text in self.heard()]
        self.now = end
        return seen

    def open(self, *, window: int = 65535, options: Any = (("MSS", 1000),)) -> None:
        """Connect; the next byte of either side is number 1."""
        self.say("S", options=list(options), window=window)
        assert ["SA 0 ack 1"] == self.do("accept")
        assert self.say("A", 1, 1, window=window) == []

    @property
    def connection(self) -> TcpConnection:
        """The latest connection."""
        return next(event.connection for event in reversed(self.events) if isinstance(event, TcpRequested))

    @property
    def state(self) -> str:
        return self.connection.state.value

    @property
    def changes(self) -> list[TcpChange]:
        return [event.change for event in self.events if isinstance(event, TcpChanged)]

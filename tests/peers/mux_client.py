"""A host's side of 27.010, basic option, from the standard's text alone: it shares nothing with the emulator.

It is strict: bytes that are no frame, and frames that a module may not send, are an AssertionError.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

_FLAG = b"\xf9"
_NAMES = {0x2F: "SABM", 0x63: "UA", 0x0F: "DM", 0x43: "DISC", 0xEF: "UIH", 0x03: "UI"}
_CONTROLS = {name: control for control, name in _NAMES.items()}

TEST, CLOSE_DOWN, MODEM_STATUS, FLOW_ON, FLOW_OFF = 0x23, 0xC3, 0xE3, 0xA3, 0x63
NEGOTIATION, POWER_SAVING, PORT, LINE, SERVICES = 0x83, 0x43, 0x93, 0x53, 0xD3
"""Type octets of commands (5.4.6.3); a response's is two less."""

NOT_SUPPORTED = 0x11

FC, RTC, RTR, IC, DV = 0x02, 0x04, 0x08, 0x40, 0x80
"""V.24 signals of MODEM_STATUS (5.4.6.3.7)."""


class Answer(NamedTuple):
    """A frame that answers SABM or DISC."""

    name: str
    channel: int


class Message(NamedTuple):
    """What came on the control channel: type octet and value."""

    type: int
    value: bytes


class MuxClient:
    """The initiator; `write` carries its bytes to the module."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._unread = b""
        self.answers: list[Answer] = []
        self.messages: list[Message] = []
        self.heard: defaultdict[int, bytearray] = defaultdict(bytearray)
        """What the module said on each channel and nobody took yet."""
        self.longest = 0
        """Bytes of information in the largest frame so far."""
        self.silent = False
        """Whether it leaves the module's MODEM_STATUS without confirmation."""

    # To the module.

    def connect(self, channel: int) -> None:
        self._send("SABM", channel, poll=True)

    def disconnect(self, channel: int) -> None:
        self._send("DISC", channel, poll=True)

    def send(self, channel: int, data: bytes, kind: str = "UIH", most: int = 64) -> None:
        """Data, at most `most` bytes in a frame."""
        for start in range(0, len(data), most):
            self._send(kind, channel, data[start : start + most])

    def tell(self, kind: int, value: bytes = b"") -> None:
        """A message on the control channel."""
        self._send("UIH", 0, bytes((kind, len(value) << 1 | 1)) + value)

    def set_lines(self, channel: int, signals: int, *more: int) -> None:
        """MODEM_STATUS; `more` is the octet of a break."""
        self.tell(MODEM_STATUS, bytes((channel << 2 | 3, signals | 1, *more)))

    def _send(self, name: str, channel: int, information: bytes = b"", *, poll: bool = False) -> None:
        # A command from the initiator has C/R 1, and so have its UIH frames (5.2.1.2, 5.4.3.1).
        self._write(frame(channel << 2 | 3, _CONTROLS[name] | (0x10 if poll else 0), information))

    # From the module.

    def take(self, data: bytes) -> None:
        """Read what the module has said; what is not whole yet waits for the next call."""
        self._unread += data
        while len(self._unread) >= 6:
            assert self._unread.startswith(_FLAG), self._unread
            address, control, length = self._unread[1:4]
            head = 4 if length & 1 else 5
            size = length >> 1 if length & 1 else length >> 1 | self._unread[4] << 7
            if len(self._unread) < head + size + 2:
                return
            raw, self._unread = self._unread[: head + size + 2], self._unread[head + size + 2 :]
            assert raw.endswith(_FLAG), raw
            self._take_frame(address, control, raw[1:head], raw[head:-2], raw[-2])

    def _take_frame(self, address: int, control: int, head: bytes, information: bytes, check: int) -> None:
        assert address & 1, head
        assert 0xCF == _register(head + bytes((check,))), head
        name, channel, final = _NAMES[control & ~0x10], address >> 2, bool(control & 0x10)
        self.longest = max(self.longest, len(information))
        if name in ("UA", "DM"):
            assert address & 2, "a response of the responder has C/R 1"
            assert final, "the answer to P is F"
            assert not information
            self.answers.append(Answer(name, channel))
            return
        assert name == "UIH", name
        assert not address & 2, "the responder's UIH frames have C/R 0"
        assert not final, "UIH frames have P/F 0"
        if channel == 0:
            self._take_message(Message(information[0], information[2:]), information[1])
        else:
            self.heard[channel] += information

    def _take_message(self, message: Message, length: int) -> None:
        assert length == len(message.value) << 1 | 1, message
        self.messages.append(message)
        if message.type == MODEM_STATUS and not self.silent:
            self.tell(MODEM_STATUS & ~2, message.value)


def frame(address: int, control: int, information: bytes = b"", *, long: bool = False) -> bytes:
    """A frame from its octets; a `long` one has its length in two, however short it is."""
    size = len(information)
    length = bytes((size << 1 & 0xFF, size >> 7)) if long or size > 127 else bytes((size << 1 | 1,))
    head = bytes((address, control)) + length
    checked = head + information if _NAMES.get(control & ~0x10) == "UI" else head
    return _FLAG + head + information + bytes((0xFF - _register(checked),)) + _FLAG


def _register(octets: bytes) -> int:
    """What a shift register with x^8 + x^2 + x + 1 holds after these octets, from ones; first bit lowest (5.2.1.6)."""
    register = 0xFF
    for octet in octets:
        for place in range(8):
            out = (register & 1) ^ (octet >> place & 1)
            register = register >> 1 ^ (0xE0 if out else 0)
    return register

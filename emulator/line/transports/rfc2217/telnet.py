"""Telnet as far as a serial port over it needs it: escaped bytes, options, subnegotiations. RFC 854, 855, 856, 858.

Free of I/O: bytes come in, events come out, and answers go to `send`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Final

IAC: Final = 255
_CR: Final = 13
_LONGEST: Final = 1024
"""Most bytes of a subnegotiation that are kept; those for a port are far shorter."""


class Verb(IntEnum):
    """Verbs after IAC that a port obeys. RFC 854."""

    SE = 240
    SB = 250
    WILL = 251
    WONT = 252
    DO = 253
    DONT = 254


class Option(IntEnum):
    """Options of a port."""

    BINARY = 0
    SUPPRESS_GO_AHEAD = 3
    COM_PORT = 44


@dataclass(frozen=True, slots=True)
class Data:
    """Hold bytes for the module."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Subnegotiation:
    """Hold what stood between IAC SB and IAC SE."""

    option: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Agreed:
    """Say that either side now uses an option."""

    option: Option


class _State(Enum):
    DATA = auto()
    COMMAND = auto()
    OPTION = auto()
    VALUE = auto()
    VALUE_COMMAND = auto()


class Telnet:
    """Speak telnet on one connection."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        """Send to the other side by `send`."""
        self._send = send
        self._state = _State.DATA
        self._verb = 0
        self._value = bytearray()
        self._after_cr = False
        self._ours: set[Option] = set()
        self._theirs: set[Option] = set()
        self._offered: set[Option] = set()
        self._asked: set[Option] = set()

    def __repr__(self) -> str:
        return f"<Telnet ours {sorted(self._ours)}, theirs {sorted(self._theirs)}>"

    def begin(self) -> None:
        """Propose the options for both sides, as the server, which asks the client to use its port."""
        self._propose((Option.BINARY, Option.SUPPRESS_GO_AHEAD), Option)

    def begin_as_client(self) -> None:
        """Propose them as the client, which offers to use the port of the server."""
        self._propose(Option, (Option.BINARY, Option.SUPPRESS_GO_AHEAD))

    def _propose(self, offered: Iterable[Option], asked: Iterable[Option]) -> None:
        for option in offered:
            self._offered.add(option)
            self._tell(Verb.WILL, option)
        for option in asked:
            self._asked.add(option)
            self._tell(Verb.DO, option)

    def uses(self, option: Option) -> bool:
        """Whether either side uses the option."""
        return option in self._ours or option in self._theirs

    def subnegotiate(self, option: Option, value: bytes) -> None:
        """Send a subnegotiation."""
        self._send(bytes((IAC, Verb.SB, option)) + escaped(value) + bytes((IAC, Verb.SE)))

    def feed(self, data: bytes) -> Iterator[Data | Subnegotiation | Agreed]:
        """Yield the events in bytes from the other side."""
        position = 0
        while position < len(data):
            if self._state is _State.DATA:
                end = data.find(IAC, position)
                end = len(data) if end < 0 else end
                if plain := self._plain(data[position:end]):
                    yield Data(plain)
                if end < len(data):
                    self._state = _State.COMMAND
                position = end + 1
            else:
                yield from self._step(data[position])
                position += 1

    def _plain(self, data: bytes) -> bytes:
        """Undo CR NUL, which stands for a bare CR outside binary mode (RFC 854)."""
        if Option.BINARY in self._theirs or not data:
            return data
        if self._after_cr and data[0] == 0:
            data = data[1:]
        self._after_cr = data[-1:] == b"\r"
        return data.replace(b"\r\0", b"\r")

    def _step(self, byte: int) -> Iterator[Data | Subnegotiation | Agreed]:
        match self._state, byte:
            case _State.COMMAND, 255:
                self._state = _State.DATA
                self._after_cr = False
                yield Data(b"\xff")
            case _State.COMMAND, Verb.SB:
                self._state = _State.VALUE
                self._value.clear()
            case _State.COMMAND, Verb.WILL | Verb.WONT | Verb.DO | Verb.DONT:
                self._state = _State.OPTION
                self._verb = byte
            case _State.COMMAND, _:
                self._state = _State.DATA
            case _State.OPTION, _:
                self._state = _State.DATA
                yield from self._negotiate(Verb(self._verb), byte)
            case _State.VALUE, 255:
                self._state = _State.VALUE_COMMAND
            case _State.VALUE_COMMAND, Verb.SE:
                self._state = _State.DATA
                if self._value:
                    yield Subnegotiation(self._value[0], bytes(self._value[1:]))
            case _:  # a byte of the value, which IAC stands before when it is one itself
                self._state = _State.VALUE
                if len(self._value) < _LONGEST:
                    self._value.append(byte)

    def _negotiate(self, verb: Verb, number: int) -> Iterator[Agreed]:
        """Agree to known options, refuse the others, and answer only what changes something."""
        option = Option(number) if number in _OPTIONS else None
        match verb:
            case Verb.DO if option is None:
                self._tell(Verb.WONT, number)
            case Verb.WILL if option is None:
                self._tell(Verb.DONT, number)
            case Verb.DO if option not in self._ours:
                assert option is not None
                yield from self._agree(option, self._ours, self._offered, Verb.WILL)
            case Verb.WILL if option not in self._theirs:
                assert option is not None
                yield from self._agree(option, self._theirs, self._asked, Verb.DO)
            case Verb.DONT if option is not None:
                self._disagree(option, self._ours, self._offered, Verb.WONT)
            case Verb.WONT if option is not None:
                self._disagree(option, self._theirs, self._asked, Verb.DONT)
            case _:
                pass

    def _agree(self, option: Option, used: set[Option], proposed: set[Option], answer: Verb) -> Iterator[Agreed]:
        used.add(option)
        if option not in proposed:
            self._tell(answer, option)
        proposed.discard(option)
        yield Agreed(option)

    def _disagree(self, option: Option, used: set[Option], proposed: set[Option], answer: Verb) -> None:
        if option in used:
            used.discard(option)
            self._tell(answer, option)
        proposed.discard(option)

    def _tell(self, verb: Verb, option: int) -> None:
        self._send(bytes((IAC, verb, option)))


_OPTIONS: Final[Collection[int]] = frozenset(Option)


def escaped(data: bytes) -> bytes:
    """Double each IAC, as data goes over the connection."""
    return data.replace(b"\xff", b"\xff\xff")

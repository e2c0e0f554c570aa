"""Negotiate the options of the link: control characters, authentication, magic number, short headers. RFC 1661 6."""

from collections.abc import Callable, Sequence
from enum import Enum, IntEnum

from emulator.ppp.framing import ALL_CONTROLS, FrameFormat
from emulator.ppp.negotiation import NegotiationFailed, Verdict, judged
from emulator.ppp.packets import Code, Option, Options, Protocol

UNIT = 1500
"""Bytes of the largest packet, unless a host says otherwise (RFC 1661 6.1)."""
_LEAST_UNIT = 128
_FURTHER_CODES = frozenset(
    {Code.PROTOCOL_REJECT, Code.ECHO_REQUEST, Code.ECHO_REPLY, Code.DISCARD_REQUEST},
)


class LcpOption(IntEnum):
    """Options of LCP; others are refused."""

    MAXIMUM_UNIT = 1
    CONTROLS = 2
    AUTHENTICATION = 3
    MAGIC_NUMBER = 5
    SHORT_PROTOCOL = 7
    SHORT_HEADER = 8


class Authentication(Enum):
    """Authentication protocols that the device asks of the host: the value of the option."""

    PAP = Protocol.PAP.to_bytes(2, "big")
    CHAP = Protocol.CHAP.to_bytes(2, "big") + b"\x05"
    """With MD5 (RFC 1994 3)."""


class LcpNegotiation:
    """The options of LCP."""

    further_codes = _FURTHER_CODES

    def __init__(self, authentications: Sequence[Authentication], random_bytes: Callable[[int], bytes]) -> None:
        """Try `authentications` in their order; without one the host need not say who it is."""
        self._authentications = tuple(authentications)
        self._random_bytes = random_bytes
        self.peer = FrameFormat()
        """What the host wants to receive."""
        self.peer_unit = UNIT
        """Bytes of the largest packet that the host takes (MRU)."""
        self.begin()

    def __repr__(self) -> str:
        return f"<LcpNegotiation {self._wanted}>"

    def begin(self) -> None:
        """See `Negotiation`."""
        self._left = list(self._authentications)
        self._wanted: dict[LcpOption, bytes] = {LcpOption.CONTROLS: bytes(4)}
        if self._left:
            self._wanted[LcpOption.AUTHENTICATION] = self._left.pop(0).value
        self._wanted[LcpOption.MAGIC_NUMBER] = self._magic_number()
        self._wanted[LcpOption.SHORT_PROTOCOL] = self._wanted[LcpOption.SHORT_HEADER] = b""

    @property
    def magic_number(self) -> bytes:
        """Return the number of the device in echo packets; zeros where none was agreed on."""
        return self._wanted.get(LcpOption.MAGIC_NUMBER, bytes(4))

    @property
    def authentication(self) -> Authentication | None:
        """Return what the host has agreed to."""
        wanted = self._wanted.get(LcpOption.AUTHENTICATION)
        return None if wanted is None else Authentication(wanted)

    @property
    def controls(self) -> int:
        """Return the control characters that the host escapes once its side has agreed."""
        wanted = self._wanted.get(LcpOption.CONTROLS)
        return ALL_CONTROLS if wanted is None else int.from_bytes(wanted, "big")

    def request(self) -> Options:
        """See `Negotiation`."""
        return tuple(Option(kind, value) for kind, value in self._wanted.items())

    def judge(self, options: Options) -> Verdict:
        """See `Negotiation`."""
        verdict = judged(options, self._decide)
        if verdict.code is Code.CONFIGURE_ACK:
            asked = {option.type: option.value for option in options}
            controls = asked.get(LcpOption.CONTROLS, ALL_CONTROLS.to_bytes(4, "big"))
            self.peer_unit = int.from_bytes(asked.get(LcpOption.MAXIMUM_UNIT, UNIT.to_bytes(2, "big")), "big")
            self.peer = FrameFormat(
                int.from_bytes(controls, "big"), LcpOption.SHORT_HEADER in asked, LcpOption.SHORT_PROTOCOL in asked
            )
        return verdict

    def _decide(self, option: Option) -> Option | None:
        """Decide about one option of the host; one whose length is wrong is suggested with the right one."""
        match option.type:
            case LcpOption.MAXIMUM_UNIT:
                good = len(option.value) == 2 and int.from_bytes(option.value, "big") >= _LEAST_UNIT
                return option if good else Option(option.type, UNIT.to_bytes(2, "big"))
            case LcpOption.CONTROLS:
                return option if len(option.value) == 4 else Option(option.type, bytes(4))
            case LcpOption.MAGIC_NUMBER:
                own = option.value in (self.magic_number, bytes(4))
                return option if len(option.value) == 4 and not own else Option(option.type, self._magic_number())
            case LcpOption.SHORT_PROTOCOL | LcpOption.SHORT_HEADER:
                return Option(option.type)
        return None

    def take_nak(self, options: Options) -> None:
        """Follow the host where there is a choice; its hints about what was not asked for are passed over."""
        for option in options:
            match option.type:
                case LcpOption.AUTHENTICATION if LcpOption.AUTHENTICATION in self._wanted:
                    self._take_other_authentication(option.value)
                case LcpOption.MAGIC_NUMBER if LcpOption.MAGIC_NUMBER in self._wanted:
                    self._wanted[LcpOption.MAGIC_NUMBER] = self._magic_number()
                case LcpOption.CONTROLS if len(option.value) == 4:
                    merged = self.controls | int.from_bytes(option.value, "big")
                    self._wanted[LcpOption.CONTROLS] = merged.to_bytes(4, "big")

    def _take_other_authentication(self, suggested: bytes) -> None:
        """Ask for what the host suggests, or else for the next: it may suggest only one of those that it knows."""
        if not self._left:
            raise NegotiationFailed("the host refuses the authentication that #GAUTH asks for")
        other = next((kind for kind in self._left if kind.value == suggested), self._left[0])
        self._left.remove(other)
        self._wanted[LcpOption.AUTHENTICATION] = other.value

    def take_reject(self, options: Options) -> None:
        """See `Negotiation`; a host that knows no authentication need not say who it is."""
        for option in options:
            self._wanted.pop(LcpOption(option.type), None)

    def _magic_number(self) -> bytes:
        number = self._random_bytes(4)
        return number if any(number) else b"\0\0\0\1"

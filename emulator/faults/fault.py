"""Base classes of faults: the address at which a fault applies, and the families. The kinds are in `kinds/`."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol

import msgspec
from msgspec import Meta

from emulator.at.answers import ErrorText, Failure, Result
from emulator.at.settings import Settings
from emulator.device.device import Device
from emulator.device.network.coverage import Admission
from emulator.errors import Cause
from emulator.faults.conditions import Condition
from emulator.faults.quantities import Duration, Size
from emulator.faults.target import Target
from emulator.net.delayed_stream import Delays

if TYPE_CHECKING:
    from random import Random


class Place(StrEnum):
    """Places at which a fault can apply."""

    COMMAND = "command"
    """A command begins."""
    RESULT = "result"
    """The final result of a command, or its CONNECT."""
    TIME = "time"
    """A time has come."""
    ENTRY = "entry"
    """The host's bytes at a prompt."""
    TYPED = "typed"
    """The host's bytes, from the start of the modem on."""
    ANSWER = "answer"
    """The module's bytes to the host since a command began."""
    SENT = "sent"
    """The module's bytes to a server: data of the session, handshakes are not counted."""
    RECEIVED = "received"
    """A server's bytes to the module, counted in the same way."""
    HANDSHAKE = "handshake"
    """A server's messages in a TLS handshake."""
    NAME = "name"
    """A host is about to be dialled, or its address to be asked for."""
    DIAL = "dial"
    """A TCP connection is about to be opened; for some faults also an echo request to be sent."""
    ACTIVATION = "activation"
    """A PDP context is about to be activated."""
    WRITE = "write"
    """Non-volatile memory is about to be written."""


class FaultableConnection(Protocol):
    """See an open connection from a fault."""

    @property
    def device(self) -> Device:
        """The module that has the connection."""

    def reset(self) -> None:
        """Reset the connection, for both ends."""

    def hang_up(self) -> None:
        """Close the connection in order, for both ends."""

    def fall_silent(self) -> None:
        """Drop all bytes of both directions from now on, and tell nobody."""

    def hold(self, seconds: float) -> None:
        """Delay what comes from the server."""

    def hold_sent(self, seconds: float) -> None:
        """Delay what the module sends."""

    def corrupt(self) -> None:
        """Damage the next record from the server."""


def _kebab(name: str) -> str:
    return "".join("-" + character.lower() if character.isupper() else character for character in name).lstrip("-")


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="fault", tag=_kebab):
    """Declare what every fault has: its address, and how often it triggers."""

    command: str | None = None
    """Only while this is the host's latest command, as in `#SSLD`, or in one form of it, as in `+CREG?`."""
    terminal: str | None = None
    """Only at this AT instance, of several: `"2"` is the one at the second port, `"1.2"` channel 2 on the first."""
    occurrence: Annotated[int, Meta(ge=1)] = 1
    """First occurrence that counts: 2 lets the first one pass."""
    times: Annotated[int, Meta(ge=0)] = 1
    """How often it triggers; 0 for always."""
    time: Duration = Duration(0)
    """Not before so much of the module's time has passed since the modem started."""
    probability: Annotated[float, Meta(gt=0, le=1, description="a number above 0 and up to 1")] = 1.0
    """How likely it triggers each time, by the seed."""

    @property
    def place(self) -> Place:
        """The place at which the fault applies."""
        raise NotImplementedError

    @property
    def matches_each_byte(self) -> bool:
        """Whether the address is matched against each byte at the place."""
        return False

    @property
    def name(self) -> str:
        """The name of the kind."""
        return str(self.__struct_config__.tag)

    @property
    def rule(self) -> str:
        """The fault as a user would write it."""
        given = msgspec.structs.asdict(self)
        defaults = _defaults(type(self))
        words = [f"{key}={value}" for key, value in given.items() if value != defaults[key]]
        return " ".join([self.name, *words])


@cache
def _defaults(kind: type[Fault]) -> Mapping[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


class Positioned(Fault, frozen=True, kw_only=True):
    """Address a fault to a byte of what passes, or to a message of a handshake."""

    byte: Size | None = None
    """After so many bytes of what passes at `at`."""
    message: int | str | None = None
    """Of a handshake, before the server's message of this number or name, as in 2 or `certificate`."""

    def _check_position(self) -> None:
        """Refuse a position that does not go with the place.

        Raises:
            ValueError: naming the key that is too much, or missing.
        """
        if self.byte is not None and self.place not in _BYTE_PLACES:
            raise ValueError(f"`byte` needs `at` to be one of {', '.join(_BYTE_PLACES)}")
        if self.message is not None and self.place is not Place.HANDSHAKE:
            raise ValueError('`message` needs `at` to be "handshake"')
        if self.place is Place.HANDSHAKE and (self.message is None or self.message == 0):
            raise ValueError("a fault of a handshake needs `message`, from 1 on or a name")


Line = Annotated[int, Meta(ge=1)] | Literal["result", "end"]
"""A place in an answer whose length is not known."""


def _check_line(line: Line | None, place: Place) -> None:
    if line is not None and place is not Place.ANSWER:
        raise ValueError('`line` needs `at` to be "answer"')


_BYTE_PLACES = (Place.ENTRY, Place.TYPED, Place.ANSWER, Place.SENT, Place.RECEIVED)


class DeviceFault(Positioned, frozen=True, kw_only=True):
    """Something happens to the module."""

    at: Literal["command", "time", "entry", "answer", "sent", "received", "handshake", "write"] | None = None
    """Where: as the command begins, in the midst of what passes, as non-volatile memory is written, or at the time.

    Left out, it is as the command begins if there is one.
    """
    delay: Duration = Duration(0)
    """So much later than the address matches."""
    line: Line | None = None
    """At the begin of the answer's n-th line, of its final `result`, or at its `end`; `byte` counts from there."""

    def __post_init__(self) -> None:
        self._check_position()
        _check_line(self.line, self.place)

    @property
    def place(self) -> Place:
        if self.at is not None:
            return Place(self.at)
        return Place.COMMAND if self.command is not None else Place.TIME

    def obstacle(self, target: Target) -> str | None:
        """Return why the fault cannot apply now, as in `context 1 is not active`; None when it can."""
        return None

    def apply(self, target: Target) -> Condition | None:
        """Apply the fault; return its condition if it lasts."""
        raise NotImplementedError


class OutsideFault(DeviceFault, frozen=True, kw_only=True):
    """Something happens to what the module depends on."""

    at: Literal["command", "time", "entry", "answer", "sent", "received", "handshake"] | None = None
    """Where: as the command begins, in the midst of what passes, or at the time.

    Left out, it is as the command begins if there is one.
    """


class DialFault(Fault, frozen=True, kw_only=True):
    """A TCP connection does not come about."""

    host: str | None = None
    """Only when the module dials this host."""

    @property
    def place(self) -> Place:
        return Place.DIAL

    async def dial(self, host: str) -> None:
        """Fail in the place of dialling.

        Raises:
            NameUnknown: the name cannot be resolved.
            DialFailed: nobody answers there.
        """
        raise NotImplementedError


class NameFault(DialFault, frozen=True, kw_only=True):
    """The name of a host leads nowhere, whether it is dialled or its address is asked for."""

    host: str | None = None
    """Only when the module dials this host, or asks for its address."""

    @property
    def place(self) -> Place:
        return Place.NAME


class DelayFault(Fault, frozen=True, kw_only=True):
    """The network between module and server is worse than the one of this machine."""

    host: str | None = None
    """Only on connections to this host, as it was dialled, and pings."""
    times: Annotated[int, Meta(ge=0)] = 0
    """For how many connections and pings; 0 for all."""

    @property
    def place(self) -> Place:
        return Place.DIAL

    def delays(self) -> Delays:
        """Return the delays of the network."""
        raise NotImplementedError


class ConnectionFault(Positioned, frozen=True, kw_only=True):
    """Something happens within a TLS session."""

    host: str | None = None
    """Only on connections to this host, as it was dialled."""

    def __post_init__(self) -> None:
        self._check_position()

    @property
    def place(self) -> Place:
        return Place.HANDSHAKE

    def apply(self, connection: FaultableConnection) -> None:
        """Apply the fault to a connection."""
        raise NotImplementedError


class CutFault(ConnectionFault, frozen=True, kw_only=True):
    """Something happens to an open connection, anywhere on it."""

    at: Literal["sent", "received", "handshake"] = "sent"
    """Where: in what the module sends, in what the server sends, or in the handshake."""

    @property
    def place(self) -> Place:
        return Place(self.at)


class LineFault(Fault, frozen=True, kw_only=True):
    """Something happens to bytes between module and host."""

    at: Literal["answer", "entry", "typed"] = "answer"
    """Which bytes: the module's since a command began, the host's at a prompt, or the host's since the start."""
    byte: Size | None = None
    """After so many of these bytes; when left out without a `line`, the address matches each byte."""
    line: Line | None = None
    """From the answer's n-th line on, from its final `result` on, or from its `end` on; `byte` counts from there."""
    count: Annotated[int, Meta(ge=1)] = 1
    """How many bytes in a row."""

    def __post_init__(self) -> None:
        _check_line(self.line, self.place)

    @property
    def place(self) -> Place:
        return Place(self.at)

    @property
    def matches_each_byte(self) -> bool:
        return self.byte is None and self.line is None

    @property
    def pause(self) -> float:
        """Seconds of pause before each byte."""
        return 0.0

    def alter(self, data: bytes, random: "Random") -> bytes:
        """Return what the bytes become."""
        return data


class ActivationFault(Fault, frozen=True, kw_only=True):
    """The network does not activate a PDP context as it should."""

    @property
    def place(self) -> Place:
        return Place.ACTIVATION

    def admission(self) -> Admission:
        """Return what the network answers instead."""
        raise NotImplementedError


class Ending(msgspec.Struct, frozen=True):
    """The result that a command is about to give."""

    result: Result
    command: str
    """Its name."""
    settings: Settings
    errors: Mapping[Cause, ErrorText]

    @property
    def printed(self) -> ErrorText | None:
        """Return the number and text of a failure that has a cause."""
        failure = self.result
        return self.errors[failure.cause] if isinstance(failure, Failure) and failure.cause is not None else None


class RefusalFault(Fault, frozen=True, kw_only=True):
    """A command is refused before it does anything."""

    @property
    def place(self) -> Place:
        return Place.COMMAND

    def obstacle(self, command: str) -> str | None:
        """Return why the command cannot be refused so; None when it can."""
        return None

    def refusal(self) -> Cause | None:
        """Return the cause; None for a plain ERROR."""
        raise NotImplementedError


class ResultFault(Fault, frozen=True, kw_only=True):
    """What a command does is as it should be, and its final result, or its CONNECT, comes in another form."""

    awaited: ClassVar[str]
    """What the fault waits for from the command, as in `no CONNECT came`."""

    @property
    def place(self) -> Place:
        return Place.RESULT

    def concerns(self, result: Result) -> bool:
        """Return whether it is the kind of result that the fault is about."""
        raise NotImplementedError

    def obstacle(self, ending: Ending) -> str | None:
        """Return why the module cannot say it otherwise now, as in `ATX0 wants CONNECT alone`; None when it can."""
        return None

    def altered(self, ending: Ending) -> Result:
        """Return what the module says instead."""
        raise NotImplementedError

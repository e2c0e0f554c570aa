"""Faults between the module and its host: bytes, URCs, the port itself."""

from random import Random
from typing import Annotated

from msgspec import Meta

from emulator.faults.conditions import Condition
from emulator.faults.fault import LineFault, OutsideFault, Place
from emulator.faults.quantities import Duration, Size
from emulator.faults.target import Target

_OUT_OF_TURN = (Place.ANSWER, Place.ENTRY)


class PortVanished(OutsideFault, frozen=True, kw_only=True):
    """The host's reads and writes fail; later there is a new port, behind the same `--link`.

    At a channel of the multiplexer it is the port below it that vanishes, with all its channels.
    """

    duration: Duration = Duration(5)
    """After so long it is there again."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.take_port_away())


class UnsolicitedLine(OutsideFault, frozen=True, kw_only=True):
    """A line comes between two commands; or with `at = "answer"` at a byte or line of an answer, or at a prompt."""

    text: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[ -~]*$")]
    """The line, as in `+CREG: 2` or `RING`, without its CR and LF."""

    def obstacle(self, target: Target) -> str | None:
        return None if target.is_open else f"AT instance {target.name} is not open"

    def apply(self, target: Target) -> None:
        line = f"\r\n{self.text}\r\n".encode("ascii")
        if self.place not in _OUT_OF_TURN:
            target.notify(self.text)
        elif self.delay:
            target.inject(line)
        else:
            target.insert(line)


class BytesLost(LineFault, frozen=True, kw_only=True):
    """They never arrive, as at a receiver that overruns."""

    def alter(self, data: bytes, random: Random) -> bytes:
        return b""


class BytesDoubled(LineFault, frozen=True, kw_only=True):
    """They are sent again."""

    def alter(self, data: bytes, random: Random) -> bytes:
        return data + data


class BytesGarbled(LineFault, frozen=True, kw_only=True):
    """One bit of each is another one, by the seed, as on a noisy line."""

    def alter(self, data: bytes, random: Random) -> bytes:
        return bytes(byte ^ 1 << random.randrange(8) for byte in data)


class BytesLate(LineFault, frozen=True, kw_only=True):
    """They come after a pause, and what follows comes behind them: an answer in two pieces, with `byte` between them.

    With `count`, there is a pause before each of so many bytes.
    """

    byte: Size = Size(0)
    """After so many of these bytes."""
    duration: Duration = Duration(1)
    """How long each pause is."""

    @property
    def pause(self) -> float:
        return self.duration

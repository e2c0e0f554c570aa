"""PINs of the card by instructions: give, change, turn on and off, unblock. 51.011 9.2.9 to 9.2.13, 102.221 11.1.9."""

from collections.abc import Callable
from enum import Enum

import msgspec

from emulator.device.sim.card import PIN_LENGTHS, Sim
from emulator.device.sim.instructions import Instruction
from emulator.errors import Cause, DeviceError

FIRST, SECOND = 1, 2
OCTETS = 8
"""Of one PIN in an instruction."""


class PinOutcome(Enum):
    """What has become of an instruction."""

    DONE = "done"
    WRONG = "wrong"
    BLOCKED = "blocked"
    DISABLED = "not in a state for it"
    """A PIN that is not asked for, or is asked for already."""
    NO_SUCH_PIN = "no such PIN"
    MALFORMED = "no PIN"
    MEMORY_PROBLEM = "memory problem"


class PinResult(msgspec.Struct, frozen=True):
    """An outcome, with the tries that are left."""

    outcome: PinOutcome
    left: int


def codes_in(instruction: int) -> int:
    """Return how many PINs an instruction carries."""
    return 2 if instruction in (Instruction.CHANGE, Instruction.UNBLOCK) else 1


class CardPins:
    """Both PINs."""

    def __init__(self, sim: Sim) -> None:
        self._sim = sim

    def __repr__(self) -> str:
        return f"<CardPins {self._sim.pin_tries} and {self._sim.second.tries} tries left>"

    def tries(self, which: int, instruction: int) -> int:
        """Return the tries left for the PIN, or for the PUK that an instruction wants."""
        pin = self._sim if which == FIRST else self._sim.second
        if instruction == Instruction.UNBLOCK:
            return pin.puk_tries
        return self._sim.pin_tries if which == FIRST else self._sim.second.tries

    def use(self, instruction: int, which: int, data: bytes) -> PinResult:
        """Carry out an instruction with its PINs."""
        outcome = self._obstacle(instruction, which)
        if outcome is None:
            first, second = _code(data[:OCTETS]), _code(data[OCTETS:])
            if codes_in(instruction) == 2 and not (second.isdecimal() and len(second) in PIN_LENGTHS):
                outcome = PinOutcome.MALFORMED
            else:
                outcome = self._tried(self._act(instruction, which, first, second), instruction, which)
        return PinResult(outcome, self.tries(which, instruction))

    def _obstacle(self, instruction: int, which: int) -> PinOutcome | None:
        enables = instruction == Instruction.ENABLE
        switches = enables or instruction == Instruction.DISABLE
        if which not in (FIRST, SECOND) or (which == SECOND and switches):
            return PinOutcome.NO_SUCH_PIN
        if which == FIRST and instruction != Instruction.UNBLOCK and self._sim.locked is enables:
            return PinOutcome.DISABLED
        return PinOutcome.BLOCKED if self.tries(which, instruction) == 0 else None

    def _act(self, instruction: int, which: int, first: str, second: str) -> Callable[[], None]:
        sim, other = self._sim, self._sim.second
        acts: dict[tuple[int, int], Callable[[], None]] = {
            (Instruction.VERIFY, FIRST): lambda: sim.verify(first),
            (Instruction.CHANGE, FIRST): lambda: sim.change_pin(first, second),
            (Instruction.DISABLE, FIRST): lambda: sim.set_lock(False, first),
            (Instruction.ENABLE, FIRST): lambda: sim.set_lock(True, first),
            (Instruction.UNBLOCK, FIRST): lambda: sim.unblock(first, second),
            (Instruction.VERIFY, SECOND): lambda: other.verify(first),
            (Instruction.CHANGE, SECOND): lambda: other.change(first, second),
            (Instruction.UNBLOCK, SECOND): lambda: other.unblock(first, second),
        }
        return acts[instruction, which]

    def _tried(self, act: Callable[[], None], instruction: int, which: int) -> PinOutcome:
        try:
            act()
        except DeviceError as error:
            if error.cause is not Cause.INCORRECT_PASSWORD:
                return PinOutcome.MEMORY_PROBLEM
            return PinOutcome.WRONG if self.tries(which, instruction) else PinOutcome.BLOCKED
        return PinOutcome.DONE


def _code(octets: bytes) -> str:
    return octets.rstrip(b"\xff").decode("latin-1")

"""The SIM card: present or not, locked by a PIN or not."""

from collections.abc import Callable
from enum import Enum

from emulator.errors import Cause, ModuleError
from emulator.firmware.schema import Sim as SimProfile

PIN_TRIES = 3
PUK_TRIES = 10


class SimState(Enum):
    """What +CPIN? shows."""

    ABSENT = ""
    READY = "READY"
    PIN = "SIM PIN"
    PUK = "SIM PUK"


class Sim:
    """Asks for its PIN at each start when the profile gives it one; the tries that are left survive a restart."""

    def __init__(self, profile: SimProfile) -> None:
        self._profile = profile
        self._pin = profile.pin
        self._pin_tries = PIN_TRIES
        self._puk_tries = PUK_TRIES
        self._inserted = profile.present
        self.on_ready: list[Callable[[], None]] = []
        self.on_change: list[Callable[[], None]] = []
        """Called when the card has been removed, inserted or replaced."""
        self.restart()

    def __repr__(self) -> str:
        return f"<Sim {self.state.name}, {self._pin_tries} tries left>"

    @property
    def ready(self) -> bool:
        """Whether the card is there and unlocked."""
        return self.state is SimState.READY

    def restart(self) -> None:
        """Power-on: a PIN is asked for again."""
        if not self._inserted:
            self.state = SimState.ABSENT
        elif self._pin_tries == 0:
            self.state = SimState.PUK
        else:
            self.state = SimState.READY if self._pin is None else SimState.PIN

    def remove(self) -> None:
        """The card is gone; harmless when there is none."""
        self._inserted = False
        self._renew()

    def insert(self) -> None:
        """The card is there again, and asks for its PIN if it has one."""
        self._inserted = True
        self._renew()

    def lock(self, pin: str, *, blocked: bool = False) -> None:
        """Replace the card by one with this PIN, or one that asks for its PUK already."""
        self._pin, self._pin_tries, self._puk_tries = pin, 0 if blocked else PIN_TRIES, PUK_TRIES
        self.insert()

    def _renew(self) -> None:
        before = self.state
        self.restart()
        if self.state is before:
            return
        for listener in self.on_change:
            listener()
        if self.ready:
            self._tell_ready()

    def _tell_ready(self) -> None:
        for listener in self.on_ready:
            listener()

    def unlock(self, code: str, new_pin: str | None) -> None:
        """Give the PIN, or the PUK with a new PIN (27.007 8.3).

        Raises:
            ModuleError: there is no card, nothing to unlock, or the code is wrong.
        """
        match self.state:
            case SimState.ABSENT:
                raise ModuleError(Cause.SIM_NOT_INSERTED)
            case SimState.READY:
                raise ModuleError(Cause.OPERATION_NOT_ALLOWED)
            case SimState.PIN:
                self._give_pin(code)
            case SimState.PUK:
                self._give_puk(code, new_pin)
        self.state = SimState.READY
        self._tell_ready()

    def _give_pin(self, code: str) -> None:
        if code != self._pin:
            self._pin_tries -= 1
            if self._pin_tries == 0:
                self.state = SimState.PUK
            raise ModuleError(Cause.INCORRECT_PASSWORD)
        self._pin_tries = PIN_TRIES

    def _give_puk(self, code: str, new_pin: str | None) -> None:
        if self._puk_tries == 0:
            raise ModuleError(Cause.SIM_FAILURE)
        if new_pin is None or code != self._profile.puk:
            self._puk_tries -= 1
            raise ModuleError(Cause.INCORRECT_PASSWORD)
        self._pin, self._pin_tries, self._puk_tries = new_pin, PIN_TRIES, PUK_TRIES

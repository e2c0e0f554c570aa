"""Model the SIM card: present or not, locked by a PIN or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, IntEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.needs.network import UnblockedCard, UsedPin
from emulator.device.overlay import Overlaid
from emulator.device.sim.card_start import CardStart
from emulator.device.sim.second_pin import PIN_TRIES, PUK_TRIES, SecondPin, SecondPinMemory
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.profile import Profile

PIN_LENGTHS = range(4, 9)


class SimDetection(IntEnum):
    """Way in which the module detects a card."""

    ABSENT = 0
    PRESENT = 1
    BY_SLOT = 2


class SimState(Enum):
    """State that +CPIN? shows."""

    ABSENT = ""
    READY = "READY"
    PIN = "SIM PIN"
    PUK = "SIM PUK"
    BUSY = "busy"
    """It does not answer, as for some time after its start; +CPIN? is refused."""


class CardMemory(Record, frozen=True):
    """Memory of a SIM card: its PIN and the tries left."""

    origin: tuple[str, str | None, str]
    """ICCID, PIN and PUK in the profile: another card has others."""
    pin: str
    locked: bool
    """Whether the PIN is asked for at each start."""
    pin_tries: int
    puk_tries: int
    second: SecondPinMemory | None = None
    """The second PIN; None while it is as the profile says."""


def new_card(profile: Profile) -> CardMemory:
    """Return the card that the profile describes, as it was bought."""
    sim = profile.sim
    origin = (profile.identity.iccid, sim.pin, sim.puk)
    return CardMemory(origin, sim.pin or sim.dormant_pin, sim.pin is not None, PIN_TRIES, PUK_TRIES)


class _OtherCard(msgspec.Struct, eq=False):
    """A card other than the profile's; its memory ends with the run."""

    memory: CardMemory


class Sim:
    """The slot and its card; the card's memory outlasts power and runs."""

    def __init__(self, profile: Profile, store: NvmStore, start: CardStart) -> None:
        self._start = start
        self._puk = profile.sim.puk
        self._store = store
        self._other_card: Overlaid[_OtherCard | None] = Overlaid(None)
        """Replaces the profile's own."""
        self._present = Overlaid(profile.sim.present)
        self._busy = Overlaid(False)
        """Whether the card answers nobody for now."""
        self._found_ready = False
        """Whether the module has found it unlocked since its start."""
        self.looks_absent = False
        """Whether the module treats the card as removed, whatever the slot says (#SIMDET=0)."""
        self.on_ready: list[Callable[[], None]] = []
        self.on_change: list[Callable[[], None]] = []
        """Called when the card has been removed, inserted, replaced, or blocked while it was unlocked."""
        self.on_records: list[Callable[[], None]] = []
        """Called when phonebook and short messages of the unlocked card can be read."""
        second = SecondPinMemory(profile.sim.pin2)
        self.second = SecondPin(
            profile.sim.puk2, lambda: self._card.second or second, lambda memory: self._remember(second=memory)
        )
        self.restart()

    def __repr__(self) -> str:
        return f"<Sim {self.state.name}, {self._card.pin_tries} tries left>"

    @property
    def _card(self) -> CardMemory:
        other = self._other_card.value
        card = other.memory if other is not None else self._store.content.card
        assert card is not None, "the factory has put one in"
        return card

    @property
    def state(self) -> SimState:
        """Return the state that the module sees."""
        return SimState.BUSY if self._busy.value and self._state is not SimState.ABSENT else self._state

    @property
    def ready(self) -> bool:
        """Whether the card is there and unlocked."""
        return self.state is SimState.READY

    @property
    def in_use(self) -> bool:
        """Whether the module has found the card unlocked, so that it can do without its answers for a while."""
        return self._found_ready and self._state is SimState.READY

    @property
    def present(self) -> bool:
        """Whether a card is in the slot."""
        return self._present.value

    @property
    def locked(self) -> bool:
        """Whether the card asks for its PIN at each start."""
        return self._card.locked

    @property
    def tries(self) -> int:
        """Return the tries left: for the PUK while it is asked for, else for the PIN."""
        return self._card.puk_tries if self._state is SimState.PUK else self._card.pin_tries

    @property
    def pin_tries(self) -> int:
        """Return the tries left for the PIN."""
        return self._card.pin_tries

    @property
    def puk_tries(self) -> int:
        """Return the tries left for the PUK."""
        return self._card.puk_tries

    def restart(self) -> None:
        """Begin again, as at power-on."""
        self.second.verified = False
        self._state = self._state_at_start
        if self._state is not SimState.ABSENT and self._start.takes_time:
            self._state = SimState.BUSY
        self._start.forget()
        self._found_ready = self.ready

    @property
    def _state_at_start(self) -> SimState:
        if not self.present or self.looks_absent:
            return SimState.ABSENT
        if self._card.pin_tries == 0:
            return SimState.PUK
        return SimState.PIN if self._card.locked else SimState.READY

    def power_up(self) -> None:
        """Give a card that was started its supply: after a while it answers."""
        self._start.power_up()
        if self._state is SimState.BUSY:
            self._start.answer_later(self._answer)

    def _answer(self) -> None:
        self._state = self._state_at_start
        self._tell_change()
        if self.ready:
            self._tell_ready()

    @property
    def records_ready(self) -> bool:
        """Whether phonebook and short messages can be read."""
        return self.ready and self._start.records_ready

    def remove(self) -> None:
        """Take the card out; harmless when there is none."""
        with self._changing_slot():
            self._present.set(False)

    def insert(self) -> None:
        """Put the card in, which asks for its PIN if it has one; harmless when it is there."""
        with self._changing_slot():
            self._present.set(True)

    def take_out_for_now(self) -> Callable[[], None]:
        """Take the card out until the return value is called, once."""
        with self._changing_slot():
            end = self._present.cover(False)
        return lambda: self._end(end)

    def replace_for_now(self, pin: str, *, blocked: bool = False) -> Callable[[], None]:
        """Put in a card with this PIN, or one that asks for its PUK already, until the return value is called, once."""
        memory = replace(self._card, pin=pin, locked=True, pin_tries=0 if blocked else PIN_TRIES, puk_tries=PUK_TRIES)
        with self._changing_slot():
            ends = self._other_card.cover(_OtherCard(memory)), self._present.cover(True)
        return lambda: self._end(*ends)

    def be_busy_for_now(self) -> Callable[[], None]:
        """Let the card answer nobody until the return value is called, once; a registration that there is stays."""
        end = self._busy.cover(True)
        return lambda: self._be_idle(end)

    def _be_idle(self, end: Callable[[], None]) -> None:
        end()
        if self.ready and not self._found_ready:
            self._tell_ready()

    def _end(self, *ends: Callable[[], None]) -> None:
        with self._changing_slot():
            for end in ends:
                end()

    @contextmanager
    def _changing_slot(self) -> Iterator[None]:
        """Start again if the block has changed the card."""
        before = self.present, self._other_card.value
        yield
        if before != (self.present, self._other_card.value):
            self._renew()

    def look_absent(self, absent: bool) -> None:
        """Treat the card as removed, or trust the slot again."""
        self.looks_absent = absent
        self._renew()

    def _renew(self) -> None:
        before = self._state
        self.restart()
        if self._state is SimState.BUSY and self._start.powered:
            self._start.answer_later(self._answer)
        if self._state is before:
            return
        self._tell_change()
        if self.ready:
            self._tell_ready()

    def _tell_change(self) -> None:
        for listener in self.on_change:
            listener()

    def _tell_ready(self) -> None:
        self._found_ready = True
        for listener in self.on_ready:
            listener()
        self._start.read_records(self._tell_records)

    def _tell_records(self) -> None:
        for listener in self.on_records:
            listener()

    def _refuse_while_busy(self) -> None:
        if self.state is SimState.BUSY:
            raise DeviceError(
                Cause.SIM_BUSY, "the card does not answer now, as for some time after its start; try again"
            )

    def unlock(self, code: str, new_pin: str | None) -> None:
        """Give the PIN, or the PUK with a new PIN (27.007 8.3).

        Raises:
            DeviceError: there is no card, nothing to unlock, or the code is wrong.
        """
        self._refuse_while_busy()
        match self.state:
            case SimState.ABSENT:
                raise DeviceError(Cause.SIM_NOT_INSERTED, "there is no SIM card in the slot")
            case SimState.READY:
                raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "the SIM is unlocked already: it asks for no code")
            case SimState.PIN:
                self._verify(code)
            case SimState.PUK:
                self._give_puk(code, new_pin)
                self._open()

    def set_lock(self, locked: bool, pin: str) -> None:
        """Turn the PIN request at each start on or off (51.011 9.2.11 and 9.2.12).

        Raises:
            DeviceError: it is so already, or the PIN is wrong.
        """
        if locked is self._card.locked:
            asks = "asks" if locked else "does not ask"
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, f"the SIM {asks} for its PIN at each start already")
        self._verify(pin, locked=locked)

    def change_pin(self, old: str, new: str) -> None:
        """Give the card another PIN (51.011 9.2.10).

        Raises:
            DeviceError: the card does not use its PIN, or the old one is wrong.
        """
        if not self._card.locked:
            reason = "the PIN can be changed only while the SIM asks for it at each start"
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, reason, UsedPin())
        self._verify(old, pin=new)

    def verify(self, code: str) -> None:
        """Compare the PIN at any time; the right one unlocks the card (51.011 9.2.9).

        Raises:
            DeviceError: it is wrong, or the memory fails.
        """
        self._verify(code)

    def unblock(self, puk: str, new_pin: str) -> None:
        """Give the card another PIN by its PUK at any time (51.011 9.2.13).

        Raises:
            DeviceError: the PUK is wrong or used up, or the memory fails.
        """
        self._give_puk(puk, new_pin)
        self._open()

    def _open(self) -> None:
        if self._state in (SimState.PIN, SimState.PUK):
            self._state = SimState.READY
            self._tell_ready()

    def _verify(self, code: str, **then: Any) -> None:
        """Compare the PIN, and remember `then` with the tries when it is right."""
        self._refuse_while_busy()
        if code == self._card.pin:
            self._remember(pin_tries=PIN_TRIES, **then)
            self._open()
            return
        self._remember(pin_tries=self._card.pin_tries - 1)
        if self._card.pin_tries == 0:
            self._block()
            reason = "the PIN is wrong, and was so too often: the SIM asks for its PUK"
            raise DeviceError(Cause.INCORRECT_PASSWORD, reason, UnblockedCard())
        raise DeviceError(Cause.INCORRECT_PASSWORD, f"the PIN is wrong; tries left: {self._card.pin_tries}")

    def _block(self) -> None:
        was_ready, self._state = self.ready, SimState.PUK
        if was_ready:
            self._tell_change()

    def _give_puk(self, code: str, new_pin: str | None) -> None:
        self._refuse_while_busy()
        if self._card.puk_tries == 0:
            raise DeviceError(Cause.SIM_FAILURE, "the PUK was wrong too often: the card can no longer be used")
        if new_pin is None or code != self._puk:
            self._remember(puk_tries=self._card.puk_tries - 1)
            what = "the new PIN is missing behind the PUK" if new_pin is None else "the PUK is wrong"
            raise DeviceError(Cause.INCORRECT_PASSWORD, f"{what}; tries left: {self._card.puk_tries}", UnblockedCard())
        self._remember(pin=new_pin, locked=True, pin_tries=PIN_TRIES, puk_tries=PUK_TRIES)

    def _remember(self, **changes: Any) -> None:
        card = replace(self._card, **changes)
        if (other := self._other_card.value) is not None:
            other.memory = card
        elif card != self._card:
            with self._store.change() as nvm:
                nvm.card = card

"""The locks of the SIM and of calls: +CLCK, +CPWD, and the tries that are left. 27.007 7.4 and 7.5."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, Word, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values, values_of
from emulator.commands.network.operator import in_service
from emulator.commands.sim.card import PIN, PIN_IN_WORDS, card_answers, sim_unlocked
from emulator.device.network.subscription import classes_in
from emulator.errors import Cause, DeviceError

UNLOCK, LOCK, QUERY = 0, 1, 2
"""<mode> of +CLCK."""

_SIM_LOCK = "SC"
_CALL_BARRINGS = ("AO", "OI", "OX", "AI", "IR")
_ALL_BARRINGS = {"AB": _CALL_BARRINGS, "AG": ("AO", "OI", "OX"), "AC": ("AI", "IR")}
"""Facilities that stand for several, and can only be unlocked."""
_FIXED_DIALLING = "FD"

facility_lock = Command("+CLCK", source="27.007 7.4", needs=sim_unlocked, test=values_of("facility"))


@facility_lock.set
def lock_facility(
    at: Context,
    facility: Annotated[str, Word(lambda profile: profile.sim.facilities)],
    mode: Annotated[int, fixed(UNLOCK, LOCK, QUERY)],
    password: Annotated[str, Text(secret=True)] | None = None,
    classes: Annotated[int, between(1, 255)] = 7,
) -> Information | None:
    """Lock (1) or unlock (0) the SIM or calls, or show whether they are locked (2).

    Args:
        facility: What is locked: SC the card by its PIN, the others calls, fixed numbers or networks.
        mode: 0 unlocks, 1 locks, 2 shows it.
        password: The PIN, or the password of the service.
        classes: A sum of classes: 1 voice, 2 data, 4 fax.

    Example:
        AT+CLCK="SC",2
    """
    if facility == _SIM_LOCK:
        return _sim_lock(at, mode, password)
    if facility in _CALL_BARRINGS or facility in _ALL_BARRINGS:
        return _call_barring(at, facility, mode, password, classes)
    if mode == QUERY:
        return Information.of("+CLCK: 0")
    cause = Cause.SIM_PIN2_REQUIRED if facility == _FIXED_DIALLING else Cause.OPERATION_NOT_ALLOWED
    raise DeviceError(cause, f"the lock {facility} can only be queried, by mode {QUERY}")


def _sim_lock(at: Context, mode: int, password: str | None) -> Information | None:
    sim = at.device.sim
    if mode == QUERY:
        return Information.of(f"+CLCK: {int(sim.locked)}")
    sim.set_lock(mode == LOCK, _given(password))
    return None


def _call_barring(at: Context, facility: str, mode: int, password: str | None, classes: int) -> Information | None:
    in_service(at)
    barred = at.device.subscription.barred
    if mode == QUERY and facility in _CALL_BARRINGS:
        asked = classes_in(classes)
        return Information(tuple(f"+CLCK: {int(barred.get((facility, one), False))},{one}" for one in asked))
    if facility in _ALL_BARRINGS and mode != UNLOCK:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, f"{facility} stands for several; mode {UNLOCK} alone")
    if _given(password) != at.profile.network.services.barring_password:
        raise DeviceError(Cause.INCORRECT_PASSWORD, "the password of call barring is wrong")
    for one in _ALL_BARRINGS.get(facility, (facility,)):
        barred.update(dict.fromkeys(((one, each) for each in classes_in(classes)), mode == LOCK))
    return None


def _given(password: str | None) -> str:
    if password is None:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "the password is missing")
    return password


password_change = Command("+CPWD", source="27.007 7.5", needs=sim_unlocked)


@password_change.set
def change_password(
    at: Context,
    facility: Annotated[str, Word(lambda profile: (_SIM_LOCK,))],
    old: Annotated[str, Text(pattern=PIN, form=PIN_IN_WORDS, secret=True)],
    new: Annotated[str, Text(pattern=PIN, form=PIN_IN_WORDS, secret=True)],
) -> None:
    """Change the PIN of the SIM, while it is locked by it.

    Args:
        facility: SC is the PIN.
        old: The password so far.
        new: The new one.

    Example:
        AT+CLCK="SC",1,"1234"
        AT+CPWD="SC","1234","4321"
    """
    at.device.sim.change_pin(old, new)


@password_change.test
def list_password_facilities(at: Context) -> Information:
    """Show whose passwords can be changed, and how long they may be, as a list of pairs (27.007 7.5)."""
    return Information.of(f'+CPWD: ("{_SIM_LOCK}",8)')


pin_tries = Command("#PCT", source="AT Commands Reference Guide", test=no_values)


@pin_tries.execute
def show_tries(at: Context) -> Information:
    """Show how many tries are left for the PIN, or for the PUK if that is asked for."""
    card_answers(at)
    return Information.of(f"#PCT: {at.device.sim.tries}")

"""The SIM: its lock, its numbers, its state. 27.007 8.3, Software User Guide 2.10."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, setting, single_setting, stored
from emulator.device.sim.card import SimDetection, SimState
from emulator.errors import Cause, DeviceError

_GUIDE = "AT Commands Reference Guide"

PIN = r"\d{4,8}"
"""The form of a PIN."""
PIN_IN_WORDS = "4 to 8 digits"


def sim_unlocked(at: Context) -> None:
    """Refuse what needs an unlocked SIM."""
    causes = {
        SimState.PIN: Cause.SIM_PIN_REQUIRED,
        SimState.PUK: Cause.SIM_PUK_REQUIRED,
    }
    card_answers(at)
    if at.device.card_state is not SimState.READY:
        raise at.device.card_lack.refusal(causes[at.device.card_state])


def records_ready(at: Context) -> None:
    """Refuse what needs the records of an unlocked SIM."""
    sim_unlocked(at)
    if not at.device.sim.records_ready:
        raise DeviceError(Cause.SIM_BUSY, "the phonebook is still being read; #QSS: 3 tells when it has been")


def card_answers(at: Context) -> None:
    """Refuse what needs a SIM, locked or not, that answers."""
    causes = {SimState.ABSENT: Cause.SIM_NOT_INSERTED, SimState.BUSY: Cause.SIM_BUSY}
    if at.device.card_state in causes:
        raise at.device.card_lack.refusal(causes[at.device.card_state])


pin = Command("+CPIN", source="27.007 8.3", needs=card_answers, test=no_values)


@pin.set
def enter_pin(
    at: Context,
    code: Annotated[str, Text(pattern=PIN, form=PIN_IN_WORDS, secret=True)],
    new_pin: Annotated[str, Text(pattern=PIN, form=PIN_IN_WORDS, secret=True)] | None = None,
) -> None:
    """Unlock the SIM with its PIN, or with the PUK and a new PIN.

    Args:
        code: The PIN, or the PUK.
        new_pin: With the PUK, the new PIN.

    Example:
        AT+CPIN?
    """
    at.device.sim.unlock(code, new_pin)


@pin.read
def show_pin_state(at: Context) -> Information:
    """Show what the SIM waits for."""
    return Information.of(f"+CPIN: {at.device.card_state.value}")


_ABSENT, _INSERTED, _UNLOCKED, _READ = range(4)
"""<status> of #QSS; the last is a card with SMS and phonebook ready."""


def _status(at: Context) -> int:
    match at.device.card_state:
        case SimState.ABSENT:
            return _ABSENT
        case SimState.READY:
            return _READ if at.device.sim.records_ready else _UNLOCKED
    return _INSERTED


sim_status = SettingsCommand(
    "#QSS",
    "Set whether changes of the SIM's state are reported.",
    source="Software User Guide 2.10.4",
    and_shows=_status,
    mode=setting("#QSS").required,
)
sim_detection = SettingsCommand(
    "#SIMDET",
    "Set whether the card is taken for removed (0) or inserted (1), or the slot is believed (2).",
    source="Software User Guide 2.10.5",
    and_shows=lambda at: int(at.device.sim.present),
    mode=stored("#SIMDET").required,
)


@sim_detection.changed
def apply_detection(at: Context) -> None:
    """Let the card look absent, or not."""
    at.device.sim.look_absent(at.device.stored["#SIMDET"] == SimDetection.ABSENT)


subscriber = Command("+CIMI", source="27.007 5.6", needs=sim_unlocked, test=no_values)


@subscriber.execute
def show_subscriber(at: Context) -> Information:
    """Show the IMSI."""
    return Information.of(at.profile.identity.imsi)


prefixed_subscriber = Command("#CIMI", source=_GUIDE, needs=sim_unlocked, test=no_values)


@prefixed_subscriber.execute
def show_prefixed_subscriber(at: Context) -> Information:
    """Show the IMSI behind the command's name."""
    return Information.of(f"#CIMI: {at.profile.identity.imsi}")


card_number = Command("#CCID", source=_GUIDE, needs=sim_unlocked, test=no_values)
standard_card_number = Command("+CCID", source=_GUIDE, needs=sim_unlocked, test=no_values)


later_card_number = Command(
    "+ICCID", source="AT Commands Reference Guide of later lines", needs=sim_unlocked, test=no_values
)


@card_number.execute
@standard_card_number.execute
@later_card_number.execute
def show_card(at: Context) -> Information:
    """Show the card's number."""
    return Information.of(f"{at.name}: {at.profile.identity.iccid}")


usim_application = single_setting(
    stored("#ENAUSIM").unchanged,
    "Set whether the module uses the USIM application of the card, from the next start.",
    source="Software User Guide 2.10.6",
)

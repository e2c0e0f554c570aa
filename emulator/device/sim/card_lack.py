"""Say why the SIM card cannot be used."""

from collections.abc import Mapping

from emulator.device.lack import Lack
from emulator.device.needs.network import DetectedCard, ReturnedCard, UnblockedCard, UnlockedCard
from emulator.device.sim.card import SimState

CARD_LACKS: Mapping[SimState, Lack] = {
    SimState.ABSENT: Lack("there is no SIM card in the slot"),
    SimState.BUSY: Lack("the SIM card does not answer yet after its start; try again"),
    SimState.PIN: Lack("the SIM asks for its PIN", UnlockedCard()),
    SimState.PUK: Lack("the SIM asks for its PUK: the PIN was wrong too often", UnblockedCard()),
}
"""What is missing in each state of the card but the unlocked one."""

HELD_CARD = Lack("the host keeps the SIM card for itself", ReturnedCard())
UNDETECTED_CARD = Lack("the SIM detection is set to no card, whatever the slot says", DetectedCard())

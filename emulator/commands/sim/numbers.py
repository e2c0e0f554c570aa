"""The card's own numbers. 27.007 7.1, Software User Guide 2.10.7."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import DialString, EncodedText, between
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.remedies import Lines
from emulator.commands.sim.card import sim_unlocked
from emulator.commands.sim.phonebook import type_of
from emulator.device.sim.alpha import octets_needed
from emulator.device.sim.files import OWN_NUMBERS
from emulator.errors import Cause, DeviceError

_LONGEST_NUMBER = 21
"""Ten octets of digits, and +."""

_ENHANCED = Lines(("AT#ENS=1", "AT#REBOOT"))

own_numbers = Command("+CNUM", source="27.007 7.1", needs=sim_unlocked, test=no_values)


@own_numbers.execute
def show_own_numbers(at: Context) -> Information | None:
    """Show the numbers that the card has for itself."""
    lines = tuple(
        f'+CNUM: "{at.characters.written(name)}","{number}",{type_of(number)}'
        for name, number in at.device.card.files.own_numbers().values()
    )
    return Information(lines) if lines else None


own_number = Command("#SNUM", source="Software User Guide 2.10.7", needs=sim_unlocked, test=no_values)


@own_number.set
def set_own_number(
    at: Context,
    index: Annotated[int, between(1, 255)],
    number: Annotated[
        str,
        DialString(
            _LONGEST_NUMBER,
            pattern=r"\+?[0-9*#]{1,20}|",
            form="1 to 20 digits, * and #, with or without + before them, or nothing",
        ),
    ],
    name: Annotated[str, EncodedText()] = "",
) -> None:
    """Write one of the card's own numbers, which +CNUM shows; an empty number deletes it.

    Args:
        index: The place.
        number: The number; empty deletes it.
        name: Its name.

    Example:
        AT#ENS=1;&W
        AT#REBOOT
        < +PACSP1
        AT#SNUM=1,"123"
        AT+CNUM
    """
    files = at.device.card.files
    if not at.device.enhanced_network:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "the enhanced network selection is off", _ENHANCED)
    file = files.find(OWN_NUMBERS)
    if index * file.record > len(file.content):
        places = len(file.content) // file.record
        raise DeviceError(Cause.INVALID_INDEX, f"index is {index}; 1 to {places}")
    if (octets := octets_needed(name)) > files.own_name:
        raise DeviceError(Cause.TEXT_TOO_LONG, f"the name takes {octets} octets on the card; at most {files.own_name}")
    files.set_own_number(index, name, number)

"""Further commands of the card: mailboxes, choice of operators, speed, remote card. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values, single_setting, stored
from emulator.commands.sim.card import sim_unlocked
from emulator.device.device import Device

_GUIDE = "AT Commands Reference Guide"
_INTERNATIONAL, _NATIONAL = 145, 129

mailbox_numbers = Command("#MBN", source=_GUIDE, needs=sim_unlocked, test=no_values)


@mailbox_numbers.execute
def show_mailboxes(at: Context) -> Information | None:
    """Show the numbers of the card's mailboxes."""
    lines = []
    for index, one in enumerate(at.profile.sim.mailboxes, 1):
        kind = _INTERNATIONAL if one.number.startswith("+") else _NATIONAL
        text = f',"{at.characters.written(one.name)}"' if one.name else ""
        lines.append(f'#MBN: {index},"{one.number}",{kind}{text}')
    return Information(tuple(lines)) if lines else None


operator_menu = Command("+PACSP", source="Software User Guide 2.11", needs=sim_unlocked)


@operator_menu.read
def show_menu(at: Context) -> Information:
    """Show whether the card lets the user choose an operator (1)."""
    return Information.of(operator_menu_line(at.device))


def operator_menu_line(device: Device) -> str:
    """Form the line, which is a URC at each start under #ENS, too."""
    return f"+PACSP{int(device.profile.sim.operator_menu)}"


card_speed = single_setting(stored("#ENHSIM").unchanged, "Set the speed of the SIM card; it is kept.", source=_GUIDE)

remote_card = Command("#RSEN", source=_GUIDE, has_effect=False)


@remote_card.set
def use_remote_card(
    at: Context,
    mode: Annotated[int, fixed(0, 1)],
    form: Annotated[int, fixed(0)] = 0,
    role: Annotated[int, fixed(0)] = 0,
    channel: Annotated[int, between(1, 3)] = 1,
    beacon: Annotated[int, between(0, 100)] = 0,
) -> None:
    """Ask for a card in another device; none ever connects.

    Args:
        mode: 0 off, 1 on.
        form: 0 is all that there is.
        role: 0 is all that there is.
        channel: The channel; without effect.
        beacon: Seconds; without effect.
    """


@remote_card.read
def show_remote_card(at: Context) -> Information:
    """Show that no card in another device is connected."""
    return Information.of("#RSEN: 0")

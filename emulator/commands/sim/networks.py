"""The networks that the card prefers, and the names of networks. 27.007 7.19 and 7.21."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Text, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.sim.card import sim_unlocked
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric

_NUMERIC = 2

preferred_networks = Command("+CPOL", source="27.007 7.19", needs=sim_unlocked)


@preferred_networks.set
def prefer_network(
    at: Context,
    index: Annotated[int, Number(lambda profile: Numeric(range=(1, profile.sim.files.preferred_places)))] | None = None,
    form: Annotated[int, fixed(_NUMERIC)] | None = None,
    numeric: Annotated[str, Text(6, pattern=r"\d{5,6}")] | None = None,
) -> None:
    """Write a network to the list, at the first free place if none is given; the index alone frees its place."""
    if index is None and numeric is None:
        if form is None:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "no parameter is given")
        return
    try:
        at.device.card.files.prefer(index, numeric)
    except LookupError:
        raise DeviceError(Cause.MEMORY_FULL) from None


@preferred_networks.read
def show_networks(at: Context) -> Information | None:
    """Show the networks of the list."""
    networks = at.device.card.files.preferred_networks()
    lines = tuple(f'+CPOL: {index},{_NUMERIC},"{numeric}"' for index, numeric in networks.items())
    return Information(lines) if lines else None


@preferred_networks.test
def test_networks(at: Context) -> Information:
    """Show the places and the format."""
    return Information.of(f"+CPOL: {at.values('index', 'form')}")


network_names = Command("+COPN", source="27.007 7.21", test=no_values)


@network_names.execute
def show_names(at: Context) -> Information:
    """Show the numbers and names of the networks that the module knows."""
    known = at.profile.network.operators
    return Information(tuple(f'+COPN: "{one.numeric}","{at.characters.written(one.name)}"' for one in known))

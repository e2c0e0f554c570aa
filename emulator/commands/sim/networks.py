"""The networks that the card prefers, and the names of networks. 27.007 7.19 to 7.21."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Text, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, attribute, no_values
from emulator.commands.sim.card import sim_unlocked
from emulator.device.sim.preferred import Preferred
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile

_NUMERIC = 2


def _technology(profile: Profile) -> Numeric | None:
    """Allow an access technology to be chosen, where the card keeps them."""
    return Numeric(choices=(0, 1)) if profile.sim.files.operator_networks is not None else None


Technology = Annotated[int, Number(_technology)]

preferred_networks = Command("+CPOL", source="27.007 7.19", needs=sim_unlocked)


@preferred_networks.set
def prefer_network(
    at: Context,
    index: Annotated[int, Number(lambda profile: Numeric(range=(1, profile.sim.files.preferred_places)))] | None = None,
    form: Annotated[int, fixed(_NUMERIC)] | None = None,
    numeric: Annotated[str, Text(6, pattern=r"\d{5,6}", form="5 or 6 digits")] | None = None,
    gsm: Technology = 1,
    compact: Technology = 0,
    utran: Technology = 1,
) -> None:
    """Write a network to the list, at the first free place if none is given; the index alone frees its place.

    Args:
        index: The place in the list; the first free one unless given.
        form: 2 names a network by its number.
        numeric: Country and network code.
        gsm: 1 for its GSM.
        compact: 1 for its GSM compact.
        utran: 1 for its UMTS.

    Example:
        AT+CPOL=1,2,"20801"
        AT+CPOL?
    """
    if index is None and numeric is None:
        if form is None:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "index and network are missing")
        return
    network = None if numeric is None else Preferred(numeric, bool(gsm), bool(utran))
    at.device.preferred_networks.prefer(index, network)


@preferred_networks.read
def show_networks(at: Context) -> Information | None:
    """Show the networks of the list."""
    networks = at.device.preferred_networks.networks()
    lines = tuple(f"+CPOL: {index},{_shown(at, network)}" for index, network in networks.items())
    return Information(lines) if lines else None


def _shown(at: Context, network: Preferred) -> str:
    shown = f'{_NUMERIC},"{network.numeric}"'
    if at.profile.sim.files.operator_networks is None:
        return shown
    return f"{shown},{int(network.gsm)},0,{int(network.utran)}"


@preferred_networks.test
def test_networks(at: Context) -> Information:
    """Show the places and the format."""
    return Information.of(f"+CPOL: {at.values('index', 'form')}")


network_list = SettingsCommand(
    "+CPLS",
    "Set the list on which +CPOL works: the user's, the operator's or that of home networks.",
    source="27.007 7.20",
    needs=sim_unlocked,
    requires="sim.files.operator_networks",
    list=attribute(
        lambda at: at.device.preferred_networks, "selected", lambda profile: Numeric(range=(0, 2), default=0)
    ),
)


network_names = Command("+COPN", source="27.007 7.21", test=no_values)


@network_names.execute
def show_names(at: Context) -> Information:
    """Show the numbers and names of the networks that the module knows."""
    known = at.profile.network.operators
    return Information(tuple(f'+COPN: "{one.numeric}","{at.characters.written(one.name)}"' for one in known))

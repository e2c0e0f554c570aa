"""Circuit-switched data, of which there are no calls: +MS, #GSMCONT. V.250 6.4.1, IP Easy User Guide 4.2.1."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Text, Word, fixed
from emulator.at.profile import Profile
from emulator.commands.context import Context

_MODULATIONS = ("V21", "V22", "V22B", "V23C", "V32", "V34")
_PARTS = ("modulation", "automode", "slowest", "fastest")


def _limits(part: str) -> Number[Profile]:
    return Number(lambda profile: profile.settings[f"+MS.{part}"])


modulation = Command("+MS", source="V.250 6.4.1", has_effect=False)


@modulation.set
def set_modulation(
    at: Context,
    kind: Annotated[str | None, Word(lambda profile: _MODULATIONS)] = None,
    automode: Annotated[int | None, _limits("automode")] = None,
    slowest: Annotated[int | None, _limits("slowest")] = None,
    fastest: Annotated[int | None, _limits("fastest")] = None,
) -> None:
    """Set the modulation of data calls, and its slowest and fastest rate; they are kept.

    Args:
        kind: The modulation.
        automode: 1 lets the modulation be agreed on.
        slowest: The slowest rate in bit/s; 0 is not set.
        fastest: The fastest rate in bit/s; 0 is not set.
    """
    place = None if kind is None else _MODULATIONS.index(kind)
    for part, value in zip(_PARTS, (place, automode, slowest, fastest), strict=True):
        if value is not None:
            at.settings[f"+MS.{part}"] = value


@modulation.read
def show_modulation(at: Context) -> Information:
    """Show them."""
    place, *others = (at.settings[f"+MS.{part}"] for part in _PARTS)
    return Information.of(f"+MS: {_MODULATIONS[place]},{','.join(map(str, others))}")


@modulation.test
def show_modulations(at: Context) -> Information:
    """Show the values, the modulations without quotes."""
    return Information.of(f"+MS: ({','.join(_MODULATIONS)}),{at.values('automode', 'slowest', 'fastest')}")


context_number = Command("#GSMCONT", source="IP Easy User Guide 4.2.1", has_effect=False)


@context_number.set
def define_number(
    at: Context,
    cid: Annotated[int, fixed(0)],
    kind: Annotated[str | None, Word(lambda profile: ("IP",))] = None,
    number: Annotated[
        str, Text(40, pattern=r"\+?[0-9*#A-D]*", form="digits, *, # and A to D, with or without + before them")
    ] = "",
) -> None:
    """Define the context of circuit-switched data by the number that it dials; <cid> alone undefines it.

    Args:
        cid: The context of circuit-switched data; there is one.
        kind: The protocol.
        number: The number that it dials.

    Example:
        AT#GSMCONT=0,"IP","123"
    """
    with at.device.store.change() as nvm:
        nvm.circuit_number = None if kind is None else number


@context_number.read
def show_number(at: Context) -> Information | None:
    """Show the context, if it is defined."""
    number = at.device.nvm.circuit_number
    return None if number is None else Information.of(f'#GSMCONT: 0,"IP","{number}"')


@context_number.test
def show_number_values(at: Context) -> Information:
    """Show the context and its type."""
    return Information.of('#GSMCONT: (0),"IP"')

"""SIM toolkit: #STIA, #STGI, #STSR. The card has no toolkit, and so no menu. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Ranges, Text, between
from emulator.commands.context import Context
from emulator.errors import DeviceError

_GUIDE = "AT Commands Reference Guide"
_MODE, _TIMEOUT = "#STIA.mode", "#STIA.timeout"
_NO_MENU = 0
_NOTHING_WAITS = 0
"""<cmdType> in the read forms."""

toolkit = Command("#STIA", source=_GUIDE, has_effect=False)


@toolkit.set
def use_toolkit(
    at: Context,
    mode: Annotated[int | None, Number(lambda profile: profile.stored[_MODE])] = None,
    timeout: Annotated[int | None, Number(lambda profile: profile.stored[_TIMEOUT])] = None,
) -> None:
    """Set whether the card's toolkit is used and reported, and the minutes for an answer; they are kept.

    Args:
        mode: 0 off; the others use the card's toolkit, in one of its ways.
        timeout: Minutes for an answer.

    Example:
        AT#STIA=2,1
    """
    given = {key: value for key, value in ((_MODE, mode), (_TIMEOUT, timeout)) if value is not None}
    if given:
        at.device.stored.keep(given)


@toolkit.read
def show_toolkit(at: Context) -> Information:
    """Show that there is no menu, mode and timeout, and what the module can do for a card."""
    stored = at.device.stored
    return Information.of(f'#STIA: {_NO_MENU},{stored[_MODE]},{stored[_TIMEOUT]},"{at.profile.sim.toolkit}"')


@toolkit.test
def show_toolkit_values(at: Context) -> Information:
    """Show the modes as ranges, and the timeouts."""
    return Information.of(f"#STIA: (0-3,17-19,33-35),{at.values('timeout')}")


toolkit_query = Command("#STGI", source=_GUIDE)


@toolkit_query.execute
@toolkit_query.set
def query_command(at: Context, kind: Annotated[int | None, between(0, 255)] = None) -> None:
    """Show what a command of the card asks for; none does.

    Args:
        kind: The number of the card's command.
    """
    raise DeviceError(None, "the card asks for nothing: there is no menu and no command of its toolkit")


@toolkit_query.read
def show_query(at: Context) -> Information:
    """Show that nothing waits."""
    return Information.of(f"#STGI: {_NO_MENU},{_NOTHING_WAITS}")


toolkit_response = Command("#STSR", source=_GUIDE)


@toolkit_response.execute
@toolkit_response.set
def respond(
    at: Context,
    kind: Annotated[int | None, between(0, 255)] = None,
    response: Annotated[int, Ranges((0, 0), (16, 20), (32, 35))] = 0,
    data: Annotated[str, Text()] = "",
) -> None:
    """Respond to a command of the card; what nobody has asked for has no effect.

    Args:
        kind: The number of the card's command.
        response: The result of it.
        data: What the user has entered.

    Example:
        AT#STSR=37,0
    """


@toolkit_response.read
def show_response(at: Context) -> Information:
    """Show that nothing waits for a response."""
    return Information.of(f"#STSR: {_NO_MENU},{_NOTHING_WAITS}")

"""The serial line: framing, flow control, interface style. V.250 6.2, Software User Guide 2.3."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, between
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, nvm_field, setting, single_setting
from emulator.errors import Cause, DeviceError

character_framing = SettingsCommand(
    "+ICF",
    "Set data bits, stop bits and parity of the line; they count where the line has a speed.",
    source="V.250 6.2.11",
    form=setting("+ICF.format", "0 found, 1 8N2, 2 8 bits with parity, 3 8N1, 4 7N2, 5 7 bits with parity.").required,
    parity=setting("+ICF.parity", "0 odd, 1 even."),
)
flow_control = Command("+IFC", source="V.250 6.2.12")


@flow_control.set
def set_flow_control(
    at: Context,
    by_te: Annotated[int, Number(lambda profile: profile.terminal.flow_control.by_te)],
    by_ta: Annotated[int | None, Number(lambda profile: profile.terminal.flow_control.by_ta)] = None,
) -> None:
    """Set the flow control of the line, as &K does; without <by_ta> the same in both directions.

    Args:
        by_te: By the host: 0 none, 1 XON/XOFF, 2 RTS.
        by_ta: By the module: 0 none, 1 XON/XOFF, 2 CTS; left out, as the host's.

    Example:
        AT+IFC=2,2
    """
    wanted = (by_te, by_te if by_ta is None else by_ta)
    for pair in at.profile.terminal.flow_control.pairs:
        if wanted == (pair.by_te, pair.by_ta):
            at.settings["&K"] = pair.local
            return
    pairs = " ".join(f"{pair.by_te},{pair.by_ta}" for pair in at.profile.terminal.flow_control.pairs)
    raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"no flow control is {wanted[0]},{wanted[1]}; there are {pairs}")


@flow_control.read
def show_flow_control(at: Context) -> Information:
    """Show the flow control of either direction; 0,0 for one of &K that has no name here."""
    for pair in at.profile.terminal.flow_control.pairs:
        if pair.local == at.settings["&K"]:
            return Information.of(f"+IFC: {pair.by_te},{pair.by_ta}")
    return Information.of("+IFC: 0,0")


short_flow_control = Command("+FLO", source="T.32 8.4.3")


@short_flow_control.set
def set_short_flow_control(at: Context, kind: Annotated[int | None, between(0, 2)] = None) -> None:
    """Set the flow control of both directions, as &K does: none (0), XON/XOFF (1), RTS and CTS (2)."""
    if kind is not None:
        set_flow_control(at, kind)


@short_flow_control.read
def show_short_flow_control(at: Context) -> Information:
    """Show the flow control where it is the same in both directions; 0 for one of &K that has no name here."""
    for pair in at.profile.terminal.flow_control.pairs:
        if pair.local == at.settings["&K"] and pair.by_te == pair.by_ta:
            return Information.of(f"+FLO: {pair.by_te}")
    return Information.of("+FLO: 0")


line_speed = single_setting(
    setting("+IPR"), "Set the speed of the line; 0 finds that of the host.", source="V.250 6.2.10"
)

_AUTOMATIC = 0


@line_speed.test
def list_speeds(at: Context) -> Information:
    """Show the speeds, and where 0 is among them once more: those that are found, and those that can be set."""
    speeds = at.values("value")
    return Information.of(
        f"+IPR: {speeds},{speeds}" if at.profile.settings["+IPR"].allows(_AUTOMATIC) else f"+IPR: {speeds}"
    )


interface_style = SettingsCommand(
    "#SELINT",
    "Set the interface style; kept in NVM.",
    source="Software User Guide 2.3",
    style=nvm_field("interface_style", lambda profile: profile.terminal.interface_styles).required,
)

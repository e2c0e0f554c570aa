"""Commands that only set a number: ATE, AT&K, ATS12, AT+CMEE …, one a setting. V.250 6, 27.007 9."""

from collections.abc import Collection, Iterable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number
from emulator.commands.context import Context
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile


def commands_of(profile: Profile, declared: Collection[str]) -> Iterable[Command]:
    """A command for each setting of the profile that no declared command looks after."""
    for name, setting in profile.settings.items():
        if name in declared or "." in name:
            continue
        if name.startswith("S"):
            yield _register(name, setting)
        elif name[0] in "+#":
            yield _extended(name, setting)
        else:
            yield _basic(name, setting)


def _basic(name: str, setting: Numeric) -> Command:
    command = Command(name, source="V.250 6")

    @command.set
    def assign(at: Context, value: Annotated[int, Number(setting)]) -> None:
        """Set the option to the number that follows."""
        at.settings[name] = value

    @command.execute
    def clear(at: Context) -> None:
        """Set the option to 0, which is what a missing number means."""
        if setting.allows(0):
            at.settings[name] = 0

    return command


def _register(name: str, setting: Numeric) -> Command:
    command = Command(name, source="V.250 5.3.2")

    @command.set
    def assign(at: Context, value: Annotated[int, Number(setting)]) -> None:
        """Set the S-register."""
        at.settings[name] = value

    @command.read
    def show(at: Context) -> Information:
        """Show the S-register, with three digits."""
        return Information.of(f"{at.settings[name]:03d}")

    return command


def _extended(name: str, setting: Numeric) -> Command:
    command = Command(name, source="27.007")

    @command.set
    def assign(at: Context, value: Annotated[int, Number(setting)] = FROM_PROFILE) -> None:
        """Set the value; without one, the default."""
        at.settings[name] = value

    @command.read
    def show(at: Context) -> Information:
        """Show the value."""
        return Information.of(f"{name}: {at.settings[name]}")

    return command


character_framing = Command("+ICF", source="V.250 6.2.11")


@character_framing.set
def set_framing(
    at: Context,
    form: Annotated[int, Number(lambda profile: profile.settings["+ICF.format"])],
    parity: Annotated[int, Number(lambda profile: profile.settings["+ICF.parity"])] = FROM_PROFILE,
) -> None:
    """Set data bits, stop bits and parity of the line; they count where the line has a speed."""
    at.settings["+ICF.format"], at.settings["+ICF.parity"] = form, parity


@character_framing.read
def show_framing(at: Context) -> Information:
    """Show format and parity."""
    return Information.of(f"+ICF: {at.settings['+ICF.format']},{at.settings['+ICF.parity']}")


flow_control = Command("+IFC", source="V.250 6.2.12")


@flow_control.set
def set_flow_control(
    at: Context,
    by_te: Annotated[int, Number(lambda profile: profile.terminal.flow_control.by_te)],
    by_ta: Annotated[int | None, Number(lambda profile: profile.terminal.flow_control.by_ta)] = None,
) -> None:
    """Set the flow control of the line, as &K does; without <by_ta> the same in both directions."""
    wanted = (by_te, by_te if by_ta is None else by_ta)
    for pair in at.profile.terminal.flow_control.pairs:
        if wanted == (pair.by_te, pair.by_ta):
            at.settings["&K"] = pair.local
            return
    raise DeviceError(Cause.OPERATION_NOT_SUPPORTED)


@flow_control.read
def show_flow_control(at: Context) -> Information:
    """Show the flow control of either direction; 0,0 for one of &K that has no name here."""
    for pair in at.profile.terminal.flow_control.pairs:
        if pair.local == at.settings["&K"]:
            return Information.of(f"+IFC: {pair.by_te},{pair.by_ta}")
    return Information.of("+IFC: 0,0")


interface_style = Command("#SELINT", source="Software User Guide 2.3")


@interface_style.set
def set_style(at: Context, style: Annotated[int, Number(lambda profile: profile.terminal.interface_styles)]) -> None:
    """Choose the interface style; kept in NVM."""
    with at.device.store.change() as nvm:
        nvm.interface_style = style


@interface_style.read
def show_style(at: Context) -> Information:
    """Show the interface style."""
    return Information.of(f"#SELINT: {at.device.nvm.interface_style}")

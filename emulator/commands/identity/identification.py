"""Identification: manufacturer, model, firmware, serial numbers. V.250 6.1, 27.007 5."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, between, describe
from emulator.commands.context import Context
from emulator.commands.kinds import no_values

identification = Command("I", source="V.250 6.1.3")


@identification.execute
@identification.set
def identify(at: Context, item: Annotated[int, between(0, 9)] = 0) -> Information | None:
    """Show one item of identification.

    Args:
        item: The number of the item.

    Example:
        ATI3
    """
    identity = at.profile.identity
    if item >= len(identity.information):
        return None
    text = identity.information[item]
    values = {"manufacturer": identity.manufacturer, "model": identity.model, "revision": identity.revision}
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return Information.of(text)


def _identity_command(field: str, *names: str, prefixed: str) -> tuple[Command, Command]:
    """Declare a value of the identity: under its bare names, and under the name that puts a prefix before it."""
    bare = Command(names[0], aliases=names[1:], source="27.007 5", test=no_values)
    full = Command(prefixed, source="27.007 5", test=no_values)

    @bare.execute
    def show(at: Context) -> Information:
        """Show the value."""
        return Information.of(getattr(at.profile.identity, field))

    @full.execute
    def show_prefixed(at: Context) -> Information:
        """Show the value behind the command's name."""
        return Information.of(f"{prefixed}: {getattr(at.profile.identity, field)}")

    return bare, full


manufacturer, prefixed_manufacturer = _identity_command("manufacturer", "+CGMI", "+GMI", prefixed="#CGMI")
model, prefixed_model = _identity_command("model", "+CGMM", "+GMM", prefixed="#CGMM")
revision, prefixed_revision = _identity_command("revision", "+CGMR", "+GMR", prefixed="#CGMR")
imei, prefixed_imei = _identity_command("imei", "+CGSN", prefixed="#CGSN")


@imei.test
def show_serial_kinds(at: Context) -> Information | None:
    """Show the kinds of numbers where there is a choice; else answer OK alone."""
    kinds = at.profile.identity.serial_kinds
    return None if kinds is None else Information.of(f"+CGSN: {describe(kinds)}")


@imei.set
def show_serial(
    at: Context, kind: Annotated[int, Number(lambda profile: profile.identity.serial_kinds)] = FROM_PROFILE
) -> Information:
    """Show one of the numbers of the module.

    Args:
        kind: 0 the number alone, 1 the IMEI behind the command's name.
    """
    imei = at.profile.identity.imei
    return Information.of(f"+CGSN: {imei}" if kind == _IMEI else imei)


_IMEI = 1
"""<snt> of the IMEI (27.007 5.4)."""

packages = Command("#SWPKGV", source="AT Commands Reference Guide of later lines", requires="identity.package")


@packages.execute
def show_packages(at: Context) -> Information:
    """Show the version of the software and the names of its packages: modem, factory settings, programs."""
    package = at.profile.identity.package
    assert package is not None
    return Information((package.software, package.modem, package.production, package.application))


board_serial = Command("+GSN", source="V.250 6.1.7")


@board_serial.execute
def show_board_serial(at: Context) -> Information:
    """Show the serial number of the board."""
    return Information.of(at.profile.identity.serial)


capabilities = Command("+GCAP", source="V.250 6.1.9")


@capabilities.execute
def show_capabilities(at: Context) -> Information:
    """Show the command sets."""
    return Information.of(f"+GCAP: {at.profile.identity.capabilities}")


command_list = Command("+CLAC", source="27.007 8.37", test=no_values)


@command_list.execute
def list_commands(at: Context) -> Information:
    """List the names of the commands that this firmware has, one a line."""
    return Information(tuple(at.instance.table.names()))

"""Settings of data calls: #GAUTH, #GPPPCFG. AT Commands Reference Guide."""

from ipaddress import IPv4Address as Address
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import IPv4AddressOrNone, Number
from emulator.commands.context import Context
from emulator.commands.kinds import setting, single_setting

_GUIDE = "AT Commands Reference Guide"
_ADDRESS, _TIMEOUT, _MODE = "#GPPPCFG.address", "#GPPPCFG.timeout", "#GPPPCFG.mode"

authentication_type = single_setting(
    setting("#GAUTH").unchanged,
    "Set the authentication of data calls: none (0), PAP (1), CHAP (2), either (3).",
    source=_GUIDE,
)
link_configuration = Command("#GPPPCFG", source=_GUIDE)


@link_configuration.set
def configure_link(
    at: Context,
    address: Annotated[str | None, IPv4AddressOrNone()] = None,
    timeout: Annotated[int | None, Number(lambda profile: profile.settings[_TIMEOUT])] = None,
    mode: Annotated[int | None, Number(lambda profile: profile.settings[_MODE])] = None,
) -> None:
    """Set the module's address in data calls, the timeout of LCP in tenths of a second, and a mode without effect.

    Args:
        address: The module's own address; 0.0.0.0 lets it choose.
        timeout: Tenths of a second that LCP waits for an answer.
        mode: Kept without effect.

    Example:
        AT#GPPPCFG="10.0.0.1",25,1
    """
    if address is not None:
        at.settings[_ADDRESS] = int(Address(address or 0))
    for key, value in ((_TIMEOUT, timeout), (_MODE, mode)):
        if value is not None:
            at.settings[key] = value


@link_configuration.read
def show_link_configuration(at: Context) -> Information:
    """Show them; the address has three digits a number."""
    octets = Address(at.settings[_ADDRESS]).packed
    address = ".".join(f"{octet:03d}" for octet in octets)
    return Information.of(f'#GPPPCFG: "{address}",{at.settings[_TIMEOUT]},{at.settings[_MODE]}')


@link_configuration.test
def show_link_values(at: Context) -> Information:
    """Show the values, the first and the last address among them."""
    return Information.of(f'#GPPPCFG: "000.000.000.000"-"255.255.255.255",{at.values("timeout", "mode")}')

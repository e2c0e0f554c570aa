"""Firewall: #FRWL. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import IPv4Address, between
from emulator.commands.context import Context
from emulator.commands.kinds import values_of
from emulator.device.network.firewall import Rule
from emulator.errors import Cause, DeviceError

Address = Annotated[str, IPv4Address()]

_REMOVE, _ADD, _CLEAR = 0, 1, 2

firewall = Command("#FRWL", source="AT Commands Reference Guide", test=values_of("action"))


@firewall.set
def change_rules(
    at: Context,
    action: Annotated[int, between(_REMOVE, _CLEAR)],
    address: Address | None = None,
    mask: Address | None = None,
) -> None:
    """Remove a rule (0), add one (1) or remove all (2), until power-off; without a rule no peer may connect.

    Args:
        action: 0 removes a rule, 1 adds one, 2 removes all.
        address: The address of the peer.
        mask: The mask of its network.

    Example:
        AT#FRWL=1,"10.0.0.1","255.255.0.0"
    """
    chain = at.device.firewall
    if action == _CLEAR:
        chain.clear()
        return
    if address is None or mask is None:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "the address or the mask of the rule is missing")
    rule = Rule(address, mask)
    if action == _ADD:
        chain.add(rule)
    else:
        chain.remove(rule)


@firewall.read
def show_rules(at: Context) -> Information | None:
    """Show the rules, a line each."""
    lines = tuple(f'#FRWL: "{rule.address}","{rule.mask}"' for rule in at.device.firewall.rules)
    return Information(lines) if lines else None

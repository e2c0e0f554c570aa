"""Decide on echo requests that reach the module. IP Easy User Guide 5.3.7."""

import ipaddress
from collections.abc import Collection

from emulator.device.network.contexts import PdpContexts
from emulator.device.network.firewall import Firewall
from emulator.errors import UserError

_ADMITTED, _EVERYBODY = 1, 2
"""<mode> of #ICMP."""


def answers_echo(peer: str, modes: Collection[int], contexts: PdpContexts, firewall: Firewall) -> bool:
    """Return whether the module answers the echo request of a peer; `modes` are those of its AT instances.

    Raises:
        UserError: `peer` is no IPv4 address.
    """
    try:
        ipaddress.IPv4Address(peer)
    except ValueError:
        raise UserError(f"ping {peer}: give the IPv4 address that the request comes from, as in 10.0.0.1") from None
    if not any(map(contexts.serves_sockets, contexts.definitions)):
        return False
    return _EVERYBODY in modes or (_ADMITTED in modes and firewall.admits(peer))

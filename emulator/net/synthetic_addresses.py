"""Synthetic addresses of routed names: a host can resolve a name first and dial the address."""

import ipaddress
from collections.abc import Iterable

from emulator.net.addresses import numeric_address

_FIRST = ipaddress.IPv4Address("198.18.0.1")
"""In the range reserved for network tests (RFC 2544), so that no real server is hidden."""


class SyntheticAddresses:
    """One for each name: 198.18.0.1, 198.18.0.2 …; an address needs none."""

    def __init__(self, hosts: Iterable[str]) -> None:
        """Take the hosts in lower case, in the order in which they were first named."""
        names = [host for host in dict.fromkeys(hosts) if numeric_address(host) is None]
        self._addresses = {name: str(_FIRST + number) for number, name in enumerate(names)}
        self._names = {address: name for name, address in self._addresses.items()}

    def __repr__(self) -> str:
        return f"<SyntheticAddresses {self._addresses}>"

    def address(self, host: str) -> str | None:
        """Return the synthetic address of the host; None when no route has the name."""
        return self._addresses.get(host.lower())

    def name(self, address: str) -> str | None:
        """Return the name of a synthetic address; None for any other address."""
        return self._names.get(address)

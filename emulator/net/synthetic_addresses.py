"""Addresses for names that a route leads elsewhere: a host may resolve one first, and dial what it was given."""

import ipaddress
from collections.abc import Iterable

_FIRST = ipaddress.IPv4Address("198.18.0.1")
"""Of the range that is kept for tests of networks (RFC 2544), so that no real server is hidden."""


class StandIns:
    """The first name has 198.18.0.1, the second 198.18.0.2 …; an address that is given as a name stands for itself."""

    def __init__(self, hosts: Iterable[str]) -> None:
        """Take the hosts in lower case, in the order in which they were first named."""
        names = [host for host in dict.fromkeys(hosts) if not _is_address(host)]
        self._addresses = {name: str(_FIRST + number) for number, name in enumerate(names)}
        self._names = {address: name for name, address in self._addresses.items()}

    def __repr__(self) -> str:
        return f"<StandIns {self._addresses}>"

    def address(self, host: str) -> str | None:
        """What a name server answers for the host; None when no route knows the name."""
        return self._addresses.get(host.lower())

    def name(self, address: str) -> str | None:
        """The name that an address stands for; None when it stands for none."""
        return self._names.get(address)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

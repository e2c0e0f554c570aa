"""Resolve names with the resolver of this machine."""

import asyncio
import socket
from socket import AddressFamily

from emulator.net.addresses import is_misspelt_address, numeric_address


class NameUnknown(Exception):
    """The host name could not be resolved."""


async def resolve(host: str) -> str:
    """Return the address of a host, preferably IPv4; an address is returned as it is.

    Raises:
        NameUnknown: there is none.
    """
    found = await _look_up(host)
    # A context of type IP carries IPv4; another family serves where a route leads nowhere else.
    found.sort(key=lambda entry: entry[0] is not AddressFamily.AF_INET)
    return found[0][1]


async def resolve_ipv4(host: str) -> str:
    """Return the IPv4 address of a host.

    Raises:
        NameUnknown: there is none.
    """
    for family, address in await _look_up(host, AddressFamily.AF_INET):
        if family is AddressFamily.AF_INET:
            return address
    raise NameUnknown(f"{host!r} has no IPv4 address")


async def _look_up(host: str, family: AddressFamily = AddressFamily.AF_UNSPEC) -> list[tuple[AddressFamily, str]]:
    """Return at least one address with its family; for an address, without the resolver."""
    if (address := numeric_address(host)) is not None:
        return [(AddressFamily.AF_INET6 if ":" in address else AddressFamily.AF_INET, address)]
    if is_misspelt_address(host):
        raise NameUnknown(f"{host!r} is no address")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, family=family, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise NameUnknown(f"{host!r} cannot be resolved") from error
    return [(entry[0], str(entry[4][0])) for entry in found]

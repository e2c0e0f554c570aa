"""Read numeric addresses: four decimal numbers with dots, never octal, hexadecimal or short as inet_aton takes them."""

import ipaddress
import re
from functools import lru_cache

_DECIMAL = re.compile(r"[0-9]{1,3}")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


@lru_cache(maxsize=64)
def numeric_address(host: str) -> str | None:
    """Return a numeric address in its usual form, without leading zeros; None for anything else.

    Kept, since one dial asks several times.
    """
    numbers = host.split(".")
    if len(numbers) == 4 and all(_DECIMAL.fullmatch(number) for number in numbers):
        host = ".".join(str(int(number)) for number in numbers)
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def is_misspelt_address(host: str) -> bool:
    """Return whether the host is no name, since its last label is a number, and no address either.

    The machine's resolver would read `127.1`, `0x7f.0.0.1` and `2130706433` as addresses.
    """
    last = host.removesuffix(".").rpartition(".")[2]
    return _NUMERIC.fullmatch(last) is not None and numeric_address(host) is None


def server_name_of(host: str) -> str | None:
    """Return the name by which a TLS hello calls the host (RFC 6066 3), in ASCII; None for an address.

    None stands for what no certificate could name, too.
    """
    if numeric_address(host):
        return None
    try:
        return host.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return None

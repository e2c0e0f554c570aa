"""Routes: dial a test server in place of the address that the host has dialled."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from emulator.errors import UserError
from emulator.net.addresses import numeric_address
from emulator.net.synthetic_addresses import SyntheticAddresses

Address = tuple[str, int]

_ADDRESS = re.compile(r"(?:\[(?P<ipv6>[^\[\]]+)\]|(?P<host>[^\[\]:]+))(?::(?P<port>[^:]*))?")
_FORM = "write HOST[:PORT]=HOST:PORT, as in 10.0.0.1:443=127.0.0.1:8443, with an IPv6 address in brackets"


@dataclass(frozen=True)
class Routes:
    """From a dialled host, or host and port, to the address that is connected instead."""

    by_address: Mapping[Address, Address]
    by_host: Mapping[str, Address]
    synthetic_addresses: SyntheticAddresses
    """The addresses that routed names resolve to."""

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "Routes":
        """Read `HOST[:PORT]=HOST:PORT` rules; the last rule for the same address wins.

        Raises:
            UserError: a rule is not of that form.
        """
        by_address: dict[Address, Address] = {}
        by_host: dict[str, Address] = {}
        hosts: list[str] = []
        for text in texts:
            dialled, _, target = text.partition("=")
            host, port = _split(dialled, text)
            target_host, target_port = _split(target, text)
            if target_port is None:
                raise UserError(f"route {text!r}: {_FORM}")
            named = _usual(host)
            hosts.append(named)
            if port is None:
                by_host[named] = (target_host, target_port)
            else:
                by_address[named, port] = (target_host, target_port)
        return cls(by_address, by_host, SyntheticAddresses(hosts))

    def target(self, host: str, port: int) -> Address | None:
        """Return the target of a dial to `host` and `port`, or None; a synthetic address counts as its name."""
        dialled = self._named(host)
        return self.by_address.get((dialled, port)) or self.by_host.get(dialled)

    def host(self, host: str) -> str:
        """Return the target host for a ping of `host`: that of its first rule, or itself."""
        dialled = self._named(host)
        if (target := self.by_host.get(dialled)) is not None:
            return target[0]
        return next((target[0] for (name, _), target in self.by_address.items() if name == dialled), host)

    def _named(self, host: str) -> str:
        usual = _usual(host)
        return self.synthetic_addresses.name(usual) or usual


def _usual(host: str) -> str:
    return numeric_address(host) or host.lower()


def _split(address: str, text: str) -> tuple[str, int | None]:
    match = _ADDRESS.fullmatch(address.strip())
    if match is None:
        raise UserError(f"route {text!r}: {_FORM}")
    port = match["port"]
    if port is None:
        return match["ipv6"] or match["host"], None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise UserError(f"route {text!r}: the port {port!r} is not a number from 1 to 65535")
    return match["ipv6"] or match["host"], int(port)

"""Routes: dial a test server in place of the address that the host has dialled."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from emulator.errors import UserError
from emulator.net.addresses import numeric_address
from emulator.net.rule import Address, BackEnd, Rule
from emulator.net.synthetic_addresses import SyntheticAddresses

__all__ = ["Address", "GatewayOpener", "Routes"]

GatewayOpener = Callable[[Rule, BackEnd], Address]
"""Called with a rule and the server behind its gateway; returns where the gateway listens."""


def _open_no_gateway(rule: Rule, back_end: BackEnd) -> Address:
    raise UserError(f"route {rule.dialled}: a gateway to {back_end} cannot be had here; route to a server")


class Routes(msgspec.Struct, frozen=True):
    """From a dialled host, or host and port, to the address that is connected instead."""

    by_address: Mapping[Address, Address]
    by_host: Mapping[str, Address]
    synthetic_addresses: SyntheticAddresses
    """The addresses that routed names resolve to."""

    @classmethod
    def parse(cls, texts: Iterable[str], open_gateway: GatewayOpener = _open_no_gateway) -> "Routes":
        """Read rules; the last one for the same address wins, and only for those that win gateways are opened.

        Raises:
            UserError: a rule is not of the form that `Rule` has, or a gateway cannot be opened.
        """
        rules: dict[tuple[str, int | None], Rule] = {}
        for text in texts:
            rule = Rule.parse(text)
            rules[_usual(rule.host), rule.port] = rule
        by_address: dict[Address, Address] = {}
        by_host: dict[str, Address] = {}
        for (host, port), rule in rules.items():
            back_end = rule.target
            target = open_gateway(rule, back_end) if isinstance(back_end, BackEnd) else back_end
            if port is None:
                by_host[host] = target
            else:
                by_address[host, port] = target
        return cls(by_address, by_host, SyntheticAddresses(host for host, _ in rules))

    def target(self, host: str, port: int) -> Address | None:
        """Return the target of a dial to `host` and `port`, or None; a synthetic address counts as its name."""
        dialled = self._named(host)
        return self.by_address.get((dialled, port)) or self.by_host.get(dialled)

    def other_ports(self, host: str) -> list[int]:
        """Return the ports of `host` that have a route; for a host that is dialled at another one."""
        dialled = self._named(host)
        return [port for name, port in self.by_address if name == dialled]

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

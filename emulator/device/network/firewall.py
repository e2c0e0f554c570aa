"""Accept or drop peers that connect to a listening socket. AT Commands Reference Guide, #FRWL."""

import ipaddress

import msgspec

from emulator.device.needs.sockets import FreeRule
from emulator.errors import DeviceError
from emulator.firmware.schema.firewall import Firewall as FirewallProfile
from emulator.trace.events import Dropped
from emulator.trace.trace import Trace


class Rule(msgspec.Struct, frozen=True):
    """Accepts every address that equals `address` under `mask`, both IPv4."""

    address: str
    mask: str

    def matches(self, peer: ipaddress.IPv4Address) -> bool:
        """Return whether the rule accepts the peer."""
        mask = int(ipaddress.IPv4Address(self.mask))
        return int(peer) & mask == int(ipaddress.IPv4Address(self.address)) & mask


class Firewall:
    """A chain of rules, empty at each start. A peer that matches none is dropped without an answer."""

    def __init__(self, profile: FirewallProfile, trace: Trace) -> None:
        self._profile = profile
        self._trace = trace
        self._rules: list[Rule] = []

    def __repr__(self) -> str:
        return f"<Firewall of {len(self._rules)} rules>"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules in the order in which they were added."""
        return tuple(self._rules)

    def add(self, rule: Rule) -> None:
        """Add a rule; nothing changes when it is there already.

        Raises:
            DeviceError: there are as many as there can be.
        """
        if rule in self._rules:
            return
        if len(self._rules) == self._profile.rules:
            oldest = self._rules[0]
            reason = f"the firewall has {len(self._rules)} rules, and no room for more"
            raise DeviceError(self._profile.full, reason, FreeRule(oldest.address, oldest.mask))
        self._rules.append(rule)

    def remove(self, rule: Rule) -> None:
        """Remove a rule.

        Raises:
            DeviceError: it is not there.
        """
        if rule not in self._rules:
            known = ", ".join(f"{known.address} {known.mask}" for known in self._rules) or "none"
            raise DeviceError(self._profile.unknown, f"the firewall has no such rule; its rules: {known}")
        self._rules.remove(rule)

    def clear(self) -> None:
        """Remove every rule: nobody is accepted."""
        self._rules.clear()

    def admits(self, address: str) -> bool:
        """Return whether a peer of this IPv4 or IPv6 address may connect; trace one that may not.

        Peers on loopback stand in for remote hosts: with at least one rule set, they are accepted.
        """
        if self._matches(address):
            return True
        self._trace.emit(Dropped(peer=address))
        return False

    def _matches(self, address: str) -> bool:
        peer = ipaddress.ip_address(address)
        if isinstance(peer, ipaddress.IPv6Address):
            peer = peer.ipv4_mapped or peer
        if peer.is_loopback:
            return bool(self._rules)
        return isinstance(peer, ipaddress.IPv4Address) and any(rule.matches(peer) for rule in self._rules)

"""What the parts of a gateway share: the stack, the network, and which addresses may be reached."""

from collections.abc import Callable

import msgspec

from emulator.device.environment import Environment
from emulator.firmware.schema.gateway import Gateway as GatewayProfile
from emulator.ip.stack import IpStack

_MOST_NAMES = 1024
"""Addresses remembered with their names; the oldest gives way."""


class KnownNames:
    """The addresses that the resolver has named in this call."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<KnownNames {self._names}>"

    def add(self, address: str, name: str) -> None:
        """Remember what a name has been resolved to."""
        self._names.pop(address, None)
        self._names[address] = name
        if len(self._names) > _MOST_NAMES:
            del self._names[next(iter(self._names))]

    def name(self, address: str) -> str | None:
        """Return the name of an address; None where none was resolved to it."""
        return self._names.get(address)


class Outside(msgspec.Struct, frozen=True):
    """One call's way to the network."""

    stack: IpStack
    environment: Environment
    profile: GatewayProfile
    go_on: Callable[[], None]
    """Takes what the stack has to say; called after anything was done with it."""
    names: KnownNames = msgspec.field(default_factory=KnownNames)

    def may_reach(self, address: str, port: int | None = None) -> bool:
        """Return whether the host may reach an address: this machine only where a route or the resolver names it."""
        if self.names.name(address) is not None:
            return True
        return address != self.stack.address and not self.environment.bearer.reaches_this_machine(address, port)

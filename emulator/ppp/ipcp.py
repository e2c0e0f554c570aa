"""Negotiate addresses: the host gets that of the context and the DNS servers. RFC 1332 3.3, RFC 1877 1.1."""

from collections.abc import Sequence
from enum import IntEnum
from ipaddress import IPv4Address

import msgspec

from emulator.ppp.negotiation import Verdict, judged
from emulator.ppp.packets import Option, Options


class IpcpOption(IntEnum):
    """Options of IPCP; others are refused, as compression of headers is. The WINS servers are never assigned."""

    ADDRESS = 3
    PRIMARY_DNS = 129
    PRIMARY_WINS = 130
    SECONDARY_DNS = 131
    SECONDARY_WINS = 132


_NO_ADDRESS = bytes(4)


class Addresses(msgspec.Struct, frozen=True):
    """What the network has assigned."""

    host: IPv4Address
    own: IPv4Address | None = None
    """The device's own address; without one the host takes one that it likes."""
    dns: tuple[IPv4Address, ...] = ()
    """One or two servers."""


def suggested(servers: Sequence[IPv4Address]) -> Options:
    """Return name servers as the options of a Configure-Nak, each of them as WINS server, too."""
    kinds = (
        (IpcpOption.PRIMARY_DNS, IpcpOption.SECONDARY_DNS),
        (IpcpOption.PRIMARY_WINS, IpcpOption.SECONDARY_WINS),
    )
    return tuple(Option(kind, server.packed) for pair in kinds for kind, server in zip(pair, servers, strict=False))


class IpcpNegotiation:
    """The options of IPCP."""

    further_codes: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._wanted_own: bytes | None = None
        self._own: bytes | None = None
        self._assigned: dict[int, bytes] = {}

    def __repr__(self) -> str:
        return f"<IpcpNegotiation {self._assigned}, own {self._own!r}>"

    def assign(self, addresses: Addresses) -> None:
        """Take the addresses of the network, before anything is negotiated."""
        self._wanted_own = None if addresses.own is None else addresses.own.packed
        self._assigned = {IpcpOption.ADDRESS: addresses.host.packed}
        servers = zip((IpcpOption.PRIMARY_DNS, IpcpOption.SECONDARY_DNS), addresses.dns, strict=False)
        self._assigned.update((kind, server.packed) for kind, server in servers)

    def begin(self) -> None:
        """See `Negotiation`."""
        own = self._wanted_own
        self._own = None if own == _NO_ADDRESS else own  # an address of zeros would ask the host for one

    def request(self) -> Options:
        """See `Negotiation`; without an address of its own the device asks for nothing."""
        return () if self._own is None else (Option(IpcpOption.ADDRESS, self._own),)

    def judge(self, options: Options) -> Verdict:
        """See `Negotiation`; the host gets what is assigned and nothing else."""
        return judged(options, self._decide)

    def _decide(self, option: Option) -> Option | None:
        assigned = self._assigned.get(option.type)
        return None if assigned is None else Option(option.type, assigned)

    def take_nak(self, options: Options) -> None:
        """Take the address that the host has for the device: it means nothing to the network."""
        for option in options:
            if option.type == IpcpOption.ADDRESS and len(option.value) == 4 and option.value != _NO_ADDRESS:
                self._own = option.value

    def take_reject(self, options: Options) -> None:
        """See `Negotiation`."""
        self._own = None

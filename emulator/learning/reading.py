"""Probes that ask one thing and read keys off the answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe


def is_refused(exchange: Exchange) -> bool:
    """Return whether a command is refused for a reason that has a number: plain `ERROR` may say that there is none."""
    return exchange.refusal is not None and exchange.refusal.code is not None


Values = Iterator[tuple[KeyPath, object]]


@dataclass
class Reading(Probe):
    """Send one command, which changes nothing, and read keys off its answer."""

    name: str
    asks: str
    """The command."""
    keys: Sequence[KeyPath]
    """The keys that the answer tells."""
    read: Callable[[Exchange, Inquiry], Values]
    """Returns the values that the answer shows; nothing where it is of another form."""
    states: Sequence[str] = ()
    """The states of `provocations.toml` in which it is asked."""
    changes: str = field(default="")
    undone: str = field(default="")
    seldom: Sequence[KeyPath] = ()
    """Keys that it tells only of some modules."""

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return iter(self.keys)

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return iter(self.seldom)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, *self.states) as is_there:
            if not is_there:
                return
            exchange = inquiry.ask(self.asks)
        for path, value in self.read(exchange, inquiry):
            yield Claim(path, value, [exchange])

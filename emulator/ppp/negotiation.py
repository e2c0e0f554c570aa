"""Judge the options of the peer's requests, and change the own ones by its answers. RFC 1661 5.1 to 5.4."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from emulator.ppp.packets import Code, Option, Options


class NegotiationFailed(Exception):
    """The peer refuses what must be; the protocol is closed."""


class Verdict(msgspec.Struct, frozen=True):
    """The answer to a Configure-Request: its code and its options."""

    code: Code
    options: Options


class Negotiation(Protocol):
    """The options of one control protocol."""

    @property
    def further_codes(self) -> frozenset[int]:
        """Codes beside the first seven that the protocol knows."""

    def begin(self) -> None:
        """Ask again for all that is wanted."""

    def request(self) -> Options:
        """Return the options to ask for."""

    def judge(self, options: Options) -> Verdict:
        """Judge the options that the peer asks for; keep those of a request that is acknowledged."""

    def take_nak(self, options: Options) -> None:
        """Change the own options to what the peer would rather have.

        Raises:
            NegotiationFailed: that is impossible.
        """

    def take_reject(self, options: Options) -> None:
        """Leave out the options that the peer refuses."""


Decision = Callable[[Option], Option | None]
"""Returns the option itself to accept it, another value to suggest that, None to refuse the option."""


def judged(options: Options, decide: Decision) -> Verdict:
    """Refuse what is refused; where nothing is, suggest what should be otherwise; else accept all (RFC 1661 5.2)."""
    decisions = [(option, decide(option)) for option in options]
    if rejected := tuple(option for option, decision in decisions if decision is None):
        return Verdict(Code.CONFIGURE_REJECT, rejected)
    if naked := tuple(decision for option, decision in decisions if decision not in (None, option)):
        return Verdict(Code.CONFIGURE_NAK, tuple(option for option in naked if option is not None))
    return Verdict(Code.CONFIGURE_ACK, options)

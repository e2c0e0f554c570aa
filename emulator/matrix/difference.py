"""Finds where a failing run differs from the runs that passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.matrix.exchange import Exchange
from emulator.trace.printable import printable


@dataclass(frozen=True)
class Difference:
    """First exchange at which a failing run differs from every passing run."""

    said: str
    answer: str
    passing: str
    """The module's answer in the passing runs; preceded by the host's line where that differs, too."""
    reason: str = ""
    """Why the command failed, where it did."""


def first_difference(failed: Sequence[Exchange], passed: Sequence[Sequence[Exchange]]) -> Difference | None:
    """Find the first difference to all passing runs; exchanges in which these differ among themselves do not count.

    A command that the host repeats counts once, with its last answer: how often a host has to ask is chance. None when
    no run passed, or all answers are the same.
    """
    passed = [_folded(run) for run in passed]
    for index, exchange in enumerate(_folded(failed)):
        others = [run[index] for run in passed if index < len(run)]
        kinds = {(other.said, other.words) for other in others}
        if len(kinds) == 1 and (exchange.said, exchange.words) not in kinds:
            ((said, words),) = kinds
            passing = words if said == exchange.said else f"{printable(said)} -> {words}"
            return Difference(exchange.said, exchange.words, passing, exchange.reason)
        if passed and not others:
            return Difference(exchange.said, exchange.words, "(had ended)", exchange.reason)
    return None


def _folded(run: Sequence[Exchange]) -> list[Exchange]:
    """Merge commands that the host repeats at once into one exchange, with the last answer."""
    following = [*run[1:], Exchange("")]
    return [exchange for exchange, next_one in zip(run, following, strict=False) if exchange.said != next_one.said]

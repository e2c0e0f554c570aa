"""Shares of a fleet: what each module is, by its number, so that any first part of a fleet has the same shares."""

from collections.abc import Mapping, Sequence
from math import isfinite, sqrt
from random import Random
from typing import TypeVar

from emulator.errors import UserError

Value = TypeVar("Value")

_STEPS = tuple(sqrt(prime) % 1 for prime in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37))


class Spread:
    """Spread shares over the modules of one worker.

    Each property of a module goes round a circle in steps of its own, an irrational number, and its shares are parts of
    that circle. So any ten modules in a row have nearly the shares of the whole fleet, and two properties do not keep
    step: those with the slow network are of every firmware.
    """

    def __init__(self, seed: int, worker: int) -> None:
        self._seed = seed
        self._worker = worker

    def choose(self, thing: str, place: int, shares: Mapping[Value, float], number: int) -> Value | None:
        """Choose a value for a module; None for what is left of 100 percent.

        Args:
            thing: what is chosen: it begins elsewhere on the circle than others.
            place: which step it takes: another number for each property of a module.
            shares: percent by value.
            number: that of the module.
        """
        begin = Random(f"{self._seed} {self._worker} {thing}").random()  # noqa: S311  nothing secret
        position = 100 * ((begin + number * _STEPS[place % len(_STEPS)]) % 1)
        for value, percent in shares.items():
            if position < percent:
                return value
            position -= percent
        return None

    def seed(self, number: int) -> int:
        """Return the seed of a module, for all that is left to chance within it."""
        return Random(f"{self._seed} {self._worker} {number}").getrandbits(31)  # noqa: S311  nothing secret


def parse_weights(option: str, text: str) -> dict[str, float]:
    """Read `NAME=WEIGHT,…` as percents that make 100.

    Raises:
        UserError: it is not of that form.
    """
    weights = _parse(option, text, "write NAME=WEIGHT, as in HE910=70,GE865-QUAD=30")
    whole = sum(weights.values())
    return {name: 100 * weight / whole for name, weight in weights.items()}


def parse_percents(option: str, text: str, names: Sequence[str]) -> dict[str, float]:
    """Read `NAME=PERCENT,…`; together they are at most 100.

    Raises:
        UserError: it is not of that form, or a name is not one of `names`.
    """
    percents = _parse(option, text, f"write NAME=PERCENT, as in {names[0]}=30")
    for name in percents:
        if name not in names:
            raise UserError(f"{option} {text}: there is no {name!r}; it may be {', '.join(names)}")
    if sum(percents.values()) > 100:
        raise UserError(f"{option} {text}: more than 100 percent; give less")
    return percents


def _parse(option: str, text: str, form: str) -> dict[str, float]:
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = part.strip().rpartition("=")
        if not name or name in shares:
            raise UserError(f"{option} {text}: {part.strip()!r} is {'there twice' if name else 'no share'}; {form}")
        shares[name] = parse_number(f"{option} {text}", number)
    return shares


def parse_number(where: str, text: str) -> float:
    """Read a share, a number above 0.

    Raises:
        UserError: it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not (isfinite(number) and number > 0):
        raise UserError(f"{where}: {text!r} is no share; give a number above 0")
    return number

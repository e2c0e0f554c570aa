"""Quantities with their units, as a scenario writes them: `"250 ms"`, `"80 kbit/s"`, `"2 kB"`.

A number alone counts seconds, bits a second and bytes.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Self

_TEXT = r"\s*(\d+(?:\.\d+)?)\s*(\S*)\s*"


class Quantity(float):
    """Number in the base unit, which is the first of `units`."""

    units: ClassVar[Mapping[str, float]]
    what: ClassVar[str]
    example: ClassVar[str]

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read a number, or a text of a number and a unit.

        Raises:
            ValueError: it is neither, it is negative or not finite, or it has an unknown unit.
        """
        amount, unit = value, ""
        if isinstance(value, str) and (match := re.fullmatch(_TEXT, value)):
            amount, unit = float(match[1]), match[2]
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount) or amount < 0:
            raise ValueError(f"{value!r} is no {cls.what}; give {cls.form()}")
        if unit and unit not in cls.units:
            raise ValueError(f"{value!r} has no unit of a {cls.what}; give {cls.form()}")
        return cls(amount * cls.units.get(unit, 1.0))

    @classmethod
    def form(cls) -> str:
        """Describe how a quantity is written."""
        base, *_ = cls.units
        return f'a number of {base}, or one with its unit, as in "{cls.example}"; the units are {", ".join(cls.units)}'

    def __str__(self) -> str:
        texts = [(f"{self / factor:g}", factor, unit) for unit, factor in self.units.items() if self >= factor]
        base = ("0", 1.0, next(iter(self.units)))
        amount, _, unit = min(texts, key=lambda text: (len(text[0]), -text[1]), default=base)
        return f"{amount} {unit}"


class Duration(Quantity):
    """Seconds of the module's time."""

    units: ClassVar[Mapping[str, float]] = {"s": 1.0, "us": 1e-6, "ms": 1e-3, "min": 60.0, "h": 3600.0}
    what = "duration"
    example = "250 ms"


class Rate(Quantity):
    """Bits a second."""

    units: ClassVar[Mapping[str, float]] = {"bit/s": 1.0, "kbit/s": 1e3, "Mbit/s": 1e6}
    what = "rate"
    example = "80 kbit/s"


class Size(Quantity):
    """Bytes."""

    units: ClassVar[Mapping[str, float]] = {"B": 1.0, "kB": 1000.0, "KiB": 1024.0, "MB": 1e6}
    what = "size"
    example = "2 kB"


def decode_quantity(kind: type[Any], value: Any) -> Any:
    """Read a quantity, as the hook that msgspec calls for kinds it does not know."""
    if issubclass(kind, Quantity):
        return kind.parse(value)
    raise NotImplementedError

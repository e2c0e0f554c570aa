"""The numbers that a parameter or a setting may hold."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

Value = Annotated[int, msgspec.Meta(ge=0, le=4_294_967_295)]
"""A number of the language: digits without a sign, at most 32 bits."""


class Numeric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The values that a numeric parameter may take: an inclusive `range`, or a list of `choices`; and its default.

    A parameter with a default may be left out of the command. With `zero`, 0 may be given besides the range.
    """

    range: tuple[Value, Value] | None = None
    choices: tuple[Value, ...] | None = None
    zero: bool = False
    default: int | None = None

    def __post_init__(self) -> None:
        if (self.range is None) == (self.choices is None):
            raise ValueError("give either `range` or `choices`")
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError(f"the range ends before it begins, {self.range[0]} to {self.range[1]}")
        if self.zero and self.choices is not None:
            raise ValueError("`zero` goes with a `range`; put 0 among the `choices`")
        if self.choices is not None and not self.choices:
            raise ValueError("`choices` is empty")
        if self.default is not None and not self.allows(self.default):
            values = self.choices or ()
            allowed = (
                f"{self.range[0]} to {self.range[1]}{' or 0' * self.zero}"
                if self.range
                else ", ".join(map(str, values))
            )
            raise ValueError(f"the default {self.default} is outside the values allowed, {allowed}")

    @property
    def highest(self) -> int:
        """Return the highest value that may be given."""
        return max(self.choices or self.range or ())

    @property
    def values(self) -> Sequence[int]:
        """Return each value that may be given."""
        if self.choices is not None:
            return self.choices
        assert self.range is not None
        low, high = self.range
        return [*[0] * (self.zero and low > 0), *range(low, high + 1)]

    def allows(self, value: int) -> bool:
        """Return whether `value` may be given."""
        if self.choices is not None:
            return value in self.choices
        assert self.range is not None
        return self.range[0] <= value <= self.range[1] or (self.zero and value == 0)

"""What the tables of a firmware profile are made of: strict structs, texts, and the limits of numbers."""

from typing import Annotated

import msgspec
from msgspec import Meta

Octet = Annotated[int, Meta(ge=0, le=255)]
Text = Annotated[
    str, Meta(max_length=200, pattern=r"^[^\r\n]*$", description="text of one line, at most 200 characters")
]

_OCTET = r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPv4 = Annotated[str, Meta(pattern=rf"^{_OCTET}(\.{_OCTET}){{3}}$", description="an IPv4 address in quotes")]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the profile; unknown keys are refused."""


class Numeric(Section, frozen=True, kw_only=True):
    """The values that a numeric parameter may take: an inclusive `range`, or a list of `choices`; and its default.

    A parameter with a default may be left out of the command.
    """

    range: tuple[int, int] | None = None
    choices: tuple[int, ...] | None = None
    default: int | None = None

    def __post_init__(self) -> None:
        if (self.range is None) == (self.choices is None):
            raise ValueError("give either `range` or `choices`")
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError(f"the range ends before it begins, {self.range[0]} to {self.range[1]}")
        if self.choices is not None and not self.choices:
            raise ValueError("`choices` is empty")
        if self.default is not None and not self.allows(self.default):
            values = self.choices or ()
            allowed = f"{self.range[0]} to {self.range[1]}" if self.range else ", ".join(map(str, values))
            raise ValueError(f"the default {self.default} is outside the values allowed, {allowed}")

    def allows(self, value: int) -> bool:
        """Whether `value` may be given."""
        if self.choices is not None:
            return value in self.choices
        assert self.range is not None
        return self.range[0] <= value <= self.range[1]

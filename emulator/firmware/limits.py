"""The building blocks of a profile's schema: strict tables, texts and addresses; numbers are of the AT language."""

from typing import Annotated

import msgspec
from msgspec import Meta

from emulator.at.limits import Numeric

__all__ = ["Default", "IPv4", "Numeric", "Octet", "Section", "Text"]

Octet = Annotated[int, Meta(ge=0, le=255)]
Text = Annotated[
    str, Meta(max_length=200, pattern=r"^[^\r\n]*$", description="text of one line, at most 200 characters")
]

_OCTET = r"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPv4 = Annotated[str, Meta(pattern=rf"^{_OCTET}(\.{_OCTET}){{3}}$", description="an IPv4 address in quotes")]


class Default(Numeric, frozen=True, kw_only=True):
    """Limits of a number that has a value from the start, or that a host may leave out: they have a default."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.default is None:
            raise ValueError("a `default` is missing; give one of the values allowed")


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the profile; unknown keys are refused."""

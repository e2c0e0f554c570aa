"""The schema of the commands that a firmware has, of their parameters, and of fixed answers."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Numeric, Section

Presence = bool | dict[str, bool | Numeric]
"""Presence of a command: whether it is there, or by name which of its parameters are, or what these may be."""

Lines = Annotated[
    str,
    Meta(
        max_length=4000,
        pattern=r"^[\n\x20-\x7e\xa0-\xff]*$",
        description="text of Latin-1, its lines separated by line feeds, at most 4000 characters",
    ),
]


class FixedAnswer(Section, frozen=True, kw_only=True):
    """The answers of a command that the emulator lacks, by form: lines before OK; empty for OK alone."""

    execute: Lines | None = None
    """`AT#FOO`; a form without a text is refused."""
    set: Lines | None = None
    """`AT#FOO=…`, whatever the values are; nothing is kept."""
    read: Lines | None = None
    """`AT#FOO?`"""
    test: Lines | None = None
    """`AT#FOO=?`"""
    secret: bool = False
    """Whether its values are passwords or the like, which no trace shows."""

    def __post_init__(self) -> None:
        if self.execute is self.set is self.read is self.test is None:
            raise ValueError("no form is answered; give a text for `execute`, `set`, `read` or `test`")

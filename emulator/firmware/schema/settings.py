"""The schema of the numbers that commands set, and of the errors that they print."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.at.settings import ProfilePart
from emulator.firmware.limits import Default, Section, Text


class Setting(Default, frozen=True, kw_only=True):
    """A numeric setting of a terminal, and the part of a user profile that &W stores it in."""

    part: ProfilePart = ProfilePart.BASE


class ErrorEntry(Section, frozen=True, kw_only=True):
    """The form of a cause on the line: `+CME ERROR: <code>` or `+CME ERROR: <text>`, or with +CMS."""

    code: Annotated[int, Meta(ge=0, le=65535)]
    text: Text
    family: Literal["CME", "CMS"] = "CME"
    """CMS for the message service (27.005 3.2.5), CME for all else."""

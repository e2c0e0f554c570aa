"""Statuses of the software lines: how well a line is known, and where that is said."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """How well a software line is known."""

    DOCUMENTED = "documented"
    """The vendor's SSL/TLS User Guide names it, and what that guide states holds."""
    PUBLIC = "public"
    """Public guides, host programs or recorded dialogues show most of what matters to a host; the rest is chosen."""
    PROVISIONAL = "provisional"
    """Little of it is public: most of it is taken over from other lines, or chosen."""


KNOWN = (Status.DOCUMENTED, Status.PUBLIC)
"""The statuses of the lines that stand for all of them where nothing else is asked for."""
ANY = tuple(Status)


def with_status(name: str, status: Status | None) -> str:
    """Return the name of a firmware with the status of its line, where that is another one than documented."""
    return name if status in (None, Status.DOCUMENTED) else f"{name} ({status})"


def worth_a_column(statuses: Iterable[Status | None]) -> bool:
    """Return whether a table of firmwares has a column for their statuses: where one of them is not documented."""
    return any(status not in (None, Status.DOCUMENTED) for status in statuses)

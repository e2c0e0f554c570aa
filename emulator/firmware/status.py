"""Statuses of the software lines: how well a line is known."""

from enum import StrEnum


class Status(StrEnum):
    """How well a software line is known."""

    DOCUMENTED = "documented"
    """The vendor's SSL/TLS User Guide names it."""
    PUBLIC = "public"
    """Public guides, host programs or recorded dialogues show most of what matters to a host."""
    PROVISIONAL = "provisional"
    """Little of it is public: most of it is taken over from other lines, or chosen."""

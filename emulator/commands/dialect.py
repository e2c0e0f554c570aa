"""The vendor's additions to the AT language."""

from emulator.at.settings import Dialect

DIALECT = Dialect(repetition="#/", guard_seconds="#E2ESC", escape_withheld="#SKIPESC")

"""A claim: a value of the profile, and the exchanges that show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath


class Absence(Enum):
    """The value of a key that the module has not."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absence.ABSENT
"""Claim it of a key that may be left out, as of `ftp.cids`: the profile then takes it away from its base."""


@dataclass(frozen=True)
class Claim:
    """A value of a key, as TOML has it, or `ABSENT`.

    The limits of a number are claimed whole: `range`, with `zero` where 0 may be given besides, or `choices`.
    """

    path: KeyPath
    value: Any
    shown_by: Sequence[Exchange]
    despite: Sequence[Exchange] = ()
    """What the module has said against it: `=?` that names other values than it takes."""
    is_measured: bool = False
    """Whether it was measured on a clock: it is not exact, and no answer of an emulated module shows it."""

"""What the JSON report of a shard says of the whole, so that it can be merged with the others."""

from typing import Literal

import msgspec

from emulator import __version__
from emulator.matrix.shard import Shard

Kind = Literal["matrix", "explore"]
"""The command that was split."""


class ShardFacts(msgspec.Struct, frozen=True):
    """A part of a whole."""

    kind: Kind
    """The command that was split."""
    number: int
    """Which part it is, from 1 on."""
    of: int
    """How many parts there are."""
    firmwares: tuple[str, ...]
    """The firmwares of the whole, in their order."""
    seed: int | None
    """The seed that was given; null where none was."""
    options: tuple[str, ...]
    """The words that run the whole again, up to the host program, but for firmwares, seed and reports."""
    shared: tuple[str, ...]
    """Those of them that are the same in all parts."""
    version: str = __version__
    """The version of telit-emulator."""

    @property
    def shard(self) -> Shard:
        """Return which part it is."""
        return Shard(self.number, self.of)

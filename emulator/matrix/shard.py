"""A shard: one of several parts into which a matrix or an exploration is split, each for a machine of its own."""

from dataclasses import dataclass
from typing import Self

from emulator.errors import UserError


@dataclass(frozen=True)
class Shard:
    """Which part it is, and of how many; every run belongs to exactly one of them."""

    number: int
    """From 1 on."""
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2/5`.

        Raises:
            UserError: it is none.
        """
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            raise UserError(f"--shard {text}: it is no part of a whole; write 2/5 for the second one of five")
        return cls(int(number), int(of))

    def takes(self, place: int) -> bool:
        """Return whether what has this place, from 0 on, belongs to the shard: they are dealt out in turn."""
        return place % self.of == self.number - 1

    def share(self, amount: int) -> int:
        """Return the shard's share of what all of them have together; the first ones take what is left over."""
        return amount // self.of + (self.number <= amount % self.of)


WHOLE = Shard(1, 1)
"""The one shard of what is not split."""

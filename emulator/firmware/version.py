"""Software versions: `12.00.225` is release 5, variant 22, of 12.00."""

import re

import msgspec

_FORM = re.compile(r"(\d\d)\.(\d\d)\.(\d\d)(\d)", re.ASCII)


class Version(msgspec.Struct, frozen=True):
    """A version of a module's software.

    Versions are ordered by `minor` and `release`; the variant says nothing about age. `12.00.005` and `12.00.225` rank
    alike without being equal. Versions that differ in `major` have no order; comparing them is a TypeError.
    """

    major: int
    """The product, as 12 in `12.00.225`."""
    minor: int
    """0 to 99; a higher one is a later version."""
    variant: int
    """0 to 99."""
    release: int
    """0 to 9."""

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read a version as it is printed.

        Raises:
            ValueError: the text is no version.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no version; one reads like 12.00.004")
        return cls(*map(int, match.groups()))

    def __str__(self) -> str:
        return f"{self.branch}.{self.variant:02d}{self.release}"

    @property
    def branch(self) -> str:
        """Return the first two numbers, as in `12.00`."""
        return f"{self.major:02d}.{self.minor:02d}"

    def __lt__(self, other: "Version") -> bool:
        return self._age < other._age if self.major == other.major else NotImplemented

    def __le__(self, other: "Version") -> bool:
        return self._age <= other._age if self.major == other.major else NotImplemented

    @property
    def _age(self) -> tuple[int, int]:
        return self.minor, self.release

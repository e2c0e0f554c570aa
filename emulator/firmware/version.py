"""Software versions: `12.00.225` is release 5, variant 22, of line 12.00."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"(\d\d\.\d\d)\.(\d\d)(\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a module's software.

    Features come with releases, so versions of one line are ordered by release alone: `12.00.005` and `12.00.225` rank
    alike without being equal. Versions of different lines have no order; comparing them is a TypeError.
    """

    line: str
    """The software line, as in `12.00`."""
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
        line, variant, release = match.groups()
        return cls(line, int(variant), int(release))

    def __str__(self) -> str:
        return f"{self.line}.{self.variant:02d}{self.release}"

    def __lt__(self, other: "Version") -> bool:
        return self.release < other.release if self.line == other.line else NotImplemented

    def __le__(self, other: "Version") -> bool:
        return self.release <= other.release if self.line == other.line else NotImplemented

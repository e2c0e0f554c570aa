"""The schema of #SSLSECCFG2: the versions of TLS and the server's name, for lines after the SSL/TLS User Guide."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Default, Numeric, Section
from emulator.tls.wire.versions import VERSIONS, VersionRange

_OWN_VALUES = 2
"""<version> and <SNI>, which every firmware with the command has."""


class VersionChoice(Section, frozen=True, kw_only=True):
    """One <version> of #SSLSECCFG2."""

    number: Annotated[int, Meta(ge=0, le=9)]
    lowest: str
    """The lowest version that the hello offers, as in `TLS 1.0`."""
    highest: str
    """The highest version; the same where the server has no choice."""

    def __post_init__(self) -> None:
        for name in (self.lowest, self.highest):
            if name not in VERSIONS:
                raise ValueError(f"there is no version {name!r}; known are {', '.join(VERSIONS)}")
        _ = self.offered

    @property
    def offered(self) -> VersionRange:
        """Return the versions that it stands for."""
        return VersionRange(VERSIONS[self.lowest], VERSIONS[self.highest])


class ExtendedSecurity(Section, frozen=True, kw_only=True):
    """#SSLSECCFG2."""

    versions: Annotated[tuple[VersionChoice, ...], Meta(min_length=1)]
    """Each <version> and what it stands for."""
    version_default: int
    """<version> until #SSLSECCFG2 sets another."""
    server_name: Default
    """<SNI>: 1 says the dialled name in the hello."""
    preloaded_ca: Default | None = None
    """<preloadedCA>, which is kept and shown; absent where there is no such value."""
    custom_ca: Default | None = None
    """<customCA>, which is kept and shown; absent where there is no such value."""
    shown: Annotated[int, Meta(ge=2, le=8)]
    """Number of values that #SSLSECCFG2? prints; 0 for each that the command does not have."""

    def __post_init__(self) -> None:
        numbers = [choice.number for choice in self.versions]
        if len(set(numbers)) != len(numbers):
            raise ValueError("`versions` has a number twice")
        if self.version_default not in numbers:
            raise ValueError("`version_default` is no number of `versions`")
        if self.custom_ca is not None and self.preloaded_ca is None:
            raise ValueError("`custom_ca` stands behind `preloaded_ca`; give that, too")
        there = _OWN_VALUES + sum(limits is not None for limits in (self.preloaded_ca, self.custom_ca))
        if self.shown < there:
            raise ValueError(f"`shown` is {self.shown}, the command has {there} values")

    @property
    def numbers(self) -> Numeric:
        """Return the values of <version>."""
        numbers = tuple(sorted(choice.number for choice in self.versions))
        if numbers == tuple(range(numbers[0], numbers[-1] + 1)):
            return Numeric(range=(numbers[0], numbers[-1]), default=self.version_default)
        return Numeric(choices=numbers, default=self.version_default)

    def offered(self, number: int) -> VersionRange:
        """Return the versions that a <version> stands for."""
        return next(choice.offered for choice in self.versions if choice.number == number)

    @property
    def preferred(self) -> tuple[int, ...]:
        """Return every <version>, a later one first, and last what leaves the choice to the server."""

        def preference(choice: VersionChoice) -> tuple[bool, int]:
            return choice.lowest != choice.highest, -choice.offered.highest.number

        return tuple(choice.number for choice in sorted(self.versions, key=preference))

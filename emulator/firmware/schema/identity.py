"""The schema of a module's names and numbers."""

from typing import Annotated

from msgspec import Meta, field

from emulator.firmware.limits import Default, Section, Text


class Package(Section, frozen=True, kw_only=True):
    """The names of the packages that make a version (#SWPKGV).

    In a line's file `{version}` and `{number}` are filled in: the number has the version's variant, its second number
    and its release less one, two digits each.
    """

    software: Text
    """The first line: the version; `{production}` is filled in."""
    modem: Text
    """The package of the modem, as in `M0C.500003`; `MODEL@M0C.500003` names a firmware by it."""
    production: Text
    """The package of the factory's settings."""
    application: Text
    """The package of programs on the module."""
    of_versions: dict[str, dict[str, Text]] = field(default_factory=dict)
    """By version: packages that are named otherwise."""


class Identity(Section, frozen=True, kw_only=True):
    """The module's names and numbers."""

    manufacturer: Text
    """+CGMI."""
    model: Text
    """+CGMM; the model of the firmware, unless a profile gives another."""
    revision: Text
    """+CGMR; the version of the firmware, unless a profile gives another.

    In a line's file `{version}` and `{modem}`, the package, are filled in.
    """
    package: Package | None = None
    """Its packages; absent: no #SWPKGV."""
    imei: Annotated[str, Meta(pattern=r"^\d{15}$", description="15 digits in quotes")]
    """+CGSN."""
    serial_kinds: Default | None = None
    """<snt> of +CGSN: 0 the number alone, 1 the IMEI behind the command's name; absent: no such parameter."""
    serial: Annotated[str, Meta(pattern=r"^\w{1,20}$", description="1 to 20 letters and digits in quotes")]
    """Board serial number, +GSN."""
    imsi: Annotated[str, Meta(pattern=r"^\d{6,15}$", description="6 to 15 digits in quotes")]
    """+CIMI."""
    iccid: Annotated[str, Meta(pattern=r"^\d{18,20}$", description="18 to 20 digits in quotes")]
    """#CCID."""
    information: tuple[Text, ...]
    """The answers of ATI0, ATI1, …; `{manufacturer}`, `{model}` and `{revision}` are filled in."""
    capabilities: Text
    """The answer of +GCAP after its prefix."""

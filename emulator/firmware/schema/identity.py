"""The schema of a module's names and numbers."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Section, Text


class Identity(Section, frozen=True, kw_only=True):
    """The module's names and numbers."""

    manufacturer: Text
    """+CGMI."""
    model: Text
    """+CGMM; the model of the firmware, unless a profile gives another."""
    revision: Text
    """+CGMR; the version of the firmware, unless a profile gives another."""
    imei: Annotated[str, Meta(pattern=r"^\d{15}$", description="15 digits in quotes")]
    """+CGSN."""
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

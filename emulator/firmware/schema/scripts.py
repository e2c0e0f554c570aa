"""The schema of the store of scripts."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Numeric, Section


class Scripts(Section, frozen=True, kw_only=True):
    """Scripts that the module keeps, and that never run."""

    sizes: Numeric
    """<size> of #WSCRIPT."""
    room: Annotated[int, Meta(ge=0, le=4_000_000)]
    """Bytes that all of them may take together."""

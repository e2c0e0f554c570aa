"""The schema of what concerns the serial line: its flow control and its control lines."""

from typing import Annotated

import msgspec
from msgspec import Meta

from emulator.firmware.limits import Numeric, Section

LineStart = Annotated[str, Meta(pattern=r"^[!-~]+$", max_length=32)]


class FlowControlPair(msgspec.Struct, frozen=True, array_like=True):
    """What +IFC says of a value of &K: `[&K, by_te, by_ta]`."""

    local: int
    by_te: int
    by_ta: int


class FlowControl(Section, frozen=True, kw_only=True):
    """What &K means. All lists are of its values."""

    by_te: Numeric
    """<by_te> of +IFC: how the host stops the module."""
    by_ta: Numeric
    """<by_ta> of +IFC: how the module stops the host."""
    pairs: tuple[FlowControlPair, ...]
    """`[&K, by_te, by_ta]`: the settings that +IFC has, too; it refuses all other pairs, and shows 0,0 for them."""
    cts: tuple[int, ...]
    """The module drops CTS while it takes nothing."""
    rts: tuple[int, ...]
    """The module sends nothing while the host's RTS is low."""
    heeds_xoff: tuple[int, ...]
    """The module obeys XOFF and XON of the host."""
    sends_xoff: tuple[int, ...]
    """The module sends XOFF and XON itself."""
    passes_xoff: tuple[int, ...]
    """What it obeys is data for the peer, too."""


class ControlLines(Section, frozen=True, kw_only=True):
    """DCD, DSR and RI, where a port has them."""

    dcd_follows: tuple[int, ...]
    """The values of &C with which DCD is up in data mode only; with all others it is always up."""
    dcd_winks: tuple[int, ...]
    """Those with which it goes down for a moment when data mode ends."""
    wink: Annotated[float, Meta(gt=0, le=60)]
    """Seconds of that moment."""
    dsr_follows: tuple[int, ...]
    """The values of &S with which DSR is up in data mode only; with all others while the module runs."""
    ring_lines: tuple[LineStart, ...]
    """How unsolicited lines begin that RI is raised for."""
    ring: Annotated[float, Meta(gt=0, le=60)]
    """Seconds for which it is up."""

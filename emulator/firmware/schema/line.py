"""The schema of the serial line: flow control and control lines."""

from typing import Annotated

import msgspec
from msgspec import Meta

from emulator.firmware.limits import Numeric, Section

LineStart = Annotated[str, Meta(pattern=r"^[!-~]+$", max_length=32)]


class FlowControlPair(msgspec.Struct, frozen=True, array_like=True):
    """One pair of +IFC values and the &K value that equals it: `[&K, by_te, by_ta]`."""

    local: int
    by_te: int
    by_ta: int


class FlowControl(Section, frozen=True, kw_only=True):
    """How the &K values behave. Each list below contains &K values."""

    by_te: Numeric
    """<by_te> of +IFC: the host's way of stopping the module."""
    by_ta: Numeric
    """<by_ta> of +IFC: the module's way of stopping the host."""
    pairs: tuple[FlowControlPair, ...]
    """`[&K, by_te, by_ta]`: the pairs of +IFC; it refuses all others, and shows 0,0 for other &K values."""
    cts: tuple[int, ...]
    """The module drops CTS while it accepts no data."""
    rts: tuple[int, ...]
    """The module sends nothing while the host's RTS is low."""
    heeds_xoff: tuple[int, ...]
    """The module obeys XOFF and XON of the host."""
    sends_xoff: tuple[int, ...]
    """The module sends XOFF and XON itself."""
    passes_xoff: tuple[int, ...]
    """XOFF and XON are also data for the peer."""


class ControlLines(Section, frozen=True, kw_only=True):
    """DCD, DSR and RI, where a port has them."""

    dcd_follows: tuple[int, ...]
    """The &C values under which DCD is up in data mode only; under all others it is always up."""
    dcd_winks: tuple[int, ...]
    """The &C values under which DCD drops for a moment when data mode ends."""
    wink: Annotated[float, Meta(gt=0, le=60)]
    """Seconds of that DCD drop."""
    dsr_follows: tuple[int, ...]
    """The &S values under which DSR is up in data mode only; under all others it is up while the module runs."""
    ring_lines: tuple[LineStart, ...]
    """The first characters of the URCs that raise RI."""
    ring: Annotated[float, Meta(gt=0, le=60)]
    """Seconds for which RI is up."""
    pulses: dict[LineStart, str]
    """By the first characters of a URC: the setting that has the milliseconds for which RI is up; 0 leaves it down."""

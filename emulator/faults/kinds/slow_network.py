"""A network as slow as mobile ones are."""

from enum import StrEnum
from typing import NamedTuple

from emulator.faults.fault import ConditionFault
from emulator.faults.pipe import Condition
from emulator.faults.quantities import Duration, Rate


class Preset(StrEnum):
    """A generation of packet data."""

    GPRS = "GPRS"
    EDGE = "EDGE"
    UMTS = "UMTS"
    HSPA = "HSPA"


class _Usual(NamedTuple):
    latency: float
    jitter: float
    upload: float
    download: float


_USUAL = {
    Preset.GPRS: _Usual(0.300, 0.200, 20e3, 40e3),
    Preset.EDGE: _Usual(0.200, 0.100, 60e3, 120e3),
    Preset.UMTS: _Usual(0.100, 0.050, 64e3, 384e3),
    Preset.HSPA: _Usual(0.050, 0.025, 1.5e6, 5e6),
}
"""What users see of each, one way: not what the standards promise."""


class SlowNetwork(ConditionFault, frozen=True, kw_only=True):
    """Each way takes time, some more by chance, and carries only so much; opening a connection takes two ways."""

    preset: Preset | None = None
    """GPRS, EDGE, UMTS or HSPA, for what is left out below."""
    latency: Duration | None = None
    """One way."""
    jitter: Duration | None = None
    """At most so much more, by the seed."""
    upload: Rate | None = None
    """From the module."""
    download: Rate | None = None
    """To the module."""

    def __post_init__(self) -> None:
        if all(value is None for value in (self.preset, self.latency, self.jitter, self.upload, self.download)):
            raise ValueError("give a `preset`, `latency`, `jitter`, `upload` or `download`")

    def condition(self) -> Condition:
        usual = _USUAL.get(self.preset) if self.preset is not None else None
        latency, jitter, upload, download = usual or (0.0, 0.0, None, None)
        return Condition(
            latency=latency if self.latency is None else self.latency,
            jitter=jitter if self.jitter is None else self.jitter,
            rate_out=upload if self.upload is None else self.upload,
            rate_in=download if self.download is None else self.download,
        )

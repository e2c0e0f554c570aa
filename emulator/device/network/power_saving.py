"""Keep what the host asks of the network to save power: PSM and extended DRX. It is never granted here."""

import msgspec


class PowerSaving(msgspec.Struct):
    """What +CPSMS and +CEDRXS have set, until power-off."""

    mode: int = 0
    """<mode> of +CPSMS."""
    timers: tuple[str, ...] = ("", "", "", "")
    """The timers of +CPSMS, in bits."""
    cycles: dict[int, str] = msgspec.field(default_factory=dict)
    """By <AcT-type> of +CEDRXS, the cycle in bits."""

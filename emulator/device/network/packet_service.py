"""What a host asks of packet service beyond a context: a class and qualities, which the network ignores."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PacketService:
    """Kept until power-off."""

    mobile_class: str
    """<class> of +CGCLASS."""
    qualities: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict)
    """By command and context: precedence, delay, reliability, peak and mean of +CGQMIN and +CGQREQ."""

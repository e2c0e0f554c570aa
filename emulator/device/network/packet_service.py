"""Keep the class of mobile and the qualities of service that the host asks for; the network ignores them."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PacketService:
    """The class and the qualities, until power-off."""

    mobile_class: str
    """<class> of +CGCLASS."""
    qualities: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict)
    """By kind of request and context: precedence, delay, reliability, peak and mean of +CGQMIN and +CGQREQ."""

"""Keep what the network knows of the subscriber: barred, forwarded and waiting calls."""

import msgspec

VOICE, DATA, FAX = 1, 2, 4
CLASSES = (VOICE, DATA, FAX)
"""<class> of calls that services can be set for (27.007 7.4)."""


class Forwarding(msgspec.Struct, frozen=True):
    """Where calls go instead."""

    number: str
    type: int
    active: bool
    seconds: int | None = None
    """How long a call may go unanswered before."""


class Subscription(msgspec.Struct):
    """Services by class of call, off at first. The network keeps them while the device has no power."""

    barred: dict[tuple[str, int], bool] = msgspec.field(default_factory=dict)
    """By facility of +CLCK and class."""
    waiting: dict[int, bool] = msgspec.field(default_factory=dict)
    """By class: whether a second call is announced (+CCWA)."""
    forwarded: dict[tuple[int, int], Forwarding] = msgspec.field(default_factory=dict)
    """By reason of +CCFC and class."""


def classes_in(total: int) -> tuple[int, ...]:
    """Split a sum of classes into the classes of calls."""
    return tuple(one for one in CLASSES if total & one)

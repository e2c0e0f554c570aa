"""The schema of calls."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.firmware.limits import Section

Outcome = Literal["answers", "busy", "no-answer", "refuses", "unassigned", "waits"]
"""What becomes of a call that the module dials; `waits` leaves it to Python or `ctl`."""

Seconds = Annotated[float, Meta(ge=0)]


class Party(Section, frozen=True, kw_only=True):
    """Somebody whom the module may dial."""

    number: Annotated[str, Meta(pattern=r"^\+?[0-9*#]{1,20}$", description="a telephone number in quotes")]
    """As it is dialled."""
    outcome: Outcome
    """What becomes of the call."""


class Calls(Section, frozen=True, kw_only=True):
    """Voice calls."""

    voice: bool
    """Whether the module has them; without, ATA is an error."""
    ring_interval: Annotated[float, Meta(gt=0)]
    """Seconds between two rings of a call that comes."""
    rings_after: Seconds
    """Seconds until the other side of a dialled call rings."""
    answers_after: Seconds
    """Seconds of ringing until the other side answers, or refuses."""
    unanswered_after: Seconds
    """Seconds of ringing until the network ends a dialled call that nobody answers."""
    caller_waits: Annotated[float, Meta(gt=0)]
    """Seconds until somebody who calls the module gives up."""
    others: Outcome
    """What becomes of a call to a number that is not among the parties."""
    parties: tuple[Party, ...] = ()
    """Those who do otherwise, by number."""

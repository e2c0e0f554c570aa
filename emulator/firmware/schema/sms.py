"""The schema of short messages (27.005)."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Section, Text

Alphabet = Literal["GSM", "HEX", "IRA", "PCCP437", "PCDN", "UCS2", "UTF-8", "8859-1"]
"""A character set of the host, by its name in 27.007 5.5."""


class MessageStorage(Section, frozen=True, kw_only=True):
    """A memory that +CPMS selects."""

    name: Annotated[str, Meta(pattern=r"^[A-Z]{2}$", description="two capitals in quotes")]
    size: Annotated[int, Meta(ge=1, le=1000)]
    """Largest number of messages."""


class MessageRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the message commands (27.005 3.2.5)."""

    sim_busy: Cause
    """A command while the card is busy, as it is after a start."""
    sim_absent: Cause
    """There is no card."""
    sim_pin: Cause
    """The card waits for its PIN."""
    sim_puk: Cause
    """The card waits for its PUK."""
    index: Cause
    """The memory has no such index."""
    empty: Cause
    """Nothing is stored at the index."""
    full: Cause
    """No index is free."""
    no_centre: Cause
    """No service centre is known."""
    no_service: Cause
    """The module is not registered."""
    pdu: Cause
    """The entry is no message, or its length is not the one that was given."""
    not_expected: Cause
    """+CNMA while no message waits for an acknowledgement."""
    text: Cause
    """The entry cannot be coded as <dcs> says, or is too long for one message."""


class Messages(Section, frozen=True, kw_only=True):
    """Short messages."""

    storages: Annotated[tuple[MessageStorage, ...], Meta(min_length=1)]
    """The memories that +CPMS can select; the first is selected at start and receives messages."""
    alphabets: Annotated[tuple[Alphabet, ...], Meta(min_length=1)]
    """<chset> of +CSCS, in the order of the setting's numbers."""
    services: Default
    """<service> of +CSMS."""
    centre: Annotated[str, Meta(pattern=r"^\+?\d{0,20}$", description="a telephone number in quotes")]
    """The service centre on the card (+CSCA); empty where there is none."""
    parameters: tuple[int, int, int, int]
    """<fo>, <vp>, <pid> and <dcs> of +CSMP until it sets others."""
    long_texts: bool
    """Whether a text that is too long for one message becomes several, also without #SMSMODE=1; else it is refused."""
    class_0_memory: Text | None = None
    """Name of the memory for one message of class 0, which <mem1> of +CPMS may be unless #SMSMODE is 1."""
    text_limit: Annotated[int, Meta(ge=1, le=16384)]
    """Bytes that can be entered at the prompt; the surplus is dropped."""
    refusals: MessageRefusals

    def __post_init__(self) -> None:
        if not all(0 <= value <= 255 for value in self.parameters):
            raise ValueError("`parameters` are four numbers from 0 to 255")

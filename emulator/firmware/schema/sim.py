"""What a profile says of the SIM card: its codes, and what stands in its memory."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Section, Text

Pin = Annotated[str, Meta(pattern=r"^\d{4,8}$", description="4 to 8 digits in quotes")]


class Number(Section, frozen=True, kw_only=True):
    """One of the card's own numbers."""

    name: Text = ""
    number: Annotated[str, Meta(pattern=r"^\+?\d{1,20}$", description="a telephone number in quotes")]


class PhonebookStorage(Section, frozen=True, kw_only=True):
    """A list of numbers that +CPBS selects."""

    name: Annotated[str, Meta(pattern=r"^[A-Z]{2}$", description="two capitals in quotes")]
    size: Annotated[int, Meta(ge=1, le=1000)]
    """How many entries it can hold."""
    writable: bool
    """Whether +CPBW changes it; the others are kept by the module, of calls."""


class Phonebook(Section, frozen=True, kw_only=True):
    """The telephone numbers in the card's memory."""

    storages: tuple[PhonebookStorage, ...]
    """What +CPBS can select; the first is selected at start."""
    number_length: Annotated[int, Meta(ge=1, le=80)]
    """Longest number, in characters."""
    text_length: Annotated[int, Meta(ge=0, le=241)]
    """Longest name, in characters."""


class Sim(Section, frozen=True, kw_only=True):
    """The SIM card."""

    present: bool
    """Whether there is a card."""
    pin: Pin | None = None
    """Asked for at each start; absent: the card is not locked."""
    dormant_pin: Pin
    """The PIN of a card that is not locked, which +CLCK wants for locking it."""
    puk: Annotated[str, Meta(pattern=r"^\d{8}$", description="8 digits in quotes")]
    """Unlocks the card after three wrong PINs."""
    facilities: tuple[Text, ...]
    """<fac> of +CLCK."""
    numbers: tuple[Number, ...] = ()
    """What +CNUM shows."""
    phonebook: Phonebook

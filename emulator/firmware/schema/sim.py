"""The schema of the SIM card: codes, numbers and phonebook."""

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
    """Largest number of entries."""
    writable: bool
    """Whether +CPBW can change it."""
    wants_pin2: bool = False
    """Whether it can only be selected after the PIN2, which this card has not."""


class Phonebook(Section, frozen=True, kw_only=True):
    """The telephone numbers in the card's memory."""

    storages: Annotated[tuple[PhonebookStorage, ...], Meta(min_length=1)]
    """The lists that +CPBS can select; the first is selected at start."""
    number_length: Annotated[int, Meta(ge=1, le=80)]
    """Longest number, in characters."""
    text_length: Annotated[int, Meta(ge=0, le=241)]
    """Longest name: octets on the card, of which a character of the GSM alphabet takes one."""


class Sim(Section, frozen=True, kw_only=True):
    """The SIM card."""

    present: bool
    """Whether a card is inserted."""
    pin: Pin | None = None
    """The PIN asked for at each start; absent: the card is not locked."""
    dormant_pin: Pin
    """The PIN of a card that is not locked; +CLCK needs it to lock the card."""
    puk: Annotated[str, Meta(pattern=r"^\d{8}$", description="8 digits in quotes")]
    """The code that unlocks the card after three wrong PINs."""
    facilities: tuple[Text, ...]
    """<fac> of +CLCK."""
    numbers: tuple[Number, ...] = ()
    """The numbers that +CNUM shows."""
    phonebook: Phonebook

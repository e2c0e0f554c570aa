"""The schema of the SIM card: codes, numbers and phonebook."""

from typing import Annotated, Literal

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
    """Whether it can only be selected after the PIN2, which +CSIM can give."""


class Phonebook(Section, frozen=True, kw_only=True):
    """The telephone numbers in the card's memory."""

    storages: Annotated[tuple[PhonebookStorage, ...], Meta(min_length=1)]
    """The lists that +CPBS can select; the first is selected at start."""
    number_length: Annotated[int, Meta(ge=1, le=80)]
    """Longest number, in characters."""
    text_length: Annotated[int, Meta(ge=0, le=241)]
    """Longest name: octets on the card, of which a character of the GSM alphabet takes one."""


Network = Annotated[str, Meta(pattern=r"^\d{5,6}$", description="5 or 6 digits in quotes")]
Emergency = Annotated[str, Meta(pattern=r"^\d{1,6}$", description="1 to 6 digits in quotes")]
Octets = Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{2}){1,16}$", description="1 to 16 octets in hexadecimal")]


class CardFiles(Section, frozen=True, kw_only=True):
    """What the files of the card hold."""

    language: Annotated[str, Meta(pattern=r"^[a-z]{2}$", description="two small letters in quotes")]
    """The preferred language."""
    service_provider: Annotated[str, Meta(max_length=16)] = ""
    """Name of the service provider, which #SPN shows; empty for none."""
    network_code_digits: Annotated[int, Meta(ge=2, le=3)]
    """How many digits of the IMSI are the code of the home network."""
    emergency_numbers: Annotated[tuple[Emergency, ...], Meta(max_length=5)] = ()
    """The numbers of emergency calls."""
    preferred_networks: tuple[Network, ...] = ()
    """The networks that +CPOL shows while no host has changed them."""
    preferred_places: Annotated[int, Meta(ge=8, le=80)]
    """How many networks +CPOL can keep."""
    operator_networks: tuple[Network, ...] | None = None
    """The operator's networks, the second list of +CPLS; absent: there is one list, without access technologies."""
    group_identifiers: tuple[Octets, Octets]
    """The group identifiers of level 1 and 2."""
    own_numbers: Annotated[int, Meta(ge=1, le=9)]
    """For how many numbers of its own the card has room."""


class HostLock(Section, frozen=True, kw_only=True):
    """The lock of the card by +CSIM=1, which keeps it for the host."""

    taken_after: Annotated[float, Meta(ge=0)]
    """Seconds from +CSIM=1 until the module does without the card, and says `#QSS: 0`."""
    returned_after: Annotated[float, Meta(ge=0)]
    """Seconds from +CSIM=0 until the module has the card again, and says `#QSS: 1`."""

    def __post_init__(self) -> None:
        if self.returned_after < self.taken_after:
            raise ValueError("`returned_after` is below `taken_after`; the card would come back before it has gone")


class Sim(Section, frozen=True, kw_only=True):
    """The SIM card."""

    present: bool
    """Whether a card is inserted."""
    applications: Annotated[tuple[Literal["GSM", "USIM"], ...], Meta(min_length=1, max_length=2)]
    """The applications of the card. Of both, 12.00 uses the USIM, the others as #ENAUSIM says."""
    pin: Pin | None = None
    """The PIN asked for at each start; absent: the card is not locked."""
    dormant_pin: Pin
    """The PIN of a card that is not locked; +CLCK needs it to lock the card."""
    puk: Annotated[str, Meta(pattern=r"^\d{8}$", description="8 digits in quotes")]
    """The code that unlocks the card after three wrong PINs."""
    pin2: Pin
    """The second PIN, for fixed dialling numbers."""
    puk2: Annotated[str, Meta(pattern=r"^\d{8}$", description="8 digits in quotes")]
    """The code that unlocks the second PIN."""
    facilities: tuple[Text, ...]
    """<fac> of +CLCK."""
    numbers: tuple[Number, ...] = ()
    """The numbers that +CNUM shows."""
    mailboxes: tuple[Number, ...] = ()
    """The numbers of mailboxes that #MBN shows."""
    operator_menu: bool
    """Whether the card lets the user choose an operator (+PACSP)."""
    toolkit: Annotated[str, Meta(pattern=r"^([0-9A-F]{2}){1,40}$", description="octets in hexadecimal, in capitals")]
    """What the module can do for a SIM toolkit, which #STIA shows."""
    phonebook: Phonebook
    files: CardFiles
    host_lock: HostLock | None = None
    """The lock of the card by +CSIM=1; absent: there is none."""

"""List the files of the card, with what they hold when the card is new. 51.011 10."""

from collections.abc import Iterator
from enum import IntEnum

import msgspec

from emulator.device.sim import coding
from emulator.device.sim.charges import NO_PRICE
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.sim import CardFiles as Contents
from emulator.firmware.schema.sim import Number, PhonebookStorage
from emulator.firmware.schema.sms import MessageStorage

MASTER, TELECOM, GSM = 0x3F00, 0x7F10, 0x7F20
"""The master file and the two directories below it."""

ICCID, LANGUAGES = 0x2FE2, 0x2F05
NUMBERS, FIXED_NUMBERS, MESSAGES, OWN_NUMBERS, CENTRES = 0x6F3A, 0x6F3B, 0x6F3C, 0x6F40, 0x6F42
IMSI, PREFERRED_NETWORKS, PROVIDER_NAME = 0x6F07, 0x6F30, 0x6F46
METER_MAXIMUM, UNIT_PRICE = 0x6F37, 0x6F41
TECHNOLOGY_LISTS = (0x6F60, 0x6F61, 0x6F62)
"""The user's, the operator's and the home networks, with access technologies (31.102 4.2.5, 4.2.53 and 4.2.54)."""

_SERVICES = (1, 2, 3, 4, 7, 9, 12, 15, 16, 17)
"""CHV1 can be turned off, ADN, FDN, SMS, PLMNsel, MSISDN, SMSP, GID1, GID2, SPN."""
_MESSAGE = 176
"""Octets of a record of EF_SMS."""
_ANY_TECHNOLOGY = b"\x80\x80"
"""UTRAN and GSM."""
_FREE_PLACE = coding.FREE_NETWORK + bytes(2)
_OPERATOR_PLACES = 8
_NUMBER_TAIL = 14
_CENTRE_TAIL = 28


class Access(IntEnum):
    """Condition under which a file may be read or changed (51.011 9.3)."""

    ALWAYS = 0x0
    PIN = 0x1
    PIN2 = 0x2
    ADMINISTRATION = 0xA
    NEVER = 0xF


class CardFile(msgspec.Struct, frozen=True):
    """One elementary file: where it is, who may use it, and what a new card holds in it."""

    number: int
    directory: int
    reading: Access
    updating: Access
    content: bytes
    record: int = 0
    """Length of a record; 0 for a transparent file."""
    rehabilitation: int = 0xAA
    """Conditions of REHABILITATE and INVALIDATE."""

    def header(self) -> bytes:
        """Return what GET RESPONSE tells of it (51.011 9.2.1)."""
        size = len(self.content).to_bytes(2, "big")
        access = bytes((self.reading << 4 | self.updating, 0xFF, self.rehabilitation))
        structure = bytes((0x01, 0x02, int(self.record > 0), self.record))
        return bytes(2) + size + self.number.to_bytes(2, "big") + b"\x04\x00" + access + structure


def files_of(profile: Profile) -> dict[int, CardFile]:
    """Return the files of the profile's card, by their identifiers."""
    return {one.number: one for one in (*_master(profile), *_telecom(profile), *_gsm(profile))}


def own_name_octets(profile: Profile) -> int:
    """Return the room for the name of one of the card's own numbers."""
    return max([profile.sim.phonebook.text_length, *(coding.name_octets(one.name) for one in profile.sim.numbers)])


def message_memory(profile: Profile) -> MessageStorage | None:
    """Return the memory of messages that is the card's."""
    return next((one for one in profile.sms.storages if one.name == "SM"), None)


def fixed_numbers(profile: Profile) -> PhonebookStorage | None:
    """Return the storage of the phonebook for fixed dialling numbers."""
    return next((one for one in profile.sim.phonebook.storages if one.name == "FD"), None)


def _services() -> bytes:
    """Code the table of services: two bits each, allocated and activated."""
    bits = sum(3 << 2 * (service - 1) for service in _SERVICES)
    return bits.to_bytes(15, "little")


def _master(profile: Profile) -> Iterator[CardFile]:
    card = profile.sim.files
    number = coding.swapped(profile.identity.iccid, 10)
    yield CardFile(ICCID, MASTER, Access.ALWAYS, Access.NEVER, number)
    yield CardFile(LANGUAGES, MASTER, Access.ALWAYS, Access.PIN, card.language.encode())


def _telecom(profile: Profile) -> Iterator[CardFile]:
    sim, octets = profile.sim, own_name_octets(profile)
    length = octets + _NUMBER_TAIL
    own = _numbers(sim.numbers, octets).ljust(max(len(sim.numbers), sim.files.own_numbers) * length, b"\xff")
    yield CardFile(OWN_NUMBERS, TELECOM, Access.PIN, Access.PIN, own, length)
    if (memory := message_memory(profile)) is not None:
        free = b"\x00".ljust(_MESSAGE, b"\xff")
        yield CardFile(MESSAGES, TELECOM, Access.PIN, Access.PIN, free * memory.size, _MESSAGE)
    book = sim.phonebook
    length = book.text_length + _NUMBER_TAIL
    entries = b"\xff" * (length * book.storages[0].size)
    yield CardFile(NUMBERS, TELECOM, Access.PIN, Access.PIN, entries, length, 0x22)
    if (fixed := fixed_numbers(profile)) is not None:
        yield CardFile(FIXED_NUMBERS, TELECOM, Access.PIN, Access.PIN2, b"\xff" * (length * fixed.size), length)
    number = coding.entry("", profile.sms.centre, 0)[:12]
    centre = b"\xff" * 12 + b"\xe1" + b"\xff" * 12 + number + b"\x00\x00\xa7"
    yield CardFile(CENTRES, TELECOM, Access.PIN, Access.PIN, centre, _CENTRE_TAIL + 12)


def _numbers(numbers: tuple[Number, ...], name_octets: int) -> bytes:
    return b"".join(coding.entry(one.name, one.number, name_octets) for one in numbers)


def _gsm(profile: Profile) -> Iterator[CardFile]:
    card, always, pin, issuer = profile.sim.files, Access.ALWAYS, Access.PIN, Access.ADMINISTRATION
    home = coding.network(profile.identity.imsi[: 3 + card.network_code_digits])
    emergency = b"".join(coding.swapped(number, 3) for number in card.emergency_numbers)
    networks = b"".join(coding.network(numeric) for numeric in card.preferred_networks)
    yield CardFile(0x6F05, GSM, always, pin, b"\x01\xff\xff\xff")
    yield CardFile(IMSI, GSM, pin, issuer, coding.subscriber(profile.identity.imsi), rehabilitation=0x1A)
    yield CardFile(0x6F20, GSM, pin, pin, b"\xff" * 8 + b"\x07")
    yield CardFile(PREFERRED_NETWORKS, GSM, pin, pin, networks.ljust(3 * card.preferred_places, b"\xff"))
    if card.operator_networks is not None:
        yield from technology_lists(card, home)
    yield CardFile(0x6F31, GSM, pin, issuer, b"\x05")
    yield CardFile(METER_MAXIMUM, GSM, pin, Access.PIN2, bytes(3))
    yield CardFile(0x6F38, GSM, pin, issuer, _services())
    for number, group in zip((0x6F3E, 0x6F3F), card.group_identifiers, strict=True):
        yield CardFile(number, GSM, pin, issuer, bytes.fromhex(group))
    yield CardFile(UNIT_PRICE, GSM, pin, Access.PIN2, NO_PRICE)
    yield CardFile(PROVIDER_NAME, GSM, always, issuer, b"\x00" + coding.name(card.service_provider, 16))
    yield CardFile(0x6F52, GSM, pin, pin, b"\xff" * 8 + b"\x07")
    yield CardFile(0x6F53, GSM, pin, pin, b"\xff" * 7 + home + b"\xff\xfe\xff\x01", rehabilitation=0x1A)
    yield CardFile(0x6F78, GSM, pin, issuer, b"\x00\x01", rehabilitation=0x1A)
    yield CardFile(0x6F7B, GSM, pin, pin, b"\xff" * 12)
    yield CardFile(0x6F7E, GSM, pin, pin, b"\xff" * 4 + home + b"\xff\xfe\xff\x01", rehabilitation=0x1A)
    yield CardFile(0x6FAD, GSM, always, issuer, bytes((0, 0, 0, card.network_code_digits)))
    yield CardFile(0x6FAE, GSM, always, issuer, b"\x02")
    yield CardFile(0x6FB7, GSM, always, issuer, emergency.ljust(15, b"\xff"))


def technology_lists(card: Contents, home: bytes) -> Iterator[CardFile]:
    """Return the lists of networks with their access technologies; only the user's can be changed."""
    user, operator, home_networks = TECHNOLOGY_LISTS
    preferred = _places(card.preferred_networks, card.preferred_places)
    yield CardFile(user, GSM, Access.PIN, Access.PIN, preferred)
    by_operator = _places(card.operator_networks or (), _OPERATOR_PLACES)
    yield CardFile(operator, GSM, Access.PIN, Access.ADMINISTRATION, by_operator)
    yield CardFile(home_networks, GSM, Access.PIN, Access.ADMINISTRATION, home + _ANY_TECHNOLOGY)


def _places(networks: tuple[str, ...], places: int) -> bytes:
    used = b"".join(coding.network(numeric) + _ANY_TECHNOLOGY for numeric in networks)
    return used + (places - len(networks)) * _FREE_PLACE

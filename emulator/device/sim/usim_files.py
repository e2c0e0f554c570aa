"""List the files of a card whose USIM application is in use, with their templates. 31.102 4, 102.221 11.1.1."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from emulator.device.sim import coding
from emulator.device.sim.files import (
    CENTRES,
    FIXED_NUMBERS,
    GSM,
    IMSI,
    MASTER,
    MESSAGES,
    OWN_NUMBERS,
    Access,
    CardFile,
    files_of,
    technology_lists,
)
from emulator.firmware.schema.profile import Profile

ADF = 0x7FFF
"""The directory of the USIM application."""
APPLICATION = bytes.fromhex("A0000000871002FFFFFFFF8903020000")

_LANGUAGE, _SERVICES, _EMERGENCY, _PACKET_LOCATION, _DIRECTORY = 0x6F05, 0x6F38, 0x6FB7, 0x6F73, 0x2F00
_OF_GSM_ONLY = {0x6F20, 0x6F30, 0x6F52, 0x6F53, 0x6FAE}
"""Keys, PLMNsel, location for packet service, phase."""
_MOVED = {OWN_NUMBERS, MESSAGES, CENTRES, FIXED_NUMBERS}
"""Files of DF_TELECOM that a USIM has of its own."""
_SHORT = {0x2FE2: 2, _LANGUAGE: 2, IMSI: 7, 0x6FAD: 3, _SERVICES: 4, _EMERGENCY: 1, 0x6F78: 6, 0x6F7B: 13, 0x6F7E: 11}
"""Short identifiers of files."""
_ALPHA = 10
_SERVICE_NUMBERS = (1, 2, 10, 12, 17, 18, 19, 20, 21, 42, 43)
"""Phonebook, fixed dialling, messages and their parameters, GID1, GID2, SPN, lists of networks, own numbers."""


def usim_files_of(profile: Profile) -> dict[int, CardFile]:
    """Return the files of the profile's card, by their identifiers."""
    return {one.number: one for one in (*_shared(files_of(profile).values()), *_own(profile))}


def _shared(files: Iterable[CardFile]) -> Iterator[CardFile]:
    for one in files:
        if one.number not in _OF_GSM_ONLY:
            yield replace(one, directory=ADF) if one.directory == GSM or one.number in _MOVED else one


def _own(profile: Profile) -> Iterator[CardFile]:
    card, always, pin, issuer = profile.sim.files, Access.ALWAYS, Access.PIN, Access.ADMINISTRATION
    home = coding.network(profile.identity.imsi[: 3 + card.network_code_digits])
    entry = bytes((0x61, 2 + len(APPLICATION), 0x4F, len(APPLICATION))) + APPLICATION
    yield CardFile(_DIRECTORY, MASTER, always, issuer, entry.ljust(32, b"\xff"), 32)
    yield CardFile(_LANGUAGE, ADF, always, pin, card.language.encode() + b"\xff\xff")
    bits = sum(1 << service - 1 for service in _SERVICE_NUMBERS)
    yield CardFile(_SERVICES, ADF, pin, issuer, bits.to_bytes(8, "little"))
    calls = [coding.swapped(number, 3) + b"\xff" * _ALPHA + b"\x00" for number in card.emergency_numbers]
    yield CardFile(_EMERGENCY, ADF, always, issuer, b"".join(calls), 3 + _ALPHA + 1)
    yield CardFile(_PACKET_LOCATION, ADF, pin, pin, b"\xff" * 7 + home + b"\xff\xfe\xff\x01")
    yield from (replace(one, directory=ADF) for one in technology_lists(card, home))


def template(file: CardFile) -> bytes:
    """Return what SELECT tells of a file: its control parameters."""
    size = len(file.content)
    records = file.record.to_bytes(2, "big") + bytes((size // file.record,)) if file.record else b""
    descriptor = bytes((0x42 if file.record else 0x41, 0x21)) + records
    place, rule = (0x2F06, 4) if file.directory == MASTER else (0x6F06, _RULES.get((file.reading, file.updating), 3))
    parts = [(0x82, descriptor), (0x83, file.number.to_bytes(2, "big")), (0x8A, b"\x05")]
    parts += [(0x8B, place.to_bytes(2, "big") + bytes((rule,))), (0x80, size.to_bytes(2, "big"))]
    if file.number in _SHORT:
        parts.append((0x88, bytes((_SHORT[file.number] << 3,))))
    return _wrapped(parts)


_RULES = {
    (Access.ALWAYS, Access.ADMINISTRATION): 4,
    (Access.PIN, Access.ADMINISTRATION): 5,
    (Access.PIN, Access.PIN2): 6,
    (Access.ALWAYS, Access.PIN): 2,
}
"""Records of EF_ARR by the conditions of reading and updating; 3 is the PIN for both."""


def directory_template(number: int, *, asks_pin: bool) -> bytes:
    """Return what SELECT tells of a directory, with the state of its PINs."""
    parts = [(0x82, b"\x78\x21"), (0x83, number.to_bytes(2, "big"))]
    if number == ADF:
        parts.append((0x84, APPLICATION))
    pins = b"\x90\x01" + (b"\xc0" if asks_pin else b"\x40") + b"\x83\x01\x01\x83\x01\x81"
    return _wrapped([*parts, (0x8A, b"\x05"), (0x8B, b"\x2f\x06\x01"), (0xC6, pins)])


def by_short_identifier(short: int, directory: int, files: dict[int, CardFile]) -> int | None:
    """Return the file with a short identifier in a directory; None where there is none."""
    found = (number for number, one in _SHORT.items() if one == short and number in files)
    return next((number for number in found if files[number].directory == directory), None)


def _wrapped(parts: list[tuple[int, bytes]]) -> bytes:
    content = b"".join(bytes((tag, len(value))) + value for tag, value in parts)
    return bytes((0x62, len(content))) + content

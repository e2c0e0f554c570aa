"""Texts of +CUSD, in the character set of the host or, where <dcs> says so, in hexadecimal digits. 27.007 7.15."""

import re

from emulator.commands.character_set import CharacterSet, octets_of
from emulator.commands.context import Context
from emulator.device.sms import alphabet
from emulator.device.sms.user_data import Coding, service_coding_of
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.network import LONGEST_USSD

DEFAULT_SCHEME = 15
"""<dcs> of the default alphabet (23.038 5)."""
_UCS2_SCHEME = 72
LONGEST_WRITTEN = 4 * LONGEST_USSD
"""Characters of a text in digits of UCS2."""


_DIALLED = re.compile(r"([*#][0-9*#]*#);?")
_DATA_CALLS = re.compile(r"\*9[89][*#]")


def dialled_code(number: str) -> str | None:
    """Return the code that is dialled by ATD instead of a number (22.030 6.5.2); None for a number or a data call."""
    match = _DIALLED.fullmatch(number)
    return match[1] if match and not _DATA_CALLS.match(number) else None


def read_code(at: Context, text: str, scheme: int) -> str:
    """Decode what the host sends to the network.

    Raises:
        DeviceError: it is not written as <dcs> says, or too long.
    """
    try:
        match service_coding_of(scheme):
            case Coding.GSM:
                code = at.characters.read(text)
            case Coding.UCS2:
                code = octets_of(text).decode("utf-16-be")
            case Coding.OCTETS:
                code = octets_of(text).decode("latin-1")
    except ValueError as error:
        raise DeviceError(Cause.TEXT_MALFORMED, f"the code is not written as <dcs> {scheme} says: {error}") from error
    if len(code) > LONGEST_USSD:
        raise DeviceError(Cause.TEXT_TOO_LONG, f"the code has {len(code)} characters; at most {LONGEST_USSD}")
    return code


def written_answer(characters: CharacterSet, answer: str) -> tuple[str, int]:
    """Encode an answer of the network, with its <dcs>: UCS2 where the default alphabet lacks a character."""
    try:
        alphabet.septets(answer)
    except ValueError:
        return answer.encode("utf-16-be").hex().upper(), _UCS2_SCHEME
    return characters.written(answer), DEFAULT_SCHEME

"""Texts of +CUSD, in the character set of the host or, where <dcs> says so, in hexadecimal digits. 27.007 7.15."""

from emulator.commands.character_set import octets_of
from emulator.commands.context import Context
from emulator.device.sms import alphabet
from emulator.device.sms.user_data import Coding, service_coding_of
from emulator.errors import Cause, DeviceError

DEFAULT_SCHEME = 15
"""<dcs> of the default alphabet (23.038 5)."""
_UCS2_SCHEME = 72
_LONGEST = 182
"""Characters of the default alphabet in one text: 160 octets (24.090)."""
LONGEST_WRITTEN = 4 * _LONGEST
"""The same in digits of UCS2."""


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
        raise DeviceError(Cause.TEXT_MALFORMED, str(error)) from error
    if len(code) > _LONGEST:
        raise DeviceError(Cause.TEXT_TOO_LONG)
    return code


def written_answer(at: Context, answer: str) -> tuple[str, int]:
    """Encode an answer of the network, with its <dcs>: UCS2 where the default alphabet lacks a character."""
    try:
        alphabet.septets(answer)
    except ValueError:
        return answer.encode("utf-16-be").hex().upper(), _UCS2_SCHEME
    return at.characters.written(answer), DEFAULT_SCHEME

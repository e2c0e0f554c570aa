"""Texts of messages in the host's character set, and as the network codes them. 27.005 3.1, 27.007 5.5."""

import re

from emulator.at.settings import Settings
from emulator.device.sms import alphabet
from emulator.device.sms.tpdu import HEADER, Message
from emulator.device.sms.user_data import Coding, UserData, coding_of
from emulator.errors import DeviceError
from emulator.firmware.schema.sms import Messages as Profile

_CODECS = {"IRA": "ascii", "8859-1": "latin-1", "PCCP437": "cp437"}
_UCS2 = "UCS2"
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})*")


class CharacterSet:
    """The set that +CSCS has chosen; texts of the host are Latin-1 strings, a byte in each character."""

    def __init__(self, settings: Settings, profile: Profile) -> None:
        self._name = profile.alphabets[settings["+CSCS"]]
        self._refusals = profile.refusals

    def __repr__(self) -> str:
        return f"<CharacterSet {self._name}>"

    def read(self, heard: str) -> str:
        """Decode a text of the host.

        Raises:
            DeviceError: it is not of the set.
        """
        try:
            if self._name == _UCS2:
                return octets_of(heard).decode("utf-16-be")
            if self._name == "GSM":
                return alphabet.text_of(heard.encode("latin-1"))
            return heard.encode("latin-1").decode(_CODECS[self._name])
        except ValueError as error:
            raise DeviceError(self._refusals.text, str(error)) from error

    def written(self, text: str) -> str:
        """Encode a text for the host; a character that the set lacks is a question mark."""
        if self._name == _UCS2:
            return text.encode("utf-16-be").hex().upper()
        if self._name == "GSM":
            return b"".join(_code(character) for character in text).decode("latin-1")
        return text.encode(_CODECS[self._name], "replace").decode("latin-1")


def _code(character: str) -> bytes:
    try:
        return alphabet.septets(character)
    except ValueError:
        return b"?"


def octets_of(digits: str) -> bytes:
    """Decode hexadecimal digits.

    Raises:
        ValueError: they are something else.
    """
    if not _HEXADECIMAL.fullmatch(digits):
        raise ValueError("that is not in hexadecimal digits")
    return bytes.fromhex(digits)


def user_data(entered: str, characters: CharacterSet, first: int, scheme: int) -> UserData:
    """Encode an entry as <fo> and <dcs> say: all but plain text is in hexadecimal digits (27.005 3.1, <data>).

    Raises:
        ValueError: it cannot be coded so, or is too long.
    """
    coding = coding_of(scheme)
    if first & HEADER and coding is Coding.GSM:
        return UserData.of_septets(octets_of(entered))
    if first & HEADER or coding is not Coding.GSM:
        return UserData.of(octets_of(entered), coding)
    return UserData.of(alphabet.septets(characters.read(entered)), coding)


def shown(message: Message, characters: CharacterSet) -> str:
    """Show the text of a message, or its octets in hexadecimal digits."""
    coding = coding_of(message.scheme)
    if message.first & HEADER or coding is not Coding.GSM:
        return message.data.octets.hex().upper()
    return characters.written(message.data.text(coding))

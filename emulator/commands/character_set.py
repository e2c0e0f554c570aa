"""The character set between host and device, which +CSCS chooses. 27.007 5.5, 27.005 3.1 and annex A."""

import re

from emulator.at.settings import Settings
from emulator.device.sms import alphabet
from emulator.firmware.schema.sms import Messages as Profile

_CODECS = {"IRA": "ascii", "8859-1": "latin-1", "PCCP437": "cp437", "PCDN": "cp865", "UTF-8": "utf-8"}
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})*")


class CharacterSet:
    """The set that +CSCS has chosen; texts of the host are Latin-1 strings, a byte in each character."""

    def __init__(self, settings: Settings, profile: Profile) -> None:
        self._name = profile.alphabets[settings["+CSCS"]]

    def __repr__(self) -> str:
        return f"<CharacterSet {self._name}>"

    def read(self, heard: str) -> str:
        """Decode a text of the host.

        Raises:
            ValueError: it is not of the set.
        """
        try:
            return self._decoded(heard)
        except ValueError as error:
            raise ValueError(f"it is not written in the character set {self._name} of +CSCS") from error

    def _decoded(self, heard: str) -> str:
        match self._name:
            case "UCS2":
                return octets_of(heard).decode("utf-16-be")
            case "HEX":
                return alphabet.text_of(octets_of(heard))
            case "GSM":
                return alphabet.text_of(heard.encode("latin-1"))
        return heard.encode("latin-1").decode(_CODECS[self._name])

    def written(self, text: str) -> str:
        """Encode a text for the host; a character that the set lacks is a question mark."""
        match self._name:
            case "UCS2":
                return text.encode("utf-16-be").hex().upper()
            case "HEX":
                return _septets(text).hex().upper()
            case "GSM":
                return _septets(text).decode("latin-1")
        return text.encode(_CODECS[self._name], "replace").decode("latin-1")


def _septets(text: str) -> bytes:
    return b"".join(_septet(character) for character in text)


def _septet(character: str) -> bytes:
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
        raise ValueError("it is not in hexadecimal digits")
    return bytes.fromhex(digits)

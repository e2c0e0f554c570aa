"""Texts of messages as the network codes them, and in the host's character set. 27.005 3.1."""

from emulator.commands.character_set import CharacterSet, octets_of
from emulator.device.sms import alphabet
from emulator.device.sms.tpdu import HEADER, Message
from emulator.device.sms.user_data import Coding, UserData, coding_of


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

"""Texts of messages as the network codes them, and in the host's character set. 27.005 3.1."""

from emulator.commands.character_set import CharacterSet, octets_of
from emulator.device.sms import alphabet
from emulator.device.sms.tpdu import HEADER, Message
from emulator.device.sms.user_data import Coding, UserData, coding_of, split


def user_data(entered: str, characters: CharacterSet, first: int, scheme: int, reference: int) -> list[UserData]:
    """Encode an entry as <fo> and <dcs> say: all but plain text is in hexadecimal digits (27.005 3.1, <data>).

    A text that is too long for one message makes several; `reference` is what their headers have in common.

    Raises:
        ValueError: it cannot be coded so, or is too long and has a header already.
    """
    coding = coding_of(scheme)
    if first & HEADER:
        octets = octets_of(entered)
        return [UserData.of_septets(octets) if coding is Coding.GSM else UserData.of(octets, coding)]
    plain = coding is Coding.GSM
    return split(alphabet.septets(characters.read(entered)) if plain else octets_of(entered), coding, reference)


def shown(message: Message, characters: CharacterSet) -> str:
    """Show the text of a message, or its octets in hexadecimal digits."""
    coding = coding_of(message.scheme)
    if message.first & HEADER or coding is not Coding.GSM:
        return message.data.octets.hex().upper()
    return characters.written(message.data.text(coding))

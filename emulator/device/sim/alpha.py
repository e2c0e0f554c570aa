"""Measure an alpha identifier, the name of an entry on the card. 51.011 annex B."""

from emulator.device.sms import alphabet

_HALF = 0x80


def octets_needed(text: str) -> int:
    """Count the octets of a name in the shortest of the codings that the card knows."""
    try:
        return len(alphabet.septets(text))
    except ValueError:
        characters = len(text.encode("utf-16-be")) // 2
        return min([1 + 2 * characters, *_in_one_half_page(text)])


def _in_one_half_page(text: str) -> list[int]:
    """Count what coding 81 takes, if the text fits it: the default alphabet, and 128 neighbours of UCS2."""
    others = [ord(character) for character in text if not _in_default_alphabet(character)]
    if len({code // _HALF for code in others}) > 1 or max(others) > 0x7FFF:
        return []
    return [3 + sum(1 if ord(one) in others else len(alphabet.septets(one)) for one in text)]


def _in_default_alphabet(character: str) -> bool:
    try:
        return bool(alphabet.septets(character))
    except ValueError:
        return False

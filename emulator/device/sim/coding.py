"""Code numbers, names and networks as a card holds them. 51.011 10.3 and 10.5, 24.008 10.5.1.13."""

from emulator.device.sms import alphabet

_DIAL_DIGITS = "0123456789*#"
_DIAL_CODES = "0123456789AB"
_UCS2 = 0x80
_FILL = b"\xff"
_INTERNATIONAL, _NATIONAL = 0x91, 0x81
_NUMBER_OCTETS = 10
FREE_NETWORK = b"\xff\xff\xff"


def swapped(digits: str, octets: int) -> bytes:
    """Code digits with the first one in the low half of each octet, and fill the rest."""
    filled = digits.ljust(2 * octets, "F")
    return bytes.fromhex("".join(filled[place + 1] + filled[place] for place in range(0, 2 * octets, 2)))


def subscriber(imsi: str) -> bytes:
    """Code an IMSI: its length, then a half octet that tells whether the number of digits is odd."""
    return bytes((len(imsi) // 2 + 1,)) + swapped(("9" if len(imsi) % 2 else "1") + imsi, 8)


def network(numeric: str) -> bytes:
    """Code a network's country and network code, of five or six digits."""
    country, code = numeric[:3], numeric[3:].ljust(3, "F")
    return bytes.fromhex(country[1] + country[0] + code[2] + country[2] + code[1] + code[0])


def numeric_of(octets: bytes) -> str:
    """Read a network's codes; empty where the place is free."""
    if octets == FREE_NETWORK:
        return ""
    halves = octets.hex().upper()
    return (halves[1] + halves[0] + halves[3] + halves[5] + halves[4] + halves[2]).rstrip("F")


def name(text: str, octets: int) -> bytes:
    """Code a name in the default alphabet, else in UCS2, cut and filled to its place."""
    coded = _name(text)
    whole = octets if coded[:1] != bytes((_UCS2,)) else octets - 1 + octets % 2
    return coded[:whole].ljust(octets, _FILL)


def name_octets(text: str) -> int:
    """Return how many octets a name takes."""
    return len(_name(text))


def _name(text: str) -> bytes:
    try:
        return alphabet.septets(text)
    except ValueError:
        return bytes((_UCS2,)) + text.encode("utf-16-be")


def text_of(octets: bytes) -> str:
    """Read a name; characters that mean nothing are left out."""
    if octets[:1] == bytes((_UCS2,)):
        units = [octets[place : place + 2] for place in range(1, len(octets) - 1, 2)]
        return b"".join(unit for unit in units if unit != b"\xff\xff").decode("utf-16-be", "ignore")
    return alphabet.text_of(octets.split(_FILL)[0])


def entry(text: str, number: str, name_octets: int) -> bytes:
    """Code a name with its number, as in a record of the phonebook."""
    digits = "".join(_DIAL_CODES[_DIAL_DIGITS.index(digit)] for digit in number.lstrip("+"))[: 2 * _NUMBER_OCTETS]
    kind = _INTERNATIONAL if number.startswith("+") else _NATIONAL
    head = bytes((1 + (len(digits) + 1) // 2, kind))
    return name(text, name_octets) + head + swapped(digits, _NUMBER_OCTETS) + 2 * _FILL


def entry_of(record: bytes, name_octets: int) -> tuple[str, str]:
    """Read name and number of a record; the number is empty where the record is free."""
    length, kind = record[name_octets], record[name_octets + 1]
    if not 1 < length <= _NUMBER_OCTETS + 1:
        return "", ""
    halves = record[name_octets + 2 : name_octets + 1 + length].hex().upper()
    codes = "".join(halves[place + 1] + halves[place] for place in range(0, len(halves), 2))
    digits = "".join(_DIAL_DIGITS[_DIAL_CODES.index(code)] for code in codes if code in _DIAL_CODES)
    return text_of(record[:name_octets]), ("+" if kind & 0x70 == 0x10 else "") + digits

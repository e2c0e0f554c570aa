"""Encode and decode telephone numbers in messages. 23.040 9.1.2.5, 24.011 8.2.5.1."""

import msgspec

from emulator.device.sms import alphabet

INTERNATIONAL, NATIONAL = 145, 129
"""<toda>, <tosca>: a number with + before it, or one whose kind is unknown."""

ALPHANUMERIC = 208
"""A name instead of a number."""
LONGEST_NAME = 11
"""Septets."""

LONGEST_NUMBER = 20
"""Digits."""
_TYPE_OF_NUMBER = 0x70
_ALPHANUMERIC = 0x50
_INTERNATIONAL = 0x10
_DIGITS = "0123456789*#abc"
_FILLER = 0x0F


class Address(msgspec.Struct, frozen=True):
    """An originating or destination address."""

    number: str
    """Digits, with + before an international one; or a name."""
    type: int
    """Type of address octet, 145 or 129 as a rule."""

    @classmethod
    def of(cls, number: str, kind: int | None = None) -> "Address":
        """Parse what a host or a user writes; without `kind` the + decides."""
        if kind is None:
            kind = INTERNATIONAL if number.startswith("+") else NATIONAL
        if kind & _TYPE_OF_NUMBER == _INTERNATIONAL:
            number = "+" + number.lstrip("+")
        return cls(number, kind)

    @property
    def fits(self) -> bool:
        """Return whether a message can carry it: at most 20 digits, or a name of 11 septets."""
        if self.type & _TYPE_OF_NUMBER == _ALPHANUMERIC:
            return len(alphabet.septets(self.number)) <= LONGEST_NAME
        return len(self.number.lstrip("+")) <= LONGEST_NUMBER

    def encoded(self) -> bytes:
        """Encode it for a TPDU: the length in semi-octets, the type, the number."""
        if self.type & _TYPE_OF_NUMBER == _ALPHANUMERIC:
            codes = alphabet.septets(self.number)
            return bytes(((7 * len(codes) + 3) // 4, self.type)) + alphabet.pack(codes)
        digits = self.number.lstrip("+")
        return bytes((len(digits), self.type)) + _semi_octets(digits)

    def encoded_for_centre(self) -> bytes:
        """Encode it as the service centre before a TPDU: the length in octets, without an address 0."""
        digits = self.number.lstrip("+")
        if not digits:
            return b"\0"
        packed = _semi_octets(digits)
        return bytes((1 + len(packed), self.type)) + packed


def decoded(octets: bytes) -> tuple[Address, bytes]:
    """Decode the address at the beginning of `octets`; return it and what follows.

    Raises:
        ValueError: it is cut off, or no address.
    """
    if len(octets) < 2:
        raise ValueError("the address is cut off")
    size, kind = octets[0], octets[1]
    end = 2 + (size + 1) // 2
    if len(octets) < end or size > LONGEST_NUMBER:
        raise ValueError("the address is cut off, or too long")
    if kind & _TYPE_OF_NUMBER == _ALPHANUMERIC:
        return Address(alphabet.text_of(alphabet.unpack(octets[2:end], size * 4 // 7)), kind), octets[end:]
    return Address.of(_digits(octets[2:end])[:size], kind), octets[end:]


def decoded_centre(octets: bytes) -> tuple[Address | None, bytes]:
    """Decode the service centre before a TPDU, None where its length is 0; return it and the TPDU.

    Raises:
        ValueError: it is cut off.
    """
    if not octets or len(octets) < 1 + octets[0]:
        raise ValueError("the address of the service centre is cut off")
    if octets[0] < 2:
        return None, octets[1 + octets[0] :]
    return Address.of(_digits(octets[2 : 1 + octets[0]]), octets[1]), octets[1 + octets[0] :]


def _semi_octets(digits: str) -> bytes:
    codes = [_DIGITS.index(digit) for digit in digits.lower()]
    codes += [_FILLER] * (len(codes) % 2)
    return bytes(low | high << 4 for low, high in zip(codes[::2], codes[1::2], strict=True))


def _digits(octets: bytes) -> str:
    codes = [half for octet in octets for half in (octet & 0x0F, octet >> 4)]
    return "".join(_DIGITS[code] for code in codes if code < len(_DIGITS))

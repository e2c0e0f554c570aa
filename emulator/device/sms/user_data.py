"""Encode and decode the text of a message, and split a long one. 23.040 9.2.3.24."""

from enum import Enum
from itertools import count

import msgspec

from emulator.device.sms import alphabet

LONGEST = 140
"""Octets of user data."""
_SEPTETS = 160


class Coding(Enum):
    """The coding of a text (23.038 4)."""

    GSM = 0
    OCTETS = 4
    UCS2 = 8


def coding_of(scheme: int) -> Coding:
    """Return the coding of a data coding scheme; compressed and reserved ones are octets."""
    group = scheme >> 4
    if group & 0xC == 0:
        return Coding.OCTETS if scheme & 0x20 or scheme & 0x0C == 0x0C else Coding(scheme & 0x0C)
    if group == 0xF:
        return Coding.OCTETS if scheme & 4 else Coding.GSM
    if group == 0xE:
        return Coding.UCS2
    return Coding.GSM if group in (0xC, 0xD) else Coding.OCTETS


def service_coding_of(scheme: int) -> Coding:
    """Return the coding of service codes and cell broadcasts, whose scheme is another one (23.038 5)."""
    group = scheme >> 4
    if scheme == 0x11:
        return Coding.UCS2
    if group in (4, 5, 6, 7, 9):
        return Coding.OCTETS if scheme & 0x0C == 0x0C else Coding(scheme & 0x0C)
    return Coding.OCTETS if group == 0xF and scheme & 4 else Coding.GSM


class UserData(msgspec.Struct, frozen=True):
    """TP-UD with its length."""

    octets: bytes
    length: int
    """TP-UDL: septets with the default alphabet, else octets; the header counts."""

    @classmethod
    def of(cls, data: bytes, coding: Coding, header: bytes = b"") -> "UserData":
        """Encode septets or octets, behind a header with its length in front.

        Raises:
            ValueError: it is longer than one message can be.
        """
        if coding is not Coding.GSM:
            octets = header + data
            length = len(octets)
        else:
            taken = -(-8 * len(header) // 7)
            octets = header + alphabet.pack(data, 7 * taken - 8 * len(header))
            length = taken + len(data)
        if len(octets) > LONGEST:
            raise ValueError("the text is too long for one message")
        return cls(octets, length)

    @classmethod
    def of_septets(cls, octets: bytes) -> "UserData":
        """Wrap octets that hold a header and septets, packed already.

        Raises:
            ValueError: they are more than one message can hold.
        """
        if len(octets) > LONGEST:
            raise ValueError("the text is too long for one message")
        return cls(octets, 8 * len(octets) // 7)

    def text(self, coding: Coding) -> str:
        """Decode the text where no header stands before it; octets as Latin-1."""
        return self._text(coding, 0)

    def text_behind_header(self, coding: Coding) -> str:
        """Decode the text behind the header, whose first octet is its length."""
        return self._text(coding, 1 + self.octets[0] if self.octets else 0)

    def _text(self, coding: Coding, start: int) -> str:
        if coding is Coding.GSM:
            return alphabet.text_of(alphabet.unpack(self.octets, self.length)[-(-8 * start // 7) :])
        return self.octets[start:].decode("utf-16-be" if coding is Coding.UCS2 else "latin-1", "replace")


def parts_of(text: str, reference: int) -> list[tuple[UserData, Coding]]:
    """Code a text, and split it into one message or several; see `split`."""
    try:
        data, coding = alphabet.septets(text), Coding.GSM
    except ValueError:
        data, coding = text.encode("utf-16-be"), Coding.UCS2
    return [(part, coding) for part in split(data, coding, reference)]


def split(data: bytes, coding: Coding, reference: int) -> list[UserData]:
    """Split septets or octets into one message, or several with a header that numbers them (23.040 9.2.3.24.1)."""
    whole, piece = (_SEPTETS, 153) if coding is Coding.GSM else (LONGEST, 134)
    if len(data) <= whole:
        return [UserData.of(data, coding)]
    pieces = _cut(data, piece, 2 if coding is Coding.UCS2 else 1)
    headers = (bytes((5, 0, 3, reference & 0xFF, len(pieces), number)) for number in count(1))
    return [UserData.of(piece, coding, header) for piece, header in zip(pieces, headers, strict=False)]


def _cut(data: bytes, size: int, unit: int) -> list[bytes]:
    pieces = []
    while data:
        end = size
        if unit == 1 and len(data) > size and data[size - 1] == alphabet.ESCAPE:
            end -= 1  # a character is not cut in two
        elif unit == 2 and len(data) > size and 0xD8 <= data[size - 2] <= 0xDB:
            end -= 2
        pieces.append(data[:end])
        data = data[end:]
    return pieces

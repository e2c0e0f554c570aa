"""Codes of the SIM card inside other arguments: in instructions for the card, and in what is dialled."""

import re
from collections.abc import Iterator, Sequence

from emulator.at.hidden import Hidden
from emulator.at.parameters import Text
from emulator.device.sim.instructions import OF_PINS, Instruction
from emulator.firmware.schema.profile import Profile

_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]*")
_HEADER = 10
"""Hexadecimal digits before the data of an instruction: class, instruction, P1, P2, length."""
_CODE = 16
"""Hexadecimal digits of a code: eight octets."""
_SECOND = (0x02, 0x81)
"""P2 of the second PIN (51.011 9.2.9, 102.221 9.5.1)."""
_CODES = re.compile(r"(?:(?:3[0-9]){4,8}(?:FF){0,4}){1,2}", re.IGNORECASE)
_DIALLED = re.compile(r"[*#]{1,2}(?P<service>0[345]2?|33[0-35]?|35[13]?)\*(?P<codes>[^#;]*)")
"""Service codes with a password: of the card, of call barring (22.030 6.6.1 to 6.6.4, annex B)."""
_BETWEEN_STARS = re.compile(r"[^*]{4,}")
_OF_CARD = {
    "04": ("pin", "pin", "pin"),
    "042": ("pin2", "pin2", "pin2"),
    "05": ("puk", "pin", "pin"),
    "052": ("puk2", "pin2", "pin2"),
}
_UCS2 = re.compile(r"(?:00[0-9A-Fa-f]{2})+")
_UCS2_DIGITS = 4


class CardInstruction(Text[Profile]):
    """An instruction for the card; its codes are in no trace."""

    def hidden_in(self, text: str) -> Sequence[Hidden]:
        digits = re.sub(r"[^0-9A-Fa-f]", "", text)
        if len(digits) <= _HEADER or int(digits[2:4], 16) not in OF_PINS:
            return ()
        if digits != text:
            return (Hidden(0, len(text)),)
        return tuple(_padded(text, _HEADER, _names(int(digits[2:4], 16), int(digits[6:8], 16))))


class CardData(Text[Profile]):
    """Data for the card; in no trace where it has the form of codes, which a host may give with any instruction."""

    def hidden_in(self, text: str) -> Sequence[Hidden]:
        if len(text) % _CODE or not _CODES.fullmatch(text):
            return ()
        return tuple(_padded(text, 0, ("pin", "pin")))


class DialledText(Text[Profile]):
    """What is dialled, as it is or in UCS2; the passwords of a service code are in no trace."""

    def hidden_in(self, text: str) -> Sequence[Hidden]:
        if not _UCS2.fullmatch(text):
            return tuple(_dialled(text))
        found = _dialled(bytes.fromhex(text).decode("utf-16-be"))
        return tuple(Hidden(_UCS2_DIGITS * one.start, _UCS2_DIGITS * one.end) for one in found)


def _names(instruction: int, which: int) -> tuple[str, str]:
    second = "2" if which in _SECOND else ""
    return f"{'puk' if instruction == Instruction.UNBLOCK else 'pin'}{second}", f"pin{second}"


def _padded(text: str, start: int, names: Sequence[str]) -> Iterator[Hidden]:
    for index, begin in enumerate(range(start, len(text), _CODE)):
        end = min(begin + _CODE, len(text))
        code = bytes.fromhex(text[begin:end] if (end - begin) % 2 == 0 else "").rstrip(b"\xff").decode("latin-1")
        is_code = end - begin == _CODE and index < len(names) and re.fullmatch(r"[0-9]{4,8}", code) is not None
        yield Hidden(begin, end, names[index], code, True) if is_code else Hidden(begin, end, is_padded=True)


def _dialled(text: str) -> Iterator[Hidden]:
    dialled = _DIALLED.search(text)
    if dialled is None:
        return
    names = _OF_CARD.get(dialled["service"], ())
    for index, code in enumerate(_BETWEEN_STARS.finditer(text, dialled.start("codes"), dialled.end("codes"))):
        is_code = index < len(names) and re.fullmatch(r"[0-9]{4,8}", code[0]) is not None
        yield Hidden(code.start(), code.end(), names[index], code[0]) if is_code else Hidden(*code.span(), text=code[0])

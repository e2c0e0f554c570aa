"""Encode the GSM 7 bit default alphabet and its extension, and pack septets into octets. 23.038 6."""

ESCAPE = 0x1B

_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_CODES = {character: bytes((code,)) for code, character in enumerate(_TABLE)} | {
    character: bytes((ESCAPE, code)) for code, character in _EXTENSION.items()
}


def septets(text: str) -> bytes:
    """Encode a text, one septet in each byte.

    Raises:
        ValueError: the alphabet lacks one of its characters.
    """
    try:
        return b"".join(_CODES[character] for character in text)
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not in the GSM default alphabet") from None


def text_of(codes: bytes) -> str:
    """Decode septets; an escape that means nothing is a space, as 23.038 has it."""
    text, escaped = [], False
    for code in codes:
        if escaped:
            text.append(_EXTENSION.get(code, _TABLE[code & 0x7F]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            text.append(_TABLE[code & 0x7F])
    return "".join(text) + (" " if escaped else "")


def pack(codes: bytes, filled: int = 0) -> bytes:
    """Pack septets into octets, behind `filled` bits of 0 (23.038 6.1.2.1)."""
    bits = sum((code & 0x7F) << (filled + 7 * place) for place, code in enumerate(codes))
    return bits.to_bytes((filled + 7 * len(codes) + 7) // 8, "little")


def unpack(octets: bytes, count: int) -> bytes:
    """Unpack `count` septets from octets."""
    bits = int.from_bytes(octets, "little")
    return bytes(bits >> 7 * place & 0x7F for place in range(count))

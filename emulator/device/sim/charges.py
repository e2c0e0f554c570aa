"""Code the price of a unit, as the card keeps it. 51.011 10.3.25."""

import re

import msgspec

from emulator.device.sim import coding

_MANTISSA_BITS = 12
_NEGATIVE = 0x10
_PRICE = r"(\d{1,7})(?:\.(\d{1,7}))?"
_HIGHEST_EXPONENT = 7


class UnitPrice(msgspec.Struct, frozen=True):
    """Currency and price of a unit; both are empty on a card that has none."""

    currency: str
    price: str


NO_PRICE = b"\xff" * 5


def coded_price(price: UnitPrice) -> bytes:
    """Code a unit's price: the currency, a mantissa, and an exponent to 10.

    Raises:
        ValueError: it is no price, or has more digits than the card can keep.
    """
    match = re.fullmatch(_PRICE, price.price)
    if match is None or len(price.currency) > 3:
        raise ValueError(price.price)
    fraction = (match[2] or "").rstrip("0")
    mantissa, exponent = int(match[1] + fraction), -len(fraction)
    while mantissa >> _MANTISSA_BITS and mantissa % 10 == 0 and exponent < _HIGHEST_EXPONENT:
        mantissa, exponent = mantissa // 10, exponent + 1
    if mantissa >> _MANTISSA_BITS:
        raise ValueError(price.price)
    sign = _NEGATIVE if exponent < 0 else 0
    return coding.name(price.currency, 3) + bytes((mantissa >> 4, abs(exponent) << 5 | sign | mantissa & 0x0F))


def price_of(octets: bytes) -> UnitPrice:
    """Read a unit's price."""
    if octets == NO_PRICE:
        return UnitPrice("", "")
    mantissa = octets[3] << 4 | octets[4] & 0x0F
    exponent = octets[4] >> 5
    if not octets[4] & _NEGATIVE:
        return UnitPrice(coding.text_of(octets[:3]), str(mantissa * 10**exponent))
    digits = str(mantissa).rjust(exponent + 1, "0")
    return UnitPrice(coding.text_of(octets[:3]), f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits)

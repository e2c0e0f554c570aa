"""Charges: +CAOC, +CACM, +CAMM, +CPUC; no call costs anything, and the meter is 0. 27.007 7.16, 8.25 to 8.27."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import EncodedText, Number, Text
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.sim.card import PIN, PIN_IN_WORDS, sim_unlocked
from emulator.device.needs.network import GivenPin2
from emulator.device.sim.charges import UnitPrice, coded_price, price_of
from emulator.device.sim.files import METER_MAXIMUM, UNIT_PRICE
from emulator.errors import Cause, DeviceError

_ADVICE = "+CAOC"
_QUERY = 0
_NOTHING = '"000000"'

Password = Annotated[
    str | None, Text(pattern=PIN, form=PIN_IN_WORDS, secret=True), "The PIN2, unless it has been given."
]

charge_advice = Command(_ADVICE, source="27.007 7.16", has_effect=False)


@charge_advice.execute
@charge_advice.set
def advise(
    at: Context, mode: Annotated[int, Number(lambda profile: profile.settings[_ADVICE])] = _QUERY
) -> Information | None:
    """Show the charge of the call (0), or set whether it is reported; no call costs anything.

    Args:
        mode: 0 shows the charge, 1 switches reports off, 2 on.
    """
    if mode == _QUERY:
        return Information.of(f"{_ADVICE}: {_NOTHING}")
    at.settings[_ADVICE] = mode
    return None


@charge_advice.read
def show_advice(at: Context) -> Information:
    """Show whether charges are reported."""
    return Information.of(f"{_ADVICE}: {at.settings[_ADVICE]}")


def _authorise(at: Context, password: str | None) -> None:
    """Verify the PIN2; without one it must have been given before.

    Raises:
        DeviceError: it is wrong, or missing.
    """
    second = at.device.sim.second
    if password is not None:
        second.verify(password)
    elif not second.verified:
        raise DeviceError(Cause.SIM_PIN2_REQUIRED, "the PIN2 is missing; it is the last parameter", GivenPin2())


meter = Command("+CACM", source="27.007 8.25", needs=sim_unlocked, test=no_values, has_effect=False)


@meter.execute
@meter.set
def reset_meter(at: Context, password: Password = None) -> None:
    """Set the call meter to 0, where it is anyway.

    Example:
        AT+CACM="5678"
    """
    _authorise(at, password)


@meter.read
def show_meter(at: Context) -> Information:
    """Show the call meter."""
    return Information.of(f"+CACM: {_NOTHING}")


meter_maximum = Command("+CAMM", source="27.007 8.26", needs=sim_unlocked, test=no_values)


@meter_maximum.set
def limit_meter(
    at: Context,
    maximum: Annotated[str, Text(6, pattern="[0-9A-Fa-f]{1,6}", form="1 to 6 hexadecimal digits")] = "0",
    password: Password = None,
) -> None:
    """Write the maximum of the call meter to the card, in hexadecimal; 0 is none.

    Args:
        maximum: Units in hexadecimal digits; 0 is no limit.

    Example:
        AT+CAMM="0000FF","5678"
    """
    _authorise(at, password)
    at.device.card.files.keep(METER_MAXIMUM, bytes.fromhex(maximum.rjust(6, "0")))


@meter_maximum.read
def show_maximum(at: Context) -> Information:
    """Show the maximum."""
    return Information.of(f'+CAMM: "{at.device.card.files.content(METER_MAXIMUM).hex().upper()}"')


unit_price = Command("+CPUC", source="27.007 8.27", needs=sim_unlocked, test=no_values)


@unit_price.set
def set_price(
    at: Context, currency: Annotated[str, EncodedText(3)], price: Annotated[str, Text(20)], password: Password = None
) -> None:
    """Write currency and price of a unit to the card.

    Args:
        currency: Three letters, as EUR.
        price: The price of a unit, with a point.

    Example:
        AT+CPUC="EUR","0.10","5678"
    """
    _authorise(at, password)
    try:
        octets = coded_price(UnitPrice(currency, price))
    except ValueError as error:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED, f"the price is no number that the card can keep: {error}"
        ) from error
    at.device.card.files.keep(UNIT_PRICE, octets)


@unit_price.read
def show_price(at: Context) -> Information:
    """Show currency and price of a unit."""
    kept = price_of(at.device.card.files.content(UNIT_PRICE))
    return Information.of(f'+CPUC: "{at.characters.written(kept.currency)}","{kept.price}"')

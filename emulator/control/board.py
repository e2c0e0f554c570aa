"""Measured values of the board around the module, by name."""

from collections.abc import Mapping
from typing import Any

from emulator.control.state_keys import Allowed, StateKey, number
from emulator.device.board import Board
from emulator.modem import Modem


def _of_board(meaning: str, attribute: str, allowed: Allowed) -> StateKey:
    def read(modem: Modem) -> Any:
        return getattr(modem.device.board, attribute)

    def change(modem: Modem, value: int) -> None:
        setattr(modem.device.board, attribute, value)

    return StateKey(meaning, read, change, allowed)


def _at_numbers(highest_number: int, highest: int) -> Allowed:
    """Allow a value at one of several places: `2:885`."""

    def parse(text: str) -> tuple[int, int]:
        place, _, value = text.partition(":")
        if not 1 <= int(place) <= highest_number or not 0 <= int(value) <= highest:
            raise ValueError
        return int(place), int(value)

    return Allowed(f"NUMBER:VALUE, numbers 1 to {highest_number} and values 0 to {highest}", parse)


def _set_converter(modem: Modem, at: tuple[int, int]) -> None:
    modem.device.board.convert(*at)


def _set_level(modem: Modem, at: tuple[int, int]) -> None:
    modem.device.board.levels[at[0]] = at[1]


def _board(modem: Modem) -> Board:
    return modem.device.board


BOARD: Mapping[str, StateKey] = {
    "temperature": StateKey(
        "degrees Celsius, #TEMPMON and #QTEMP",
        lambda modem: _board(modem).temperature,
        lambda modem, value: _board(modem).heat(value),
        number(-100, 150),
    ),
    "voltage": _of_board("millivolts of the supply, #CBC", "voltage", number(0, 6000)),
    "charge": _of_board("percent of the battery, +CBC", "charge", number(0, 100)),
    "adc": StateKey(
        "millivolts at the analog inputs, by number (#ADC)",
        lambda modem: {str(place): value for place, value in _board(modem).converters.items()},
        _set_converter,
        _at_numbers(3, 2000),
    ),
    "gpio": StateKey(
        "levels that the board gives to pins that are inputs, by number (#GPIO); low where none is given",
        lambda modem: {str(place): value for place, value in _board(modem).levels.items()},
        _set_level,
        _at_numbers(10, 1),
    ),
    "input": _of_board("level at the input of #GGPI", "input", number(0, 1)),
    "axe": _of_board("level at the pin AXE, #AXE", "audio_pin", number(0, 1)),
    "antenna": StateKey(
        "state of the antenna that #GSMAD finds: 0 connected, 1 and 2 short, 3 open",
        lambda modem: _board(modem).antenna,
        lambda modem, value: _board(modem).set_antenna(value),
        number(0, 3),
    ),
}
"""By name, in the order in which it is shown."""

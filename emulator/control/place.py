"""States of the module's place, for its satellite receiver."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.control.state_keys import Allowed, StateKey, decimal, number, word
from emulator.modem import Modem


def _key(name: str, meaning: str, allowed: Allowed, kind: Callable[[Any], Any] = float) -> StateKey:
    """Return the state of one value of the place."""

    def change(modem: Modem, value: Any) -> None:
        modem.device.sky.move(**{name: kind(value)})

    return StateKey(meaning, lambda modem: getattr(modem.device.sky.place, name), change, allowed)


PLACE: Mapping[str, StateKey] = {
    "gnss.fix": _key(
        "fix",
        "the fix that satellites in view allow: 0 none, 2 in two dimensions, 3 in three",
        word("0", "2", "3"),
        int,
    ),
    "gnss.latitude": _key("latitude", "degrees north", decimal(-90, 90)),
    "gnss.longitude": _key("longitude", "degrees east", decimal(-180, 180)),
    "gnss.altitude": _key("altitude", "metres above sea level", decimal(-1000, 18000)),
    "gnss.speed": _key("speed", "kilometres an hour", decimal(0, 1850)),
    "gnss.course": _key("course", "degrees clockwise from north", decimal(0, 359.99)),
    "gnss.satellites": _key("satellites", "satellites in use while there is a fix", number(0, 12), int),
}
"""By name."""

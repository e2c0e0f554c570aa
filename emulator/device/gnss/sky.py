"""Model the device's place and the satellites in view; they outlast restarts of the device."""

from collections.abc import Callable
from typing import Any

import msgspec

from emulator.decoding import convert
from emulator.errors import UserError
from emulator.firmware.schema.gnss import Place


class Sky:
    """A place, first that of the profile."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.on_change: list[Callable[[], None]] = []
        """Called when the place has changed."""

    def __repr__(self) -> str:
        return f"<Sky above {self.place.latitude:.4f}, {self.place.longitude:.4f}, fix {self.place.fix}>"

    def move(self, **values: Any) -> None:
        """Change what is given, by the names of the profile's `gnss.place`.

        Raises:
            UserError: there is no such name, or the value is not allowed.
        """
        try:
            place = convert(msgspec.structs.asdict(self.place) | values, Place)
        except msgspec.ValidationError as error:
            raise UserError(f"place: {error}") from error
        if place != self.place:
            self.place = place
            for listener in self.on_change:
                listener()

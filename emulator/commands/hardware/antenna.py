"""Detection of the antenna: #GSMAD. AT Commands Reference Guide."""

from collections.abc import Mapping
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.at.profile import Profile
from emulator.commands.context import Context

_NOW = 3
"""<mod>: show the state at once, and keep the mode."""
_REPORTING = (1, 4, 6)
"""<mod> with URCs: alone, and together with the pin."""
_PARTS = ("mode", "urc", "interval", "detecting", "reporting")


def _limits(part: str) -> Number[Profile]:
    return Number(lambda profile: profile.settings[f"#GSMAD.{part}"])


def is_reported(settings: Mapping[str, int]) -> bool:
    """Return whether a change of the antenna's state is reported."""
    return settings["#GSMAD.mode"] in _REPORTING and settings["#GSMAD.urc"] == 1


antenna_detection = Command("#GSMAD", source="AT Commands Reference Guide")


@antenna_detection.set
def detect_antenna(
    at: Context,
    mode: Annotated[int, _limits("mode")],
    urc: Annotated[int | None, _limits("urc")] = None,
    interval: Annotated[int | None, _limits("interval")] = None,
    detecting: Annotated[int | None, _limits("detecting")] = None,
    reporting: Annotated[int | None, _limits("reporting")] = None,
) -> Information | None:
    """Show the antenna's state now (3), or set whether it is watched, and by what a change is told: URC, pin.

    Args:
        mode: 0 off, 1 reports by the URC, 2 and 5 by the pin, 4 and 6 by both, 3 shows the state now.
        urc: 1 reports a change by the URC #GSMAD.
        interval: Seconds between two looks.
        detecting: The pin that detects.
        reporting: The pin that tells.

    Example:
        AT#GSMAD=3
    """
    given = zip(_PARTS, (None if mode == _NOW else mode, urc, interval, detecting, reporting), strict=True)
    for part, value in given:
        if value is not None:
            at.settings[f"#GSMAD.{part}"] = value
    return Information.of(f"#GSMAD: {at.device.board.antenna}") if mode == _NOW else None


@antenna_detection.read
def show_detection(at: Context) -> Information:
    """Show mode, URC, interval in seconds, and the two pins."""
    return Information.of(f"#GSMAD: {','.join(str(at.settings[f'#GSMAD.{part}']) for part in _PARTS)}")

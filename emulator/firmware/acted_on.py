"""The settings whose values the emulator acts on: a profile may narrow them, and cannot widen them."""

from collections.abc import Mapping

from emulator.firmware.schema.profile import Profile

_CHARACTER = (255, "a character")
_HIGHEST: Mapping[str, tuple[int, str]] = {
    "S2": _CHARACTER,
    "S3": _CHARACTER,
    "S4": _CHARACTER,
    "S5": _CHARACTER,
    "+ICF.format": (5, "a format of V.250 6.2.11"),
}
"""By name, the highest value that has a meaning, and what a value is."""


def flaw(profile: Profile) -> tuple[tuple[str, str], str] | None:
    """Find the first setting that allows what has no meaning: its key and a message; None where there is none."""
    for name, (highest, what) in _HIGHEST.items():
        top = profile.settings[name].highest
        if top > highest:
            return ("settings", name), f"{top} is not {what}; give values from 0 to {highest}"
    return None

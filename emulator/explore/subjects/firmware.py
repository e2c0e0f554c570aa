"""Other firmware of the same software line: a host tried on one module is used with another."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place
from emulator.firmware.lines import find_model
from emulator.firmware.loader import load_firmware
from emulator.firmware.selection import distinct_firmwares
from emulator.firmware.status import Status

_OTHER = Kind(
    "other firmware of the line",
    Nature.VARIATION,
    "SSL guide, applicability table: the same software line, equal or higher versions; what differs is in the profiles",
)
KINDS = (_OTHER,)


_CALLS = ("D", "D=", "A")
"""Commands that a module without voice calls may refuse."""


def steps(census: Census) -> Iterator[Step]:
    """Yield one firmware of each other behaviour of the line, from the version that was explored on."""
    if find_model(census.device.firmware.partition("@")[0]) is None:
        return  # a profile of the user, which has no line
    explored = load_firmware(census.device.firmware)
    calls = any(passed.command in _CALLS for passed in census.at(Place.COMMAND))
    for choice in distinct_firmwares(tuple(Status)):
        other = load_firmware(choice.name)
        alike = explored.name in (choice.name, *choice.alike)
        fits = other.line == explored.line and other.version >= explored.version
        if fits and not alike and (not calls or other.profile.calls.voice == explored.profile.calls.voice):
            yield _OTHER.step("", 1, firmware=choice.name, detail=choice.name)

"""The firmwares that stand for their software lines in the manual."""

from collections.abc import Iterator
from functools import cache

from emulator.commands.catalogue import command_table
from emulator.firmware.lines import SoftwareLine, lines
from emulator.firmware.loader import Firmware, load_firmware


def of_line(line: SoftwareLine) -> Firmware:
    """Return the firmware that stands for a line: that of its first model."""
    return load_firmware(line.models[0].name)


def other_lines(firmware: Firmware) -> Iterator[Firmware]:
    """Yield one firmware for each line but that of `firmware`."""
    for line in lines():
        if line.name != firmware.line:
            yield of_line(line)


def holders(name: str) -> Iterator[Firmware]:
    """Yield one firmware for each line that has a command: its first model, a later release, or another model."""
    for line in lines():
        found = next((one for one in _candidates(line) if name in _commands_of(one)), None)
        if found is not None:
            yield load_firmware(found)


def _candidates(line: SoftwareLine) -> Iterator[str]:
    yield line.models[0].name
    if line.since:
        model, (release, _) = line.models[0], line.since[-1]
        if release > model.version:
            yield f"{model.name}@{release}"
    for model in line.models[1:]:
        yield model.name


@cache
def _commands_of(firmware: str) -> frozenset[str]:
    """Return the names alone: there are more firmwares than tables that are kept."""
    return frozenset(command_table(load_firmware(firmware)).names())

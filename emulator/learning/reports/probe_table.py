"""The table of all probes: what each asks, what it changes on the module, and how that is undone."""

from collections.abc import Sequence

from emulator.dte.module_line import ModuleLine
from emulator.firmware.loader import load_firmware
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.probe import Probe
from emulator.learning.probes import all_probes
from emulator.learning.restarting import RestartProbe

TITLES = ("Probe", "Asks", "Changes", "Undone")


def probes_of(firmware: str) -> Sequence[Probe]:
    """Return the probes of a module whose base is this firmware.

    Raises:
        UserError: there is no such firmware.
    """
    return [*all_probes(Inquiry(ModuleLine("none"), load_firmware(firmware))), RestartProbe()]


def rows(firmware: str) -> list[list[str]]:
    """Return the table with its titles."""
    return [list(TITLES), *([probe.name, probe.asks, probe.changes, probe.undone] for probe in probes_of(firmware))]

"""Signal quality: +CSQ, +CESQ. 27.007 8.5 and 8.69."""

from math import floor

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.network.cell_monitor import power
from emulator.device.network.coverage import UNKNOWN_SIGNAL
from emulator.firmware.schema.eutran import EutranCell
from emulator.firmware.schema.network import GsmCell, UtranCell

signal_quality = Command("+CSQ", source="27.007 8.5")
extended_quality = Command("+CESQ", source="27.007 8.69", requires="network.eutran_cell")

_UNKNOWN_GSM, _UNKNOWN = 99, 255


@signal_quality.execute
def show_signal(at: Context) -> Information:
    """Show the signal's strength and the bit errors."""
    network = at.device.network
    return Information.of(f"+CSQ: {network.signal},{network.bit_errors}")


@signal_quality.test
def test_signal(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CSQ: (0-31,99),(0-7,99)")


@extended_quality.execute
def show_extended_signal(at: Context) -> Information:
    """Show what is measured of the serving cell: <rxlev>, <ber>, <rscp>, <ecno>, <rsrq>, <rsrp>."""
    network, cell = at.device.network, at.device.network.cell
    gsm, utran, eutran = (_UNKNOWN_GSM, _UNKNOWN_GSM), (_UNKNOWN, _UNKNOWN), (_UNKNOWN, _UNKNOWN)
    if network.signal != UNKNOWN_SIGNAL:
        match cell:
            case GsmCell():
                gsm = _step(power(at), -110, 63), network.bit_errors
            case UtranCell():
                utran = _step(power(at) + cell.energy_ratio, -120, 96), _half_step(cell.energy_ratio, -24, 49)
            case EutranCell():
                eutran = _half_step(cell.quality, -19.5, 34), _step(power(at) + cell.reference_ratio, -140, 97)
    return Information.of(f"+CESQ: {','.join(map(str, (*gsm, *utran, *eutran)))}")


def _step(value: float, lowest: float, highest: int) -> int:
    """Return the number of a step of 1 dB: 0 is below the lowest value."""
    return min(highest, max(0, floor(value - lowest) + 1))


def _half_step(value: float, lowest: float, highest: int) -> int:
    return _step(2 * value, 2 * lowest, highest)


@extended_quality.test
def test_extended_signal(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)")

"""Signal quality: +CSQ. 27.007 8.5."""

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context

signal_quality = Command("+CSQ", source="27.007 8.5")


@signal_quality.execute
def show_signal(at: Context) -> Information:
    """Show the signal's strength and the bit errors."""
    network = at.device.network
    return Information.of(f"+CSQ: {network.signal},{network.bit_errors}")


@signal_quality.test
def test_signal(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CSQ: (0-31,99),(0-7,99)")

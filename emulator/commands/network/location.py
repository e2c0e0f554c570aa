"""The place by the cells around: #AGPSSND. AT Commands Reference Guide."""

from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.network.urc import report_location

cell_location = Command("#AGPSSND", source="AT Commands Reference Guide", test=no_values)


@cell_location.execute
def ask_for_location(at: Context) -> None:
    """Ask a server for the place by the cells around, which #AGPSRING reports; it is that of the profile."""
    at.device.name_service.check_context()
    report_location(at)

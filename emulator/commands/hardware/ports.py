"""Which port is which AT instance, and the module's own files: #PORTCFG, #M2MCHDIR. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, stored

_GUIDE = "AT Commands Reference Guide"

port_layout = SettingsCommand(
    "#PORTCFG",
    "Set the layout of the ports from the next start on; it is kept, and the emulator's ports stay as they are.",
    source=_GUIDE,
    and_shows=lambda at: at.device.port_layout,
    variant=stored("#PORTCFG").required,
)
file_directory = Command("#M2MCHDIR", source=_GUIDE, test=no_values, has_effect=False)


@file_directory.set
def change_directory(at: Context, path: Annotated[str, Text(128, pattern=".+", form="not empty")]) -> None:
    """Set the directory of the module's own files, until power-off; there are no files.

    Example:
        AT#M2MCHDIR="/"
    """
    at.device.directory = path


@file_directory.read
def show_directory(at: Context) -> Information:
    """Show it."""
    return Information.of(f'#M2MCHDIR: "{at.device.directory}"')

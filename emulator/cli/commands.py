"""`telit-emulator commands`: lists the commands of a firmware, or shows the manual of one."""

import shutil
import sys

import click

from emulator.cli.completion import complete_command, complete_firmware
from emulator.options import DEFAULT_FIRMWARE

_WIDTH_IN_A_PIPE = 100
_NARROWEST = 40


@click.command(short_help="List the commands of a firmware, or show what one takes and answers.")
@click.argument("name", required=False, shell_complete=complete_command)
@click.option(
    "--firmware",
    default=DEFAULT_FIRMWARE,
    show_default=True,
    metavar="FIRMWARE",
    shell_complete=complete_firmware,
    help="Show the command of this firmware: MODEL[@VERSION], or the path of a profile.",
)
def commands(name: str | None, firmware: str) -> None:
    """List the commands of a firmware, or show the manual of the one called NAME.

    The manual has the forms, the parameters with their values and defaults, what the command needs, refuses and
    keeps, in what other firmwares differ, and an exchange with the emulator. NAME is written as in '#SSLD', SSLD or
    AT#SSLD; a shell takes # and & only in quotes.
    """
    from emulator.firmware.loader import load_firmware

    found = load_firmware(firmware)
    if name is None:
        from emulator.firmware.status import with_status
        from emulator.manual.overview import overview
        from emulator.manual.text import overview_as_text

        click.echo(overview_as_text(with_status(found.name, found.status), overview(found), _width()))
    else:
        from emulator.manual.asking import asked_page
        from emulator.manual.text import as_text

        click.echo(as_text(asked_page(name, found, firmware), _width()))


def _width() -> int:
    """Return the width of the terminal; in a pipe always the same."""
    return max(_NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH_IN_A_PIPE
